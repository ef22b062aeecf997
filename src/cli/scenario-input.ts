import { existsSync } from 'node:fs';
import { inputError } from '../errors.js';
import { PRESETS, presetName } from '../experiment/published/presets.js';
import { pathsNamedBy } from '../experiment/sweep/named-files.js';
import { inputName, MAX_SCENARIO_BYTES, readText } from '../input-text.js';
import { knownHint } from '../nearest.js';
import { parseCommentedJson } from '../scenario/commented-json.js';
import { type ResolvedScenario, resolveScenario } from '../scenario/load-scenario.js';
import { withCapture } from '../scenario/read-capture.js';
import { jsonOrText, setKey } from '../scenario/scenario-key.js';
import type { SharedFlags } from './shared-flags.js';

/** A scenario before it is checked, and where it came from. */
export interface ScenarioInput {
  readonly name: string;
  readonly place: string;
  readonly value: Record<string, unknown>;
  /** What is read for it: its own file where it has one, and those that its keys name. */
  readonly files: readonly string[];
}

/** A scenario that is checked, and what was read for it. */
export interface ResolvedInput {
  readonly resolved: ResolvedScenario;
  readonly files: readonly string[];
}

/** The flags of every command that takes a scenario. */
export interface ScenarioFlags extends SharedFlags {
  readonly set: readonly string[];
  readonly seed?: number;
}

/** A scenario by name or file with the settings of the flags over it, checked, with the capture that it names. */
export async function resolvedInput(nameOrFile: string, flags: ScenarioFlags): Promise<ResolvedInput> {
  const { value, place, files } = scenarioInput(nameOrFile, flags);
  return { resolved: await withCapture(resolveScenario(value, place)), files };
}

/** A scenario by name or file with the settings of the flags over it, and over `under` where it has nothing to say. */
export function scenarioInput(
  nameOrFile: string,
  { set, seed }: ScenarioFlags,
  under: object = {},
): ScenarioInput {
  const seedSetting = seed === undefined ? [] : [`run.seed=${seed}`];
  const input = readScenario(nameOrFile);
  return applySettings({ ...input, value: laidOver(input.value, under) }, [...set, ...seedSetting]);
}

/** Keys of both, group by group; those of `over` win. */
function laidOver(over: object, under: object): Record<string, unknown> {
  const result: Record<string, unknown> = { ...under, ...over };
  for (const [key, value] of Object.entries(over)) {
    const below = (under as Readonly<Record<string, unknown>>)[key];
    if (isObject(value) && isObject(below)) result[key] = laidOver(value, below);
  }
  return result;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a scenario by the name of a preset or of a JSON file. */
function readScenario(nameOrFile: string): ScenarioInput {
  const name = presetName(nameOrFile);
  const preset = PRESETS.get(name);
  if (preset !== undefined) return { name, place: `preset ${name}`, value: { ...preset }, files: [] };
  return readScenarioFile(nameOrFile);
}

/** Reads a scenario from its JSON file. */
function readScenarioFile(nameOrFile: string): ScenarioInput {
  if (nameOrFile !== '-' && !nameOrFile.endsWith('.json') && !existsSync(nameOrFile)) {
    throw inputError(
      `there is neither a preset nor a file named ${nameOrFile}`,
      knownHint(nameOrFile, [...PRESETS.keys()]),
    );
  }
  const text = readText(nameOrFile, { maxBytes: MAX_SCENARIO_BYTES, hint: 'name a JSON file' });
  const place = inputName(nameOrFile);
  const value = parseCommentedJson(text, place);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw inputError(`${place} holds no scenario`, 'it must be one JSON object');
  }
  const name = place.replace(/^.*[\\/]/, '').replace(/\.json$/, '');
  return { name, place, value: value as Record<string, unknown>, files: [nameOrFile] };
}

/** Puts `a.b=value` settings over a scenario; a value that is no JSON is text. */
function applySettings(input: ScenarioInput, settings: readonly string[]): ScenarioInput {
  const value = structuredClone(input.value);
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    if (equals === 0) throw inputError(`--set ${setting} has no key`, 'write it as --set nic.mtu=9000');
    if (equals < 0) throw inputError(`--set ${setting} has no value`, 'write it as --set nic.mtu=9000');
    setKey(value, setting.slice(0, equals), jsonOrText(setting.slice(equals + 1)), `--set ${setting}`);
  }
  const place = settings.length === 0 ? input.place : `${input.place} with --set`;
  return { ...input, value, place, files: [...input.files, ...pathsNamedBy([value])] };
}

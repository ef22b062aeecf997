import { inputError, TcebenchError } from '../errors.js';
import { makePlan } from '../experiment/sweep/plan.js';
import { parsePlan } from '../experiment/sweep/plan-file.js';
import { SWEEP_PRESETS } from '../experiment/sweep/presets.js';
import { parseVary } from '../experiment/sweep/vary.js';
import { readText } from '../input-text.js';
import { named } from '../nearest.js';
import type { SettingObject, SweepPlan } from '../result/sweep-document.js';
import { type ScenarioFlags, scenarioInput } from './scenario-input.js';

/** The flags that make the plan of a sweep. */
export interface PlanFlags extends ScenarioFlags {
  readonly vary: readonly string[];
  readonly zip?: boolean;
  readonly preset?: string;
}

/**
 * The plan that flags ask for. An axis of a preset gives way to one of the same key; the preset's scenario lies under
 * that of the file, and settings over both.
 */
export async function planFromFlags(
  scenario: string | undefined,
  flags: PlanFlags,
  version: string,
): Promise<SweepPlan> {
  const preset =
    flags.preset === undefined ? null : named(`--preset ${flags.preset}`, flags.preset, SWEEP_PRESETS);
  const input = scenarioInput(scenario ?? 'claim', flags, preset?.base);
  const given = flags.vary.map(parseVary);
  const ofPreset = (preset?.vary ?? []).map(parseVary);
  const axes = [...ofPreset.map((axis) => given.find(({ key }) => key === axis.key) ?? axis)];
  axes.push(...given.filter((axis) => !axes.includes(axis)));
  return makePlan({
    ...{ axes, version, mode: flags.zip === true ? 'zip' : 'cartesian' },
    name: scenario === undefined && preset !== null ? preset.id : input.name,
    base: input.value as SettingObject,
  });
}

/** Reads the plan in a file, and refuses one of another version: its jobs would differ. */
export async function planFromFile(file: string, version: string): Promise<SweepPlan> {
  const plan = parsePlan(textOf(file), file);
  if (plan.version === version) return plan;
  throw inputError(
    `${file} is of tcebench ${plan.version}, this is ${version}`,
    'use that version, or write the plan anew',
  );
}

function textOf(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    if (error instanceof TcebenchError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw inputError(`cannot read the plan ${file} (${code})`, 'make one with sweep --plan --out FILE');
  }
}

import { stat } from 'node:fs/promises';
import { COST_PROFILES } from '../../cost/profiles/profiles.js';
import { inputError } from '../../errors.js';
import { costsFromTrace } from '../../experiment/from-log/cost-from-trace.js';
import { scenarioFromLog } from '../../experiment/from-log/scenario-from-log.js';
import { inputName, linesOf } from '../../input-text.js';
import { named } from '../../nearest.js';
import { documentText } from '../../result/provenance.js';
import { absentKeys } from '../../scenario/absent-keys.js';
import { commentedScenario } from '../../scenario/commented-scenario.js';
import { parseCostProfile } from '../../scenario/cost-profile-file.js';
import { resolveScenario } from '../../scenario/load-scenario.js';
import { nicProfile } from '../../scenario/nic-file.js';
import { setKey } from '../../scenario/scenario-key.js';
import { readFtraceHcalls } from '../../trace/ftrace-hcalls.js';
import { checkInputsKept, logInputs, profileFiles } from '../input-guard.js';
import { writeFiles } from '../output-files.js';
import { readInputText } from '../scenario-text.js';
import { processTerminal, type Terminal } from '../terminal.js';

/** The flags of `init`, as parsed. */
export interface InitFlags {
  readonly fromLog?: string;
  readonly phase?: string;
  readonly costFrom?: string;
  readonly base?: string;
  readonly card?: string;
  readonly cardFrom?: string;
  readonly comments: boolean;
  readonly force?: boolean;
}

/** A trace of hypercalls; only its times are kept. */
const MAX_TRACE_BYTES = 256 * 2 ** 20;

/** Where a cost profile begins that no base is named for: the machine of today's kernels. */
const DEFAULT_BASE = 'power9-2021';

/**
 * Writes a scenario with every key of the claim's preset, or with what a log shows put over it; says on stderr where
 * each value comes from. With `costFrom` it writes a cost profile instead. Returns the file written, none where it went
 * to stdout.
 */
export async function initCommand(
  fileName: string | undefined,
  flags: InitFlags,
): Promise<readonly string[]> {
  const file = fileName ?? defaultName(flags);
  const terminal = processTerminal({ color: true, progress: false });
  if (flags.phase !== undefined && flags.fromLog === undefined) {
    throw inputError('--phase is a phase of a log', 'name the log with --from-log');
  }
  await checkInputsKept(inputsOf(flags), [file]);
  if (flags.card !== undefined) nicProfile(flags.card, '--card');
  if (file !== '-' && flags.force !== true && (await stat(file).catch(() => null)) !== null) {
    throw inputError(`${file} is there already`, 'name another file, or write over it with --force');
  }
  if (flags.cardFrom !== undefined) return initCard(file, flags.cardFrom, flags, terminal);
  if (flags.costFrom !== undefined) return initCosts(file, flags.costFrom, flags, terminal);
  if (flags.base !== undefined) {
    throw inputError('--base is the profile under measured costs', 'name their trace with --cost-from');
  }
  const given: Record<string, unknown> = {};
  if (flags.fromLog !== undefined) await putFromLog(given, flags.fromLog, flags, terminal);
  if (flags.card !== undefined) putCard(given, flags.card, terminal);
  const { scenario } = resolveScenario(given, flags.fromLog ?? 'the claim');
  const text = flags.comments ? commentedScenario(scenario) : documentText(scenario);
  if (await isPrinted(file, text, inputsOf(flags), terminal)) return [];
  if (flags.fromLog === undefined) terminal.err('Every value is the default of the claim.\n');
  terminal.err(`Keys that can be added: ${absentKeys(scenario).join(', ')}.\n`);
  terminal.err('docs/MODEL.md says what each key means; an unknown one is refused.\n');
  terminal.err(`Run it with: tcebench run ${file}\n`);
  return [file];
}

function inputsOf({ fromLog, costFrom, card, cardFrom }: InitFlags): readonly string[] {
  const traces = costFrom === undefined ? [] : [costFrom];
  const logs = fromLog === undefined ? [] : logInputs([fromLog]);
  return [...logs, ...traces, ...profileFiles([card, cardFrom])];
}

function defaultName({ cardFrom, costFrom }: InitFlags): string {
  if (cardFrom !== undefined) return 'card.json';
  return costFrom === undefined ? 'scenario.json' : 'costs.json';
}

/** Writes a card that ships as a file to change. */
async function initCard(
  file: string,
  from: string,
  { costFrom, fromLog, card }: InitFlags,
  terminal: Terminal,
): Promise<readonly string[]> {
  if (costFrom !== undefined || fromLog !== undefined || card !== undefined) {
    throw inputError('--card-from writes a card and nothing else', 'run init once for each file');
  }
  if (file !== '-' && !file.endsWith('.json')) {
    throw inputError(`${file}: nic.profile takes a file whose name ends in .json`, 'name it so');
  }
  const base = nicProfile(from, '--card-from');
  const id =
    file === '-'
      ? `my-${base.id}`
      : file
          .replace(/^.*[\\/]/, '')
          .replace(/\.json$/, '')
          .slice(0, 40);
  const profile = { ...base, id: id === '' ? `my-${base.id}` : id, title: `begun from ${base.title}` };
  if (await isPrinted(file, documentText(profile), profileFiles([from]), terminal)) return [];
  terminal.err('Change the values that differ on your card, and origin and source with them.\n');
  terminal.err('docs/CARDS.md says what each parameter means.\n');
  terminal.err(`Run with it: tcebench run --set nic.profile=${file}\n`);
  return [file];
}

/** Prints a text where the file is stdout, else writes it. */
async function isPrinted(
  file: string,
  text: string,
  inputs: readonly string[],
  terminal: Terminal,
): Promise<boolean> {
  if (file === '-') terminal.out(text);
  else await writeFiles([{ path: file, text }], inputs);
  return file === '-';
}

/** Writes the cost profile that a trace of a machine's own hypercalls gives, over one that ships. */
async function initCosts(
  file: string,
  path: string,
  { fromLog, base: baseName = DEFAULT_BASE }: InitFlags,
  terminal: Terminal,
): Promise<readonly string[]> {
  if (fromLog !== undefined) {
    throw inputError('--cost-from makes costs, --from-log a scenario', 'run init once for each');
  }
  if (file !== '-' && !file.endsWith('.json')) {
    throw inputError(`${file}: host.cost takes a file whose name ends in .json`, 'name it so');
  }
  const base = named(`--base ${baseName}`, baseName, COST_PROFILES);
  const place = inputName(path);
  const { text, isCut } = await readInputText(path, MAX_TRACE_BYTES);
  if (text === '') throw inputError(`${place}: is empty`);
  const trace = readFtraceHcalls(linesOf(text));
  const name = file.replace(/^.*[\\/]/, '').replace(/\.json$/, '');
  const isTaken = COST_PROFILES.some(({ id }) => id === name);
  const id = file === '-' || isTaken || name === '' ? `${base.id}-measured` : name;
  const { profile, found, notes } = costsFromTrace(trace, base, id, place);
  const profileText = documentText(profile);
  parseCostProfile(profileText, file);
  const wasPrinted = await isPrinted(file, profileText, [path], terminal);
  if (isCut || trace.truncated) {
    terminal.err(`tcebench: warning: ${place}: cut short; used up to its last whole line\n`);
  }
  terminal.err(`Found: ${found}.\n`);
  for (const note of notes) terminal.err(`Not seen: ${note}.\n`);
  if (wasPrinted) return [];
  terminal.err(`Run with it: tcebench run --set host.cost=${file}\n`);
  return [file];
}

async function putFromLog(
  given: Record<string, unknown>,
  path: string,
  { phase, card }: InitFlags,
  terminal: Terminal,
): Promise<void> {
  const { keys, notShown, warnings } = await scenarioFromLog(path, phase, process.stdin);
  for (const warning of warnings) terminal.err(`tcebench: warning: ${warning}\n`);
  for (const { key, value, reason } of keys) {
    setKey(given, key, value);
    terminal.err(`${key} = ${value}: ${reason}\n`);
  }
  for (const { key, reason } of notShown) {
    if (key !== 'nic.profile' || card === undefined)
      terminal.err(`${key} is left at its default: ${reason}\n`);
  }
  terminal.err('All other keys have the default of the claim; a log shows neither costs nor the host.\n');
}

function putCard(given: Record<string, unknown>, card: string, terminal: Terminal): void {
  setKey(given, 'nic.profile', card);
  terminal.err(`nic.profile = ${card}: --card\n`);
}

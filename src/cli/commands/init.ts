import { stat } from 'node:fs/promises';
import { inputError } from '../../errors.js';
import { absentKeys } from '../../experiment/absent-keys.js';
import { resolveScenario } from '../../experiment/load-scenario.js';
import { scenarioFromLog } from '../../experiment/scenario-from-log.js';
import { documentText } from '../../result/provenance.js';
import { writeFiles } from '../output-files.js';
import { setKey } from '../scenario-input.js';
import { processTerminal, type Terminal } from '../terminal.js';

/** The flags of `init`, as parsed. */
export interface InitFlags {
  readonly fromLog?: string;
  readonly phase?: string;
  readonly force?: boolean;
}

/**
 * Writes a scenario with every key of the claim's preset, or with what a log shows put over it; says on stderr where
 * each value comes from. Returns the file written, none where it went to stdout.
 */
export async function initCommand(file: string, flags: InitFlags): Promise<readonly string[]> {
  const terminal = processTerminal({ color: true, progress: false });
  if (flags.phase !== undefined && flags.fromLog === undefined) {
    throw inputError('--phase is a phase of a log', 'name the log with --from-log');
  }
  if (file !== '-' && flags.force !== true && (await stat(file).catch(() => null)) !== null) {
    throw inputError(`${file} is there already`, 'name another file, or write over it with --force');
  }
  const given: Record<string, unknown> = {};
  if (flags.fromLog !== undefined) await putFromLog(given, flags.fromLog, flags.phase, terminal);
  const { scenario } = resolveScenario(given, flags.fromLog ?? 'the claim');
  const text = documentText(scenario);
  if (file === '-') {
    terminal.out(text);
    return [];
  }
  await writeFiles([{ path: file, text }]);
  if (flags.fromLog === undefined) terminal.err('Every value is the default of the claim.\n');
  terminal.err(`Keys that can be added: ${absentKeys(scenario).join(', ')}.\n`);
  terminal.err('docs/MODEL.md says what each key means; an unknown one is refused.\n');
  terminal.err(`Run it with: tcebench run ${file}\n`);
  return [file];
}

async function putFromLog(
  given: Record<string, unknown>,
  path: string,
  phase: string | undefined,
  terminal: Terminal,
): Promise<void> {
  const { keys, notShown, warnings } = await scenarioFromLog(path, phase, process.stdin);
  for (const warning of warnings) terminal.err(`tcebench: warning: ${warning}\n`);
  for (const { key, value, reason } of keys) {
    setKey(given, key, value);
    terminal.err(`${key} = ${value}: ${reason}\n`);
  }
  for (const { key, reason } of notShown) terminal.err(`${key} is left at its default: ${reason}\n`);
  terminal.err('All other keys have the default of the claim; a log shows neither costs nor the host.\n');
}

import type { CostProfile } from '../../cost/cost-profile.js';
import { COST_PROFILES } from '../../cost/profiles/profiles.js';
import { inputError } from '../../errors.js';
import { MAX_RAM_BYTES } from '../../experiment/replay/log-ram.js';
import { replayLogs } from '../../experiment/replay/replay.js';
import { named } from '../../nearest.js';
import { REVISIONS } from '../../path/revisions/revisions.js';
import { programVersion } from '../../program-version.js';
import { documentText } from '../../result/provenance.js';
import type { ReplayDocument } from '../../result/replay-document.js';
import type { WindowOverride } from '../../trace/trace-window.js';
import { parseBytes } from '../../units.js';
import { checkInputsKept, logInputs, profileFiles } from '../input-guard.js';
import { EXIT_SAID_NO } from '../process-end.js';
import { RecordingFile, recordingPaths } from '../recording-file.js';
import type { SharedFlags } from '../shared-flags.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { checkOneStdout, folderFiles, folderPaths, writeOutputs } from '../written-files.js';

/** The flags of `replay`, as parsed. */
export interface ReplayFlags extends SharedFlags {
  readonly window: readonly string[];
  readonly ram?: string;
  readonly bootLines?: number;
  readonly seed: number;
  readonly draws: number;
  readonly cost: string;
  readonly revision: string;
  readonly csv?: string;
  readonly record?: string;
  readonly facts?: boolean;
}

/** Replays logs through every path, prints what they hold and cost; returns the files written. */
export async function replayCommand(logs: readonly string[], flags: ReplayFlags): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  checkOneStdout([flags.csv, flags.record], flags.json);
  if (flags.record !== undefined && logs.length > 1) {
    throw inputError(`--record takes one log, not ${logs.length}`, 'replay them one after the other');
  }
  if (logs.filter((log) => log === '-').length > 1) {
    throw inputError('two logs want stdin', 'name a file for one of them');
  }
  const inputs = [...logInputs(logs), ...profileFiles([flags.cost])];
  await checkInputsKept(inputs, [
    flags.csv,
    ...recordingPaths(flags.record),
    ...folderPaths(flags.out, 'replay', ['.csv']),
  ]);
  if (flags.draws < 20)
    throw inputError(`--draws ${flags.draws} is too few for an interval`, 'use 20 or more');
  const record = flags.record === undefined ? null : new RecordingFile(flags.record);
  const document = await replayLogs(logs, {
    revision: named(`--revision ${flags.revision}`, flags.revision, REVISIONS),
    profile: await profileFlag(flags.cost),
    windows: parseWindows(flags.window),
    ramBytes: flags.ram === undefined ? undefined : ramFlag(flags.ram),
    bootLines: flags.bootLines,
    seed: flags.seed,
    run: 1,
    draws: flags.draws,
    version: programVersion(),
    stdin: process.stdin,
    recording: record?.recording,
    facts: flags.facts,
  });
  // Tables of both kinds come with libraries that take longer to load than a short log to replay.
  const csv = async () => (await import('../../result/replay-csv.js')).replayCsv(document);
  const folder = await folderFiles(flags.out, 'replay', document, { '.csv': csv });
  const written = await writeOutputs(
    terminal,
    [{ file: flags.csv, text: csv }],
    [...folder, ...(record?.files ?? [])],
    inputs,
  );
  await record?.print(terminal);
  record?.close();
  const agrees = document.logs.every(({ arms }) => arms.every(({ agreesWithLog }) => agreesWithLog));
  if (flags.json === true) {
    warnOfCuts(terminal, document);
    terminal.out(documentText(document));
  } else if (flags.csv !== '-' && flags.record !== '-') {
    const { replayText } = await import('../../report/replay-text.js');
    if (flags.facts !== true || !agrees) terminal.out(replayText(document, terminal.style));
    if (flags.facts === true) {
      const { factsText } = await import('../../report/facts-text.js');
      terminal.out(factsText(document, terminal.style));
    }
  }
  if (!agrees) process.exitCode = EXIT_SAID_NO;
  return written;
}

/** What is missing of logs that are cut, where no notes of a text say it. */
function warnOfCuts(terminal: Terminal, { logs }: ReplayDocument): void {
  for (const { file, truncated, whole } of logs) {
    if (truncated) terminal.err(`tcebench: warning: ${file}: cut short; used up to line ${whole.lines}\n`);
  }
}

/** A profile that ships, or one in a file; only the latter needs the schema, which takes long to load. */
async function profileFlag(cost: string): Promise<CostProfile> {
  const subject = `--cost ${cost}`;
  if (!cost.endsWith('.json')) return named(subject, cost, COST_PROFILES);
  return (await import('../../scenario/cost-profile-file.js')).costProfile(cost, subject);
}

function parseWindows(texts: readonly string[]): WindowOverride[] {
  const windows = texts.map(parseWindow);
  const twice = windows.find(({ liobn }, i) => windows.findIndex((other) => other.liobn === liobn) < i);
  if (twice === undefined) return windows;
  throw inputError(`--window states LIOBN 0x${twice.liobn.toString(16)} twice`, 'leave one out');
}

/** `0x80000000=0x0:1GiB:12`, or the same with the page size instead of its shift. */
function parseWindow(text: string): WindowOverride {
  const match = /^([^=]+)=([^:]+):([^:]+):([^:]+)$/.exec(text);
  if (match === null) {
    throw inputError(`--window ${text} is not LIOBN=START:BYTES:SHIFT`, 'for example 0x80000000=0x0:1GiB:12');
  }
  const [, liobn = '', start = '', bytes = '', shift = ''] = match;
  const number = (part: string) => parseBytes(part, `--window ${text}`);
  return { liobn: number(liobn), start: number(start), bytes: number(bytes), pageShift: number(shift) };
}

function ramFlag(text: string): number {
  const bytes = parseBytes(text, '--ram');
  if (bytes > 0 && bytes <= MAX_RAM_BYTES) return bytes;
  throw inputError(`--ram ${text} is no memory of a guest`, 'use up to 8TiB');
}

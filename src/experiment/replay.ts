import { CostModel } from '../cost/cost-model.js';
import { type CostProfile, pricesOf } from '../cost/cost-profile.js';
import { inputError } from '../errors.js';
import type { PathId } from '../path/machine.js';
import type { Revision } from '../path/revisions/revision.js';
import type { ReplayDocument, ReplayedLog, ReplayedWindow } from '../result/replay-document.js';
import { TraceFigures } from '../trace/figures.js';
import { phasesPathOf, readPhases } from '../trace/phases.js';
import type { LineRange } from '../trace/range-snapshots.js';
import { replayLog } from '../trace/replay.js';
import { type Survey, surveyLog } from '../trace/survey.js';
import { TraceLog } from '../trace/trace-log.js';
import type { WindowOverride } from '../trace/trace-window.js';
import { ReplayArm } from './replay-arm.js';

/** How to replay. */
export interface ReplayOptions {
  readonly revision: Revision;
  readonly profile: CostProfile;
  readonly windows: readonly WindowOverride[];
  /** Guest RAM; absent: as far as the log reaches. */
  readonly ramBytes?: number | undefined;
  readonly bootLines?: number | undefined;
  readonly version: string;
  /** What `-` reads. */
  readonly stdin: AsyncIterable<Uint8Array>;
}

/** More guest memory than any machine has had; an address beyond it is no RAM. */
const MAX_RAM_BYTES = 2 ** 43;
const PATHS: readonly PathId[] = ['userspace', 'virtual', 'real'];

/** Replays logs, one after another, each through every path of the revision. */
export async function replayLogs(paths: readonly string[], options: ReplayOptions): Promise<ReplayDocument> {
  const logs: ReplayedLog[] = [];
  for (const path of paths) logs.push(await replayOne(path, options));
  const { version, profile } = options;
  return {
    schema: 'tcebench.replay/1',
    clock: 'modelled',
    version,
    cost: { profile: profile.id, title: profile.title },
    logs,
  };
}

async function replayOne(path: string, options: ReplayOptions): Promise<ReplayedLog> {
  const phasesPath = phasesPathOf(path);
  const phases = phasesPath === null ? null : await readPhases(phasesPath);
  const log = await TraceLog.open(path, options.stdin);
  try {
    const { windows, bootLines, revision } = options;
    const survey = await surveyLog(log, { windows, phases, bootLines });
    const ramBytes = options.ramBytes ?? ramOf(survey, log.name);
    const afterBoot: LineRange = {
      name: 'afterBoot',
      lineFrom: survey.bootEnd.line + 1,
      lineTo: survey.lines,
    };
    const figures = new TraceFigures(survey, phases);
    const arms = PATHS.filter((id) => id !== 'real' || revision.real !== null).map(
      (id) => new ReplayArm(id, revision, ramBytes, [afterBoot, ...(phases ?? [])]),
    );
    await replayLog(log, survey, [figures, ...arms]);
    const cost = new CostModel(pricesOf(options.profile, ({ value }) => value));
    return {
      file: path,
      window: survey.tables.map(windowOf),
      ramBytes,
      bootEnd: survey.bootEnd,
      truncated: survey.truncated,
      linesWithoutPrefix: survey.unprefixed,
      foreignLines: survey.foreign,
      malformedLines: survey.malformed,
      ...figures.figures,
      arms: arms.map((arm) => arm.result(cost, (liobn) => figures.entries(liobn))),
      warnings: survey.warnings,
    };
  } finally {
    await log.close();
  }
}

/** Guest RAM as far as the log's pages and lists reach. */
function ramOf({ guestBytes, guestBytesLine }: Survey, name: string): number {
  if (guestBytes <= MAX_RAM_BYTES) return guestBytes;
  throw inputError(
    `${name}:${guestBytesLine}: maps a page at 0x${guestBytes.toString(16)}, beyond any guest's memory`,
    'say how much memory the guest had with --ram',
  );
}

function windowOf({ liobn, window, by }: Survey['tables'][number]): ReplayedWindow {
  return {
    liobn: `0x${liobn.toString(16)}`,
    start: `0x${window.iobaOf(0).toString(16)}`,
    bytes: window.bytes,
    pageShift: window.pageShift,
    by,
  };
}

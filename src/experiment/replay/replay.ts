import { CostModel } from '../../cost/cost-model.js';
import { type CostProfile, nominalPrices } from '../../cost/cost-profile.js';
import { TcebenchError } from '../../errors.js';
import type { PathId } from '../../path/machine.js';
import type { Revision } from '../../path/revisions/revision.js';
import type {
  ReplayComparison,
  ReplayDocument,
  ReplayedLog,
  ReplayedWindow,
} from '../../result/replay-document.js';
import { DmaFactFinder } from '../../trace/dma-fact-finder.js';
import { TraceFigures } from '../../trace/figures.js';
import { LogRecorder } from '../../trace/log-recorder.js';
import { BOOT_PHASE, isWhole, type Phase, phasesBeside } from '../../trace/phases.js';
import type { LineRange } from '../../trace/range-snapshots.js';
import type { Recording } from '../../trace/recording.js';
import { replayLog } from '../../trace/replay.js';
import { type Survey, surveyLog } from '../../trace/survey.js';
import { TraceLog } from '../../trace/trace-log.js';
import type { WindowOverride } from '../../trace/trace-window.js';
import { drawModels, intervalOf } from '../draws.js';
import { costWarnings } from '../warnings.js';
import { logRam } from './log-ram.js';
import { ReplayArm } from './replay-arm.js';

/** How to replay. */
export interface ReplayOptions {
  readonly revision: Revision;
  readonly profile: CostProfile;
  readonly windows: readonly WindowOverride[];
  /** Guest RAM; absent: as far as the log reaches. */
  readonly ramBytes?: number | undefined;
  readonly bootLines?: number | undefined;
  /** Which draws of the costs, and how many. */
  readonly seed: number;
  readonly run: number;
  readonly draws: number;
  readonly version: string;
  /** What `-` reads. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Whether to look for facts about the guest's DMA API too. */
  readonly facts?: boolean | undefined;
  /** Takes the calls of the log anew; for one log. */
  readonly recording?: Recording | undefined;
}

const PATHS: readonly PathId[] = ['userspace', 'virtual', 'real'];

/** Replays logs, one after another, each through every path of the revision. */
export async function replayLogs(paths: readonly string[], options: ReplayOptions): Promise<ReplayDocument> {
  const logs: ReplayedLog[] = [];
  for (const path of paths) logs.push(await replayOne(path, options));
  const { version, profile, seed, draws } = options;
  return {
    schema: 'tcebench.replay/1',
    clock: 'modelled',
    version,
    cost: { profile: profile.id, title: profile.title, constants: profile.constants },
    seed,
    draws,
    logs,
  };
}

async function replayOne(path: string, options: ReplayOptions): Promise<ReplayedLog> {
  const phases = await phasesBeside(path);
  const log = await TraceLog.open(path, options.stdin);
  try {
    const { windows, bootLines, revision } = options;
    const survey = await surveyLog(log, { windows, phases, bootLines });
    if (survey.calls === 0) {
      throw new TcebenchError('undecided', `${log.name}: has no hypercall to replay`, 'record a longer log');
    }
    const ramBytes = logRam(survey, log.name, options.ramBytes);
    const afterBoot: LineRange = {
      name: 'afterBoot',
      lineFrom: survey.bootEnd.line + 1,
      lineTo: survey.lines,
    };
    const figures = new TraceFigures(survey, phases);
    const hasRealMode = revision.real !== null && options.profile.hasRealMode;
    const arms = PATHS.filter((id) => id !== 'real' || hasRealMode).map(
      (id) => new ReplayArm(id, revision, ramBytes, afterBoot, phases ?? []),
    );
    const { recording } = options;
    const whole = (phases ?? []).filter((phase) => isWhole(phase, survey.lines));
    const recorder = recording === undefined ? [] : [new LogRecorder(recording.writer, whole)];
    const finder = options.facts === true ? [new DmaFactFinder(survey.bootEnd.line)] : [];
    await replayLog(log, survey, [figures, ...arms, ...recorder, ...finder]);
    recording?.finish(recorder[0]?.phases ?? []);
    const cost = new CostModel(nominalPrices(options.profile));
    const draws = drawModels(options.profile, options);
    const results = arms.map((arm) => arm.result(cost, draws, (liobn) => figures.entries(liobn)));
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
      ...(finder[0] === undefined ? {} : { facts: finder[0].facts }),
      arms: results,
      comparison: results.every(({ agreesWithLog }) => agreesWithLog)
        ? comparisonOf(arms, cost, draws)
        : null,
      warnings: [
        ...survey.warnings,
        ...phaseWarnings(log.name, phases ?? [], survey.lines),
        ...bootWarnings(options, survey, phases ?? []),
        ...costWarnings(options.profile),
      ],
    };
  } finally {
    await log.close();
  }
}

function phaseWarnings(log: string, phases: readonly Phase[], lines: number): string[] {
  const cut = phases.filter((phase) => !isWhole(phase, lines)).map(({ name }) => name);
  if (cut.length === 0) return [];
  const what = cut.length === 1 ? `phase ${cut[0]}` : `phases ${cut.join(', ')}`;
  return [
    `${log}: the log is cut before the end of ${what}: no calls per MB there, and all phases leave ${cut.length === 1 ? 'it' : 'them'} out`,
  ];
}

function bootWarnings({ bootLines }: ReplayOptions, { lines }: Survey, phases: readonly Phase[]): string[] {
  if (bootLines === undefined) return [];
  if (bootLines >= lines) {
    return [`--boot-lines ${bootLines} leaves nothing after boot: the log has ${lines} lines`];
  }
  const boot = phases.find(({ name }) => name === BOOT_PHASE);
  if (boot === undefined || boot.lineTo === bootLines) return [];
  return [
    `boot ends at line ${bootLines}, as --boot-lines says, and not at line ${boot.lineTo}, as the phases file beside the log does`,
  ];
}

/** User space against the fastest path, over what comes after boot. */
function comparisonOf(
  arms: readonly ReplayArm[],
  cost: CostModel,
  draws: readonly CostModel[],
): ReplayComparison | null {
  const slow = arms[0];
  const fast = arms.at(-1);
  if (slow === undefined || fast === undefined) return null;
  const [slowCounts, fastCounts] = [slow.afterBootCounts, fast.afterBootCounts];
  const ratioUnder = (model: CostModel) => model.operationsPs(slowCounts) / model.operationsPs(fastCounts);
  const ratio = ratioUnder(cost);
  if (!Number.isFinite(ratio)) return null;
  const { low, high } = intervalOf(draws.map(ratioUnder));
  return { slow: slow.id, fast: fast.id, ratio, ratioLow: low, ratioHigh: high };
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

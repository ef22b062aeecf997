import { TcebenchError } from '../../errors.js';
import {
  type Calibrated,
  type ClaimDocument,
  type ClaimStep,
  FAST_ARMS,
  SLOW_ARM,
} from '../../result/claim-document.js';
import type { ArmId } from '../../result/run-document.js';
import { armsOf } from '../../scenario/arms.js';
import { type ResolvedScenario, resolveScenario } from '../../scenario/load-scenario.js';
import { median } from '../../stats/quantile.js';
import { type ArmRun, runArm } from '../arm-run.js';
import { drawPrices, intervalOf } from '../draws.js';
import { wireRate } from '../wire-rate.js';
import { shiftsOf } from './assumptions.js';
import { CALIBRATED_KEY } from './leg.js';
import { type CalibratedRow, calibrate, DRAWS_FOR_ONE, judgeArms, type RowRun, rowOf } from './row.js';
import { hasChoice, ROW_CHOICES, type RowChoice, withChoice } from './rows.js';
import { judgePlacebos, severityOf } from './severity.js';

/** Payload of a row beside the scenario's own, in bytes: its hypercalls repeat themselves long before. */
const ROW_BYTES = 16e6;

/** What the patch changes, one switch at a time: batching, the exit to user space, the exit from real mode. */
const STEPS: readonly Pick<ClaimStep, 'from' | 'to' | 'what'>[] = [
  { from: 'single-userspace', to: 'multi-userspace', what: 'batching' },
  { from: 'single-userspace', to: 'single-virtual', what: 'no exit to user space' },
  { from: 'single-virtual', to: 'single-real', what: 'real mode' },
  { from: 'multi-userspace', to: 'multi-virtual', what: 'no exit to user space' },
  { from: 'multi-virtual', to: 'multi-real', what: 'real mode' },
];

/**
 * Puts the claim on trial. In each draw of the costs, the one leg that nobody measured is solved so that the single-TCE
 * userspace arm gives the slow figure; draws that need a leg outside its range are left out and counted; the fast band
 * is compared with what the rest predicts for every other arm, and is an input to nothing. null where the scenario
 * leaves out the slow arm, sets the leg by hand so that nothing is left to calibrate, or is no stream as fast as it goes,
 * which the claim's figures are of.
 */
export function tryClaim(
  resolved: ResolvedScenario,
  runs: readonly ArmRun[],
  wireBytesPerSec: number,
): ClaimDocument | null {
  const { scenario, profile } = resolved;
  const isSlowRun = runs.some(({ arm }) => arm.id === SLOW_ARM);
  const { workload, arrival } = scenario.traffic;
  if (workload !== 'stream' || arrival !== 'closed') return null;
  if (!isSlowRun || profile.constants[CALIBRATED_KEY].origin === 'given') return null;
  const { claim } = scenario;
  const rows = [
    triedRow('as run', resolved, runs, wireBytesPerSec),
    ...ROW_CHOICES.filter((choice) => !hasChoice(scenario, choice)).flatMap(
      (choice) => runRow(resolved, choice) ?? [],
    ),
  ];
  const judged = judgedRow(rows);
  const { calibrated } = judged;
  const judgedArms = FAST_ARMS.flatMap((id): [ArmId, Float64Array][] => {
    const rates = calibrated.rates.get(id);
    return rates === undefined ? [] : [[id, rates]];
  });
  return {
    slow: claim.slow,
    fast: claim.fast,
    judgedRow: judged.title,
    calibrated: calibratedOf(judged),
    arms: judgeArms(calibrated, claim),
    rows: rows.map((row) => rowOf(row.title, row.resolved.profile.id, row.calibrated, claim)),
    steps: stepsOf(calibrated, claim.slow),
    placebos: judgedArms.flatMap(([id, rates]) =>
      judgePlacebos(id, rates, claim.slow, judged.wireBytesPerSec),
    ),
    severity: judgedArms.flatMap(([id, rates]) => severityOf(id, rates)),
    assumptions: judgedArms.flatMap(([id]) =>
      shiftsOf(id, calibrated, judged.run.prices, judged.resolved.profile, claim.fast),
    ),
  };
}

/** A choice of machine and traffic with what came of it. */
interface TriedRow {
  readonly title: string;
  readonly resolved: ResolvedScenario;
  readonly run: RowRun;
  readonly calibrated: CalibratedRow;
  readonly wireBytesPerSec: number;
}

function triedRow(
  title: string,
  resolved: ResolvedScenario,
  runs: readonly ArmRun[],
  wireBytesPerSec: number,
): TriedRow {
  const { scenario, profile } = resolved;
  const leg = profile.constants[CALIBRATED_KEY];
  const drawn = (draws: number) => {
    const run = { runs, prices: drawPrices(profile, { ...scenario.run, draws }), link: scenario.link, leg };
    return { run, calibrated: calibrate(run, scenario.claim.slow) };
  };
  const first = drawn(scenario.run.draws);
  const isPossible = first.calibrated.draws.length > 0;
  const tried = isPossible ? drawn(DRAWS_FOR_ONE * scenario.run.draws) : first;
  return { title, resolved, ...tried, wireBytesPerSec };
}

/** null where the scenario's card or machine leaves no such choice. */
function runRow({ scenario: own }: ResolvedScenario, choice: RowChoice): TriedRow | null {
  const run = { ...own.run, bytes: Math.min(own.run.bytes, ROW_BYTES) };
  const resolved = resolvedIfPossible({ ...withChoice(own, choice), run });
  if (resolved === null) return null;
  const arms = armsOf(resolved);
  const runs = arms.filter(({ path }) => path !== 'direct').map((arm) => runArm(arm, resolved));
  return triedRow(choice.title, resolved, runs, wireRate(runs, resolved.scenario.link));
}

function resolvedIfPossible(scenario: object): ResolvedScenario | null {
  try {
    return resolveScenario(scenario, 'a row of the trial');
  } catch (error) {
    if (error instanceof TcebenchError) return null;
    throw error;
  }
}

/** The scenario itself, or where it cannot have given the slow figure, the choice that most easily can. */
function judgedRow(rows: readonly TriedRow[]): TriedRow {
  const [own] = rows as readonly [TriedRow];
  if (own.calibrated.draws.length > 0) return own;
  return rows.reduce((best, row) =>
    row.calibrated.shareConsistent > best.calibrated.shareConsistent ? row : best,
  );
}

function calibratedOf({ calibrated, run: { leg } }: TriedRow): Calibrated {
  const { legsNs, shareConsistent } = calibrated;
  const range = { rangeLow: leg.low, rangeHigh: leg.high, shareConsistent };
  if (legsNs.length === 0) return { key: CALIBRATED_KEY, value: null, low: null, high: null, ...range };
  return { key: CALIBRATED_KEY, value: median(legsNs), ...intervalOf(legsNs), ...range };
}

function stepsOf({ rates, draws }: CalibratedRow, slow: number): ClaimStep[] {
  const all = new Map<string, Float64Array>(rates);
  all.set(SLOW_ARM, new Float64Array(draws.length).fill(slow));
  return STEPS.flatMap((step) => {
    const before = all.get(step.from);
    const after = all.get(step.to);
    if (before === undefined || after === undefined || draws.length === 0) return [];
    const ratios = after.map((rate, k) => rate / (before[k] as number));
    const { low, high } = intervalOf(ratios);
    return [{ ...step, ratio: median(ratios), ratioLow: low, ratioHigh: high }];
  });
}

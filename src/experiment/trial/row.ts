import type { Prices } from '../../cost/cost-profile.js';
import { assert } from '../../errors.js';
import { type ClaimArm, type ClaimRow, SLOW_ARM } from '../../result/claim-document.js';
import type { ArmId, ClaimNumbers } from '../../result/run-document.js';
import { RepricedRun } from '../../sim/repriced-run.js';
import { median, quantile, sortSamples } from '../../stats/quantile.js';
import type { ArmRun } from '../arm-run.js';
import { intervalOf } from '../draws.js';
import { judge } from './judge.js';
import { rateAtLeg, solveLeg } from './leg.js';

/**
 * Draws for one of the run, in a row that can have given the slow figure. Only the draws that do predict anything, often
 * a fifth of all, so that quantiles over them need more.
 */
export const DRAWS_FOR_ONE = 16;

/**
 * A row in which fewer of the draws can give the slow figure cannot have given it. With one draw enough, a row of which
 * one draw in a thousand can is possible or not by the seed.
 */
const POSSIBLE_FROM = 0.01;

/** One choice of machine and traffic, run, with the draws of its constants. */
export interface RowRun {
  readonly runs: readonly ArmRun[];
  readonly prices: readonly Prices[];
  readonly link: { readonly bitsPerSec: number };
  /** The assumed range of the calibrated constant, in ns. */
  readonly leg: { readonly low: number; readonly high: number };
}

/** What calibration leaves of a row: the draws that can give the slow figure, and each arm's rate in them. */
export interface CalibratedRow {
  /** Indices of the consistent draws, and the leg that each needs; none where they are too few. */
  readonly draws: readonly number[];
  readonly legsNs: readonly number[];
  readonly shareConsistent: number;
  /** Rates by arm, one for each consistent draw, in their order. */
  readonly rates: ReadonlyMap<ArmId, Float64Array>;
  /** Rate of the slow arm at leg 0 and at the highest leg, one for each draw. */
  readonly ceilings: Float64Array;
  readonly floors: Float64Array;
}

/** Solves the leg in each draw, keeps the draws that need one in its range, and predicts every other arm by them. */
export function calibrate({ runs, prices, link, leg }: RowRun, slow: number): CalibratedRow {
  const slowArm = runs.find(({ arm }) => arm.id === SLOW_ARM);
  assert(slowArm !== undefined, `a trial without ${SLOW_ARM}`);
  const slowRun = new RepricedRun(slowArm.run, link);
  let draws: number[] = [];
  let legsNs: number[] = [];
  const rateAtEnd = (legNs: number) => Float64Array.from(prices, (draw) => rateAtLeg(slowRun, draw, legNs));
  const ceilings = rateAtEnd(0);
  const floors = rateAtEnd(leg.high);
  for (const [i, draw] of prices.entries()) {
    if ((ceilings[i] as number) < slow || (floors[i] as number) > slow) continue;
    const solved = solveLeg(slowRun, draw, slow, leg.high);
    if (solved === null || solved < leg.low) continue;
    draws.push(i);
    legsNs.push(solved);
  }
  const shareConsistent = draws.length / prices.length;
  if (shareConsistent < POSSIBLE_FROM) [draws, legsNs] = [[], []];
  const others = runs.filter(({ arm }) => arm.id !== SLOW_ARM);
  const rates = new Map(
    others.map(({ arm, run }) => {
      const repriced = new RepricedRun(run, link);
      const rateIn = (draw: number, k: number) =>
        rateAtLeg(repriced, prices[draw] as Prices, legsNs[k] as number);
      return [arm.id, Float64Array.from(draws, rateIn)];
    }),
  );
  return { draws, legsNs, shareConsistent, rates, ceilings, floors };
}

/** Judges every arm of a row by the claim's fast band. */
export function judgeArms({ rates }: CalibratedRow, { slow, fast }: ClaimNumbers): ClaimArm[] {
  return [...rates].map(([id, rated]) => {
    const middle = rated.length === 0 ? null : median(rated);
    const { low, high } = rated.length === 0 ? { low: null, high: null } : intervalOf(rated);
    const ratioOf = (rate: number | null) => (rate === null ? null : rate / slow);
    return {
      id,
      ...judge(rated, fast),
      rateBytesPerSec: middle,
      rateLow: low,
      rateHigh: high,
      ratio: ratioOf(middle),
      ratioLow: ratioOf(low),
      ratioHigh: ratioOf(high),
    };
  });
}

/** A row as the document shows it. */
export function rowOf(scenario: string, cost: string, row: CalibratedRow, claim: ClaimNumbers): ClaimRow {
  const ceilings = sortSamples(row.ceilings);
  const { low, high } = intervalOf(row.ceilings);
  return {
    scenario,
    cost,
    draws: row.ceilings.length,
    shareConsistent: row.shareConsistent,
    ceilingAtLegZero: quantile(ceilings, 0.5),
    ceilingLow: low,
    ceilingHigh: high,
    floorAtLegHigh: median(row.floors),
    arms: judgeArms(row, claim),
  };
}

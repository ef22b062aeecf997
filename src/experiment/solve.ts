import { CostModel } from '../cost/cost-model.js';
import { COST_UNITS, type CostKey, pricesOf } from '../cost/cost-profile.js';
import type { SolveDocument } from '../result/solve-document.js';
import { rateBytesPerSec, timeClosedLoop } from '../sim/closed-loop.js';
import { fallingRoot } from '../stats/falling-root.js';
import type { ResolvedScenario } from './load-scenario.js';
import { runOneArm } from './one-arm.js';

/** What to solve: the constant, the arm, the rate, and where to look if not in the constant's own range. */
export interface SolveQuestion {
  readonly key: CostKey;
  readonly arm: string;
  readonly targetBytesPerSec: number;
  readonly range?: readonly [number, number];
}

/** Finds the value of one constant, all others at theirs, that gives an arm a rate. A rate falls as a cost grows. */
export function solveConstant(
  resolved: ResolvedScenario,
  { key, arm: armId, targetBytesPerSec, range }: SolveQuestion,
  version: string,
): SolveDocument {
  const { scenario, profile } = resolved;
  const { low: ownLow, high: ownHigh } = profile.constants[key];
  const [low, high] = range ?? [ownLow, ownHigh];
  const { arm, run } = runOneArm(resolved, armId);
  const prices = pricesOf(profile, ({ value }) => value);
  const rateAt = (value: number): number =>
    rateBytesPerSec(timeClosedLoop(run, new CostModel({ ...prices, [key]: value }), scenario.link));
  const value = fallingRoot(rateAt, targetBytesPerSec, low, high);
  return {
    schema: 'tcebench.solve/1',
    clock: 'modelled',
    version,
    scenario,
    arm: arm.id,
    cost: profile.id,
    key,
    unit: COST_UNITS[key],
    targetBytesPerSec,
    value,
    low,
    high,
    rateBytesPerSec: value === null ? null : rateAt(value),
    rateAtLow: rateAt(low),
    rateAtHigh: rateAt(high),
  };
}

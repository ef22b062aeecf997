import { CostModel } from '../cost/cost-model.js';
import { COST_UNITS, type CostKey, nominalPrices } from '../cost/cost-profile.js';
import type { SolveDocument } from '../result/solve-document.js';
import type { Arm } from '../scenario/arms.js';
import type { ResolvedScenario } from '../scenario/load-scenario.js';
import { mayBeRecosted } from '../scenario/vcpu-shares.js';
import { rateBytesPerSec } from '../sim/closed-loop.js';
import { RepricedRun } from '../sim/repriced-run.js';
import { fallingRoot } from '../stats/falling-root.js';
import { runArm } from './arm-run.js';
import { runContendedArm } from './contended-arm.js';
import { armNamed } from './one-arm.js';

/** What to solve: the constant, the arm, the rate, and where to look if not in the constant's own range. */
export interface SolveQuestion {
  readonly key: CostKey;
  readonly arm: string;
  readonly targetBytesPerSec: number;
  readonly range?: readonly [number, number];
}

/** How near the rate of the value found must come to the target when it is fed back. */
const FED_BACK_WITHIN = 1e-3;

/** Each step of a search over full runs takes a run, so it stops at what is asked for, with some room. */
const RERUN_PRECISION = FED_BACK_WITHIN / 2;

/**
 * Finds the value of one constant, all others at theirs, that gives an arm a rate. A rate falls as a cost grows. With one
 * vCPU one finished run is priced anew; with several each value is a run of its own, for the order of calls depends on it.
 */
export function solveConstant(
  resolved: ResolvedScenario,
  { key, arm: armId, targetBytesPerSec, range }: SolveQuestion,
  version: string,
): SolveDocument {
  const { scenario, profile } = resolved;
  const { low: ownLow, high: ownHigh } = profile.constants[key];
  const [low, high] = range ?? [ownLow, ownHigh];
  const recosted = mayBeRecosted(resolved);
  const arm = armNamed(resolved, armId);
  const prices = nominalPrices(profile);
  const rateOf = recosted ? repricedRate(arm, resolved) : rerunRate(arm, resolved);
  const known = new Map<number, number>();
  const rateAt = (value: number): number => {
    const rate = known.get(value) ?? rateOf(new CostModel({ ...prices, [key]: value }));
    known.set(value, rate);
    return rate;
  };
  const precision = recosted ? undefined : RERUN_PRECISION;
  const root = fallingRoot(rateAt, targetBytesPerSec, low, high, precision);
  const isFound = root !== null && Math.abs(rateAt(root) / targetBytesPerSec - 1) <= FED_BACK_WITHIN;
  const value = isFound ? root : null;
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
    recosted,
    rateBytesPerSec: value === null ? null : rateAt(value),
    rateAtLow: rateAt(low),
    rateAtHigh: rateAt(high),
  };
}

type RateOf = (cost: CostModel) => number;

function repricedRate(arm: Arm, resolved: ResolvedScenario): RateOf {
  const repriced = new RepricedRun(runArm(arm, resolved).run, resolved.scenario.link);
  return (cost) => repriced.rateBytesPerSec(cost);
}

function rerunRate(arm: Arm, resolved: ResolvedScenario): RateOf {
  return (cost) => rateBytesPerSec(runContendedArm(arm, resolved, cost).done);
}

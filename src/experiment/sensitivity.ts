import { constantAt } from '../cost/constant.js';
import { CostModel } from '../cost/cost-model.js';
import {
  COST_KEYS,
  COST_UNITS,
  type CostKey,
  type CostProfile,
  nominalPrices,
  type Prices,
} from '../cost/cost-profile.js';
import type { SensitivityDocument, SensitivityRow } from '../result/sensitivity-document.js';
import type { ResolvedScenario } from '../scenario/load-scenario.js';
import { RepricedRun } from '../sim/repriced-run.js';
import { randomStream } from '../sim/streams.js';
import { sobolIndices } from '../stats/sobol-indices.js';
import { runOneArm } from './one-arm.js';

/** Points of the variance-based estimate. */
const POINTS = 2048;

/**
 * Which constants carry the rate of one arm: each moved alone from end to end of its range (the tornado), and the
 * share of the variance that it carries when all move at once. Constants without a range are left out.
 */
export function sensitivityOf(
  resolved: ResolvedScenario,
  armId: string,
  version: string,
): SensitivityDocument {
  const { scenario, profile } = resolved;
  const { arm, run } = runOneArm(resolved, armId);
  const repriced = new RepricedRun(run, scenario.link);
  const rateOf = (prices: Prices): number => repriced.rateBytesPerSec(new CostModel(prices));
  const nominal = nominalPrices(profile);
  const keys = COST_KEYS.filter((key) => profile.constants[key].high > profile.constants[key].low);
  const indices = sobolIndices(
    (point) => rateOf(pricesAt(profile, keys, point, nominal)),
    keys.length,
    pointsOf(scenario.run, keys, 'a'),
    pointsOf(scenario.run, keys, 'b'),
  );
  const rows = keys.map((key, i): SensitivityRow => {
    const { low, high, origin } = profile.constants[key];
    return {
      key,
      unit: COST_UNITS[key],
      low,
      high,
      origin,
      rateAtLow: rateOf({ ...nominal, [key]: low }),
      rateAtHigh: rateOf({ ...nominal, [key]: high }),
      firstOrder: indices.firstOrder[i] ?? 0,
      total: indices.total[i] ?? 0,
    };
  });
  return {
    schema: 'tcebench.sensitivity/1',
    clock: 'modelled',
    version,
    scenario,
    arm: arm.id,
    cost: profile.id,
    points: POINTS,
    rateBytesPerSec: rateOf(nominal),
    meanRate: indices.mean,
    deviation: Math.sqrt(indices.variance),
    rows: rows.sort((a, b) => b.total - a.total),
  };
}

function pricesAt(
  profile: CostProfile,
  keys: readonly CostKey[],
  point: Float64Array,
  nominal: Prices,
): Prices {
  const prices: Record<CostKey, number> = { ...nominal };
  for (const [i, key] of keys.entries()) prices[key] = constantAt(profile.constants[key], point[i] ?? 0);
  return prices;
}

/** Each constant has a stream of its own in each of the two sets. */
function pointsOf(
  { seed, run }: { readonly seed: number; readonly run: number },
  keys: readonly CostKey[],
  set: string,
): Float64Array[] {
  const streams = keys.map((key) => randomStream(seed, run, `sensitivity/${set}/${key}`));
  return Array.from({ length: POINTS }, () => Float64Array.from(streams, (stream) => stream.nextUnit()));
}

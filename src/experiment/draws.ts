import { constantAt } from '../cost/constant.js';
import { CostModel } from '../cost/cost-model.js';
import { COST_KEYS, type CostKey, type CostProfile, pricesOf } from '../cost/cost-profile.js';
import { randomStream } from '../sim/streams.js';
import { quantile, sortSamples } from '../stats/quantile.js';

/** Which random streams, and how many draws of them. */
export interface DrawOptions {
  readonly seed: number;
  readonly run: number;
  readonly draws: number;
}

/** The share of draws that an interval leaves out on either side. */
const TAIL = 0.05;

/** One cost model for each draw; every constant has a stream of its own, so none depends on another's range. */
export function drawModels(profile: CostProfile, { seed, run, draws }: DrawOptions): CostModel[] {
  const streams = new Map(COST_KEYS.map((key) => [key, randomStream(seed, run, `draw/${key}`)]));
  const unit = (key: CostKey): number => streams.get(key)?.nextUnit() ?? 0;
  return Array.from(
    { length: draws },
    () => new CostModel(pricesOf(profile, (constant, key) => constantAt(constant, unit(key)))),
  );
}

/** The 5 % and the 95 % quantile of a figure over the draws. */
export function intervalOf(values: Iterable<number>): { readonly low: number; readonly high: number } {
  const sorted = sortSamples(values);
  return { low: quantile(sorted, TAIL), high: quantile(sorted, 1 - TAIL) };
}

import { constantAt } from '../cost/constant.js';
import { CostModel } from '../cost/cost-model.js';
import { COST_KEYS, type CostProfile, type Prices, pricesOf } from '../cost/cost-profile.js';
import { INTERVAL_TAIL } from '../result/run-document.js';
import { type RandomStream, randomStream } from '../sim/streams.js';
import { quantile, sortSamples } from '../stats/quantile.js';

/** Which random streams, and how many draws of them. */
export interface DrawOptions {
  readonly seed: number;
  readonly run: number;
  readonly draws: number;
}

/**
 * One set of prices for each draw. Every constant has a stream of its own, so none depends on another's range; its
 * draws are one from each of as many equal strata of its range, in a shuffled order, so that few draws already fill it
 * evenly (Latin hypercube).
 */
export function drawPrices(profile: CostProfile, { seed, run, draws }: DrawOptions): Prices[] {
  const units = new Map(
    COST_KEYS.map((key) => [key, stratified(draws, randomStream(seed, run, `draw/${key}`))]),
  );
  return Array.from({ length: draws }, (_, i) =>
    pricesOf(profile, (constant, key) => constantAt(constant, units.get(key)?.[i] ?? 0)),
  );
}

/** As many numbers in [0, 1), one from each equal stratum, shuffled. */
function stratified(count: number, stream: RandomStream): Float64Array {
  const units = Float64Array.from({ length: count }, (_, i) => (i + stream.nextUnit()) / count);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(stream.nextUnit() * (last + 1));
    const unit = units[last] as number;
    units[last] = units[other] as number;
    units[other] = unit;
  }
  return units;
}

/** One cost model for each draw of {@link drawPrices}. */
export function drawModels(profile: CostProfile, options: DrawOptions): CostModel[] {
  return drawPrices(profile, options).map((prices) => new CostModel(prices));
}

/** The 5 % and the 95 % quantile of a figure over the draws. */
export function intervalOf(values: Iterable<number>): { readonly low: number; readonly high: number } {
  const sorted = sortSamples(values);
  return { low: quantile(sorted, INTERVAL_TAIL), high: quantile(sorted, 1 - INTERVAL_TAIL) };
}

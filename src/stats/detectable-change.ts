import { quantile, sortSamples } from './quantile.js';
import { minPairs, signedRankTest } from './signed-rank.js';

/** What a measurement can tell from noise; shares, 0.02 is 2 %. */
export interface Detectability {
  /** Identical arms look less different than this in a `confidence` share of measurements like this one. */
  readonly noiseFloor: number;
  /** The smallest slow-down that {@link POWER} of such measurements would call different. */
  readonly smallestDetectableChange: number;
}

/** How often a change of the smallest detectable size is seen. */
export const POWER = 0.9;

/** What is beyond this factor is seen by the eye. */
const LARGEST_FACTOR = 16;
const TRIALS = 400;
const SEARCH_STEPS = 24;

/**
 * What the pairs of a comparison of an arm with itself (A/A) say about every comparison in the same session, by
 * {@link signedRankTest} of as many pairs. Both figures come from drawing those log ratios again with random signs:
 * with nothing added, and with a change added until the test sees it. Null where so few pairs can show nothing.
 *
 * @param logRatios of the pairs, natural logarithms
 * @param random doubles in [0, 1) from a seeded stream
 */
export function detectability(
  logRatios: readonly number[],
  confidence: number,
  random: () => number,
): Detectability | null {
  const n = logRatios.length;
  if (n < minPairs(confidence)) return null;
  // A sample of n, drawn again, varies less than what it was drawn from.
  const spread = Math.sqrt(n / (n - 1));
  const trials = Array.from({ length: TRIALS }, () =>
    Float64Array.from({ length: n }, () => {
      const drawn = spread * (logRatios[Math.floor(random() * n)] as number);
      return random() < 0.5 ? drawn : -drawn;
    }),
  );
  const sizes = trials.map((trial) => Math.abs(quantile(sortSamples(trial), 0.5)));
  const isSeen = (added: number) =>
    trials.filter((trial) => signedRankTest(trial.map((value) => value + added)).p <= 1 - confidence)
      .length >=
    POWER * TRIALS;
  let low = 0;
  let high = Math.log(LARGEST_FACTOR);
  for (let step = 0; step < SEARCH_STEPS; step++) {
    const middle = (low + high) / 2;
    if (isSeen(middle)) high = middle;
    else low = middle;
  }
  return {
    noiseFloor: Math.expm1(quantile(sortSamples(sizes), confidence)),
    smallestDetectableChange: Math.expm1(high),
  };
}

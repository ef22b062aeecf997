import { median, quantile, sortSamples } from './quantile.js';
import { minPairs, signedRankTest } from './signed-rank.js';

/** What a measurement can tell from noise; shares, 0.02 is 2 %. */
export interface Detectability {
  /** Identical arms look less different than this in a `confidence` share of measurements like this one. */
  readonly noiseFloor: number;
  /** The smallest slow-down that {@link POWER} of such measurements would call different. */
  readonly smallestDetectableChange: number;
}

/** How often a change of the smallest detectable size is seen. */
export const POWER = 0.8;

/** What is beyond this factor is seen by the eye. */
const LARGEST_FACTOR = 16;
const TRIALS = 400;
const SEARCH_STEPS = 24;

/** A normal distribution's standard deviation, in medians of its absolute values. */
const DEVIATION_PER_MEDIAN = 1.4826;

/**
 * What the pairs of a comparison of an arm with itself (A/A) say about every comparison in the same session, by
 * {@link signedRankTest} of as many pairs. Null where so few pairs can show nothing.
 *
 * The noise floor comes from drawing those log ratios again with random signs. For the smallest change normal noise of
 * their typical size (their median, so that one odd pair of ten does not decide) is drawn, and a change added until the
 * test sees it; where odd pairs are common, a change of that size is missed more often than promised.
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
  const drawTrials = (draw: () => number) =>
    Array.from({ length: TRIALS }, () => Float64Array.from({ length: n }, draw));
  const sizes = drawTrials(() => {
    const drawn = logRatios[Math.floor(random() * n)] as number;
    return random() < 0.5 ? drawn : -drawn;
  }).map((trial) => Math.abs(median(trial)));
  const deviation = DEVIATION_PER_MEDIAN * median(logRatios.map(Math.abs));
  const trials = drawTrials(() => deviation * normalDraw(random));
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

/** By Box and Muller's transform. */
function normalDraw(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

import { median, quantile, sortSamples } from './quantile.js';

/** A ratio with its interval. */
export interface RatioInterval {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** How to draw again. */
export interface BootstrapOptions {
  /** Doubles in [0, 1) from a seeded stream. */
  readonly random: () => number;
  readonly confidence: number;
  readonly resamples?: number;
}

const DEFAULT_RESAMPLES = 2000;

/**
 * The ratio of two arms measured side by side: the median of the ratios of the pairs, with the percentile interval of
 * the bootstrap (Efron, Annals of Statistics 7, 1979) over pairs. What disturbed both halves of a pair alike has
 * cancelled. Ratios come and go as natural logarithms do: `logRatios` in, plain ratios out.
 */
export function pairedRatio(
  logRatios: readonly number[],
  { random, confidence, resamples = DEFAULT_RESAMPLES }: BootstrapOptions,
): RatioInterval {
  const ratios = Float64Array.from(logRatios, Math.exp);
  const draw = () => median(drawAgain(ratios, random));
  return intervalOf(median(ratios), draw, confidence, resamples);
}

/** The ratio `b / a` of the medians of two independent samples, each drawn again by itself. */
export function unpairedRatio(
  a: readonly number[],
  b: readonly number[],
  { random, confidence, resamples = DEFAULT_RESAMPLES }: BootstrapOptions,
): RatioInterval {
  const from = Float64Array.from(a);
  const to = Float64Array.from(b);
  const draw = () => median(drawAgain(to, random)) / median(drawAgain(from, random));
  return intervalOf(median(to) / median(from), draw, confidence, resamples);
}

function intervalOf(ratio: number, draw: () => number, confidence: number, resamples: number): RatioInterval {
  const drawn = sortSamples(Array.from({ length: resamples }, draw));
  const tail = (1 - confidence) / 2;
  return { ratio, low: quantile(drawn, tail), high: quantile(drawn, 1 - tail) };
}

function drawAgain(values: Float64Array, random: () => number): Float64Array {
  return values.map(() => values[Math.floor(random() * values.length)] as number);
}

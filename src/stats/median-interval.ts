import { quantile, type SortedSamples } from './quantile.js';

/** Fewer samples than this have no 95 % interval of their median: it is then the whole range. */
export const MIN_SAMPLES_FOR_INTERVAL = 6;

/** A median with the interval that holds the true median with the wanted confidence, or all there is. */
export interface MedianInterval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The interval of a median by order statistics: ranks are chosen from the binomial distribution, so nothing is
 * assumed of the samples but that they are independent. Below six samples no pair of ranks reaches 95 %; then the
 * interval is the whole range.
 */
export function medianInterval(samples: SortedSamples, confidence = 0.95): MedianInterval {
  const n = samples.length;
  const tail = (1 - confidence) / 2;
  let below = 0;
  // The probability of exactly `rank` samples below the median, as a logarithm: 2^-n is 0 from n = 1075 on.
  let logTerm = -n * Math.LN2;
  let rank = 0;
  while (below + Math.exp(logTerm) <= tail) {
    below += Math.exp(logTerm);
    logTerm += Math.log((n - rank) / (rank + 1));
    rank++;
  }
  const lowRank = Math.max(0, rank - 1);
  return {
    median: quantile(samples, 0.5),
    low: samples[lowRank] as number,
    high: samples[n - 1 - lowRank] as number,
  };
}

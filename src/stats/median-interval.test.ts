import { describe, expect, it } from 'vitest';
import { MIN_SAMPLES_FOR_INTERVAL, medianInterval } from './median-interval.js';
import { sortSamples } from './quantile.js';

/** 1..n: the value is the rank. */
const ranks = (n: number) => sortSamples(Array.from({ length: n }, (_, i) => n - i));

/** The share of all 2^n ways to lie above or below the median in which fewer than `rank` samples lie below it. */
function tailBelow(n: number, rank: number): number {
  let row = [1];
  for (let i = 0; i < n; i++) row = [...row, 0].map((ways, k) => ways + (row[k - 1] ?? 0));
  return row.slice(0, rank).reduce((sum, ways) => sum + ways, 0) / 2 ** n;
}

describe('the interval of a median', () => {
  // Ranks of the 95 % interval from published tables of the sign test (two-sided, conservative).
  it.each([
    [6, 1, 6],
    [8, 1, 8],
    [9, 2, 8],
    [12, 3, 10],
    [15, 4, 12],
    [20, 6, 15],
    [25, 8, 18],
    [50, 18, 33],
    [1000, 469, 532],
    [2000, 956, 1045],
  ])('of %i samples spans the ranks %i to %i', (n, low, high) => {
    expect(medianInterval(ranks(n))).toMatchObject({ low, high });
  });

  it.each([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])(
    'holds it with a confidence of %d, and no narrower pair of ranks would',
    (confidence) => {
      const tail = (1 - confidence) / 2;
      for (let n = 1; n <= 60; n++) {
        const { low, high } = medianInterval(ranks(n), confidence);
        expect(low + high).toBe(n + 1);
        if (low > 1) expect(tailBelow(n, low)).toBeLessThanOrEqual(tail);
        expect(tailBelow(n, low + 1)).toBeGreaterThan(tail);
      }
    },
  );

  it('is the whole range where there are too few samples', () => {
    expect(medianInterval(ranks(3))).toEqual({ median: 2, low: 1, high: 3 });
    const atMost = (n: number) => 1 - 2 * tailBelow(n, 1);
    expect(atMost(MIN_SAMPLES_FOR_INTERVAL)).toBeGreaterThanOrEqual(0.95);
    expect(atMost(MIN_SAMPLES_FOR_INTERVAL - 1)).toBeLessThan(0.95);
  });
});

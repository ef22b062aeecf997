import { describe, expect, it } from 'vitest';
import { medianInterval } from './median-interval.js';
import { quantile, sortSamples, weightedQuantile } from './quantile.js';

/** 1..n: the value is the rank. */
const ranks = (n: number) => sortSamples(Array.from({ length: n }, (_, i) => n - i));

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

  it('is the whole range where there are too few samples', () => {
    expect(medianInterval(ranks(3))).toEqual({ median: 2, low: 1, high: 3 });
  });
});

describe('quantiles', () => {
  it('are what they say on a hundred ranks', () => {
    expect(quantile(ranks(101), 0.05)).toBe(6);
    expect(quantile(ranks(101), 0.95)).toBe(96);
  });

  it('of weighted values count each value as often as its weight', () => {
    const values = [30, 10, 20];
    const order = [1, 2, 0];
    expect(weightedQuantile(values, [1, 98, 1], order, 0.5)).toBe(10);
    expect(weightedQuantile(values, [1, 98, 1], order, 0.985)).toBe(20);
    expect(weightedQuantile(values, [0, 0, 0], order, 0.5)).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, quantile, sortSamples, weightedQuantile } from './quantile.js';

describe('quantiles', () => {
  it('are what they say on a hundred ranks', () => {
    const ranks = sortSamples(Array.from({ length: 101 }, (_, i) => 101 - i));
    expect(quantile(ranks, 0.05)).toBe(6);
    expect(quantile(ranks, 0.95)).toBe(96);
  });

  it('leave the samples that they are taken of as they are', () => {
    const samples = [3, 1, 20, 10];
    expect([...sortSamples(samples)]).toEqual([1, 3, 10, 20]);
    expect(samples).toEqual([3, 1, 20, 10]);
  });
});

describe('the median', () => {
  it('is the middle of an odd number of samples, and between the two of an even one', () => {
    expect(median([9, 1, 4])).toBe(4);
    expect(median([8, 1, 2, 6])).toBe(4);
  });
});

describe('quantiles of weighted values', () => {
  it('count each value as often as its weight', () => {
    const values = [30, 10, 20];
    const order = [1, 2, 0];
    expect(weightedQuantile(values, [1, 98, 1], order, 0.5)).toBe(10);
    expect(weightedQuantile(values, [1, 98, 1], order, 0.985)).toBe(20);
    expect(weightedQuantile(values, [0, 0, 0], order, 0.5)).toBeNull();
    expect(weightedQuantile([], [], [], 0.5)).toBeNull();
  });

  it('are those of the values written out, one for each unit of weight', () => {
    const weighted = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 6 })), {
      minLength: 1,
      maxLength: 12,
    });
    // Eighths, so that shares of a total are exact.
    fc.assert(
      fc.property(weighted, fc.integer({ min: 1, max: 8 }), (pairs, eighths) => {
        const values = pairs.map(([value]) => value);
        const weights = pairs.map(([, weight]) => weight);
        const order = values.map((_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number));
        const all = pairs
          .flatMap(([value, weight]) => Array<number>(weight).fill(value))
          .sort((a, b) => a - b);
        const expected = all.length === 0 ? null : all[Math.ceil((all.length * eighths) / 8) - 1];
        expect(weightedQuantile(values, weights, order, eighths / 8)).toBe(expected);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { randomStream } from '../sim/streams.js';
import { pairedRatio, unpairedRatio } from './bootstrap-ratio.js';
import { noise } from './noise.test-helper.js';

function logRatios(a: readonly number[], b: readonly number[]): number[] {
  return b.map((value, i) => Math.log(value / (a[i] as number)));
}

const paired: typeof unpairedRatio = (a, b, drawn) => pairedRatio(logRatios(a, b), drawn);

const options = (i: number) => ({
  random: randomStream(i, 0, 'ratio').nextUnit,
  confidence: 0.95,
  resamples: 200,
});

describe('the interval of a ratio', () => {
  it.each([
    ['of pairs', paired],
    ['of samples that are drawn apart', unpairedRatio],
  ])('%s holds the true ratio about as often as it says', (_name, interval) => {
    const next = noise('ratio');
    const runs = Array.from({ length: 200 }, (_, i) => {
      const a = Array.from({ length: 15 }, () => 100 * Math.exp(next()));
      const b = Array.from({ length: 15 }, () => 300 * Math.exp(next()));
      const { low, high } = interval(a, b, options(i));
      return low <= 3 && 3 <= high;
    });
    const share = runs.filter(Boolean).length / runs.length;
    expect(share).toBeGreaterThan(0.88);
    expect(share).toBeLessThan(1);
  });

  // Of all 5^5 draws of five values the median is the least one in 5.8 %, one of the two least in 31.7 %.
  it.each([
    [0.96, 1, 16],
    [0.8, 2, 8],
    [0.3, 4, 4],
  ])(
    'spans those values that a draw of five has as its median, at a confidence of %d',
    (confidence, low, high) => {
      const five = [8, 1, 16, 2, 4];
      const once = [1, 1, 1, 1, 1];
      const drawn = { random: options(1).random, confidence };
      expect(unpairedRatio([1], five, drawn)).toEqual({ ratio: 4, low, high });
      expect(unpairedRatio(five, [16], drawn)).toEqual({ ratio: 4, low: 16 / high, high: 16 / low });
      const { ratio, ...ends } = paired(once, five, drawn);
      expect(ratio).toBeCloseTo(4, 9);
      expect(ends.low).toBeCloseTo(low, 9);
      expect(ends.high).toBeCloseTo(high, 9);
    },
  );

  it('does not see what disturbs both halves of a pair', () => {
    const load = [1, 5, 2, 9, 1, 3, 7, 1, 4, 6];
    const twice = load.map((x) => 2 * x);
    const { ratio, low, high } = paired(load, twice, options(1));
    for (const value of [ratio, low, high]) expect(value).toBeCloseTo(2, 9);
    const unpaired = unpairedRatio(load, twice, options(1));
    expect(unpaired.ratio).toBe(2);
    expect(unpaired.high - unpaired.low).toBeGreaterThan(1);
  });

  it('draws as often as asked', () => {
    let draws = 0;
    const random = () => {
      draws++;
      return 0;
    };
    const { low, high } = unpairedRatio([1, 2, 3], [5, 6], { random, confidence: 0.9, resamples: 7 });
    expect(draws).toBe(7 * (3 + 2));
    // The first value, whenever one is drawn.
    expect([low, high]).toEqual([5, 5]);
  });
});

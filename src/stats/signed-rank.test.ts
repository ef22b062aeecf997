import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minPairs, signedRankTest } from './signed-rank.js';

/** All 2^n signs of the same sizes, counted one by one. */
function byEnumeration(differences: readonly number[]): number {
  const sizes = differences.filter((value) => value !== 0).map(Math.abs);
  const rank = (size: number) => {
    const below = sizes.filter((other) => other < size).length;
    const same = sizes.filter((other) => other === size).length;
    return below + (same + 1) / 2;
  };
  const statistic = (signs: readonly number[]) =>
    Math.abs(sizes.reduce((sum, size, i) => sum + (signs[i] as number) * rank(size), 0));
  const seen = statistic(differences.filter((value) => value !== 0).map(Math.sign));
  let extreme = 0;
  for (let bits = 0; bits < 2 ** sizes.length; bits++) {
    const signs = sizes.map((_, i) => ((bits >> i) & 1 ? 1 : -1));
    if (statistic(signs) >= seen - 1e-9) extreme++;
  }
  return extreme / 2 ** sizes.length;
}

/** Differences of the sizes 1..n, those against the rest with the sum of ranks `negative`. */
function differencesOf(n: number, negative: number): number[] {
  let left = negative;
  return Array.from({ length: n }, (_, i) => {
    const rank = n - i;
    if (rank > left) return rank;
    left -= rank;
    return -rank;
  });
}

describe('the signed-rank test', () => {
  it('gives the p of the published table', () => {
    // n = 8, T = 0 and n = 10, T = 3: two-sided 0.0078 and 0.0098.
    expect(signedRankTest([1, 2, 3, 4, 5, 6, 7, 8]).p).toBeCloseTo(0.0078125, 9);
    expect(signedRankTest([-1, -2, 3, 4, 5, 6, 7, 8, 9, 10]).p).toBeCloseTo(10 / 1024, 9);
  });

  // Two-sided critical values at 5 % and 1 %, as in McCornack, Journal of the American Statistical Association 60, 1965.
  it.each([
    [8, 3, 0],
    [9, 5, 1],
    [10, 8, 3],
    [12, 13, 7],
    [15, 25, 15],
    [20, 52, 37],
    [25, 89, 68],
    [30, 137, 109],
  ])('of %i pairs has the critical values %i and %i of the tables', (n, at5, at1) => {
    for (const [critical, share] of [
      [at5, 0.05],
      [at1, 0.01],
    ] as const) {
      expect(signedRankTest(differencesOf(n, critical)).p).toBeLessThanOrEqual(share);
      expect(signedRankTest(differencesOf(n, critical + 1)).p).toBeGreaterThan(share);
      expect(signedRankTest(differencesOf(n, critical).map((value) => -value)).p).toBeLessThanOrEqual(share);
    }
  });

  it('is the published one of the worked example of Hollander and Wolfe', () => {
    // Depression scale factors before and after: V = 40, one-sided p = 0.01953.
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    const { p, n, name, assumption } = signedRankTest(before.map((value, i) => value - (after[i] as number)));
    expect(p).toBeCloseTo(2 * 0.01953, 4);
    expect(n).toBe(9);
    expect(name).toMatch(/Wilcoxon signed-rank/);
    expect(assumption).toMatch(/^pairs .* either way equally often$/);
  });

  it('counts only the pairs that differ', () => {
    expect(signedRankTest([0, 3, 0, -1, 2, 0]).n).toBe(3);
  });

  it('takes any number of pairs, by the normal distribution', () => {
    const n = 100_000;
    // The sum of the negative ranks lies 2 standard deviations below its mean.
    const sum = Math.round((n * (n + 1)) / 4 - 2 * Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24));
    expect(signedRankTest(differencesOf(n, sum)).p).toBeCloseTo(0.0455, 4);
  });

  it('equals the count over all signs, with ties and zeros', () => {
    const value = fc.integer({ min: -6, max: 6 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 9 }), (differences) => {
        expect(signedRankTest(differences).p).toBeCloseTo(byEnumeration(differences), 9);
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('goes over to the normal distribution without a step', () => {
    const ramp = (n: number) => Array.from({ length: n }, (_, i) => (i % 5 < 2 ? -i - 1 : i + 1));
    expect(signedRankTest(ramp(205)).p).toBeCloseTo(signedRankTest(ramp(200)).p, 2);
  });

  it('is as good beyond the pairs that are counted out: 210 pairs against a count over all sets of ranks', () => {
    const n = 210;
    // The share of all sets of the ranks 1..n with each sum.
    let shares = [1];
    for (let rank = 1; rank <= n; rank++) {
      const next = Array<number>(shares.length + rank).fill(0);
      for (const [sum, share] of shares.entries()) {
        next[sum] = (next[sum] ?? 0) + share / 2;
        next[sum + rank] = (next[sum + rank] ?? 0) + share / 2;
      }
      shares = next;
    }
    // 1.73 standard deviations below the mean, where a normal distribution errs least.
    const sum = 9550;
    const counted = 2 * shares.slice(0, sum + 1).reduce((all, share) => all + share, 0);
    expect(Math.abs(signedRankTest(differencesOf(n, sum)).p / counted - 1)).toBeLessThan(5e-4);
  });

  it('finds nothing in nothing', () => {
    expect(signedRankTest([]).p).toBe(1);
    expect(signedRankTest([0, 0]).p).toBe(1);
  });

  it('needs 6 pairs for 95 % and 8 for 99 %', () => {
    expect([minPairs(0.95), minPairs(0.99)]).toEqual([6, 8]);
  });
});

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

describe('the signed-rank test', () => {
  it('gives the p of the published table', () => {
    // n = 8, T = 0 and n = 10, T = 3: two-sided 0.0078 and 0.0098.
    expect(signedRankTest([1, 2, 3, 4, 5, 6, 7, 8]).p).toBeCloseTo(0.0078125, 9);
    expect(signedRankTest([-1, -2, 3, 4, 5, 6, 7, 8, 9, 10]).p).toBeCloseTo(10 / 1024, 9);
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

  it('finds nothing in nothing', () => {
    expect(signedRankTest([]).p).toBe(1);
    expect(signedRankTest([0, 0]).p).toBe(1);
  });

  it('needs 6 pairs for 95 % and 8 for 99 %', () => {
    expect([minPairs(0.95), minPairs(0.99)]).toEqual([6, 8]);
  });
});

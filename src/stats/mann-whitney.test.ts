import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mannWhitneyTest } from './mann-whitney.js';

/** Every way to choose which of the values are of `a`, counted one by one. */
function byEnumeration(a: readonly number[], b: readonly number[]): number {
  const all = [...a, ...b];
  const u = (members: readonly boolean[]) => {
    let wins = 0;
    for (const [i, one] of all.entries()) {
      for (const [j, other] of all.entries()) {
        if (members[i] && !members[j] && one > other) wins++;
      }
    }
    return Math.abs(wins - (a.length * b.length) / 2);
  };
  const seen = u(all.map((_, i) => i < a.length));
  let extreme = 0;
  let orders = 0;
  for (let bits = 0; bits < 2 ** all.length; bits++) {
    const members = all.map((_, i) => ((bits >> i) & 1) === 1);
    if (members.filter(Boolean).length !== a.length) continue;
    orders++;
    if (u(members) >= seen - 1e-9) extreme++;
  }
  return extreme / orders;
}

describe('the Mann-Whitney test', () => {
  it('gives the p of the published table: 5 and 5 values, U = 2', () => {
    expect(mannWhitneyTest([1, 2, 3, 4, 7], [5, 6, 8, 9, 10]).p).toBeCloseTo(8 / 252, 9);
  });

  it('equals the count over all orders where no values are equal', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 9 }),
        fc.integer({ min: 1, max: 8 }),
        (values, cut) => {
          const at = Math.min(cut, values.length - 1);
          const [a, b] = [values.slice(0, at), values.slice(at)];
          expect(mannWhitneyTest(a, b).p).toBeCloseTo(byEnumeration(a, b), 9);
        },
      ),
      { seed: 5, numRuns: 60 },
    );
  });

  it('copes with ties: all equal says nothing, all apart says much', () => {
    expect(mannWhitneyTest([1, 1, 1], [1, 1, 1]).p).toBe(1);
    expect(mannWhitneyTest(Array(20).fill(1), Array(20).fill(2)).p).toBeLessThan(1e-6);
  });
});

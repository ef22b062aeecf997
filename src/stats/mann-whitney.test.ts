import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mannWhitneyP } from './mann-whitney.js';

/** Every way to choose which of the values are of `a`, counted one by one. */
function byEnumeration(a: readonly number[], b: readonly number[]): number {
  const all = [...a, ...b];
  const u = (members: readonly boolean[]) => {
    let wins = 0;
    for (const [i, one] of all.entries()) {
      for (const [j, other] of all.entries()) {
        if (members[i] && !members[j]) wins += (Math.sign(one - other) + 1) / 2;
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

/** Two samples without ties of `n` and `m` values, of whose pairs `u` have the first value above the second. */
function samplesOf(n: number, m: number, u: number): [number[], number[]] {
  const a = Array.from({ length: n }, (_, i) => {
    const below = Math.max(0, Math.min(m, u - i * m));
    return below + 0.5 + i / (2 * n);
  });
  return [a, Array.from({ length: m }, (_, j) => j + 1)];
}

describe('the Mann-Whitney test', () => {
  it('gives the p of the published table: 5 and 5 values, U = 2', () => {
    expect(mannWhitneyP([1, 2, 3, 4, 7], [5, 6, 8, 9, 10])).toBeCloseTo(8 / 252, 9);
  });

  // Two-sided critical values at 5 % and 1 %, as in Milton, Journal of the American Statistical Association 59, 1964.
  it.each([
    [5, 5, 2, 0],
    [4, 10, 5, 2],
    [8, 8, 13, 7],
    [10, 10, 23, 16],
    [15, 15, 64, 51],
    [12, 20, 69, 54],
    [20, 20, 127, 105],
  ])('of %i and %i values has the critical values %i and %i of the tables', (n, m, at5, at1) => {
    for (const [critical, share] of [
      [at5, 0.05],
      [at1, 0.01],
    ] as const) {
      for (const [a, b] of [
        [n, m],
        [m, n],
      ] as const) {
        expect(mannWhitneyP(...samplesOf(a, b, critical))).toBeLessThanOrEqual(share);
        expect(mannWhitneyP(...samplesOf(a, b, critical + 1))).toBeGreaterThan(share);
        expect(mannWhitneyP(...samplesOf(a, b, a * b - critical))).toBeLessThanOrEqual(share);
      }
    }
  });

  it('is the published one of worked examples: the permeability of Hollander and Wolfe, the ozone of New York', () => {
    const atTerm = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const early = [1.15, 0.88, 0.9, 0.74, 1.21];
    expect(mannWhitneyP(atTerm, early)).toBeCloseTo(2 * 0.1272, 4);
    // Ozone in May and August 1973, with ties: U = 127.5, p = 0.0001208.
    const may = [41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45];
    const august = [39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73];
    expect(mannWhitneyP([...may, 115, 37], [...august, 76, 118, 84, 85])).toBeCloseTo(0.0001208, 6);
  });

  it('equals the count over all orders where no values are equal', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 9 }),
        fc.integer({ min: 1, max: 8 }),
        (values, cut) => {
          const at = Math.min(cut, values.length - 1);
          const [a, b] = [values.slice(0, at), values.slice(at)];
          expect(mannWhitneyP(a, b)).toBeCloseTo(byEnumeration(a, b), 9);
        },
      ),
      { seed: 5, numRuns: 60 },
    );
  });

  it('is counted out also where one side has few values and the other many', () => {
    // Both above all 300 others, or both below: 2 of 302 * 301 / 2 choices.
    const [a, b] = samplesOf(2, 300, 600);
    expect(mannWhitneyP(a, b) / (4 / (302 * 301))).toBeCloseTo(1, 9);
    expect(mannWhitneyP(b, a) / (4 / (302 * 301))).toBeCloseTo(1, 9);
  });

  it('is near the count over all orders where some values are equal, and the samples are apart', () => {
    const six = (min: number) => fc.array(fc.integer({ min, max: min + 6 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(six(0), six(4), (a, b) => {
        const counted = byEnumeration(a, b);
        if (counted < 0.2) expect(Math.abs(mannWhitneyP(a, b) - counted)).toBeLessThan(0.02);
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  it('of values of two kinds is the one of the hypergeometric distribution with the same mean and variance', () => {
    // Three of six are drawn, three of six are ones: variance 3 * 3 * 3 * 3 / (6 * 6 * 5) = 0.45, all three are drawn.
    // z = (1.5 - 0.5 / 3) / sqrt(0.45) = 1.988, and 2 * Q(1.988) = 0.0468 by the table.
    expect(mannWhitneyP([1, 1, 1], [0, 0, 0])).toBeCloseTo(0.0468, 3);
  });

  it('copes with ties: all equal says nothing, all apart says much', () => {
    expect(mannWhitneyP([1, 1, 1], [1, 1, 1])).toBe(1);
    expect(mannWhitneyP(Array(20).fill(1), Array(20).fill(2))).toBeLessThan(1e-6);
  });

  it('says nothing where a side has no values', () => {
    expect([mannWhitneyP([], []), mannWhitneyP([], [1, 1]), mannWhitneyP([1, 2, 3], [])]).toEqual([1, 1, 1]);
  });

  it('takes samples of any size, by the normal distribution', () => {
    const n = 100_000;
    // U lies 2 standard deviations below its mean, n * m * (n + m + 1) / 12 being the variance without ties.
    const u = Math.round((n * n) / 2 - 2 * Math.sqrt((n * n * (2 * n + 1)) / 12));
    expect(mannWhitneyP(...samplesOf(n, n, u))).toBeCloseTo(0.0455, 4);
  });
});

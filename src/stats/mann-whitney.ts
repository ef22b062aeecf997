import { normalTail } from './normal-tail.js';
import { midRanks } from './ranks.js';

/** Up to this many pairs of a value of either side, and without ties, the distribution is counted out. */
const MAX_EXACT_PAIRS = 1600;

/**
 * The two-sided p of the Mann-Whitney U test of two independent samples (Annals of Mathematical Statistics 18, 1947):
 * how often samples of one and the same distribution would look at least this different. Exact for small samples
 * without ties, else by the normal distribution with the correction for ties. For results of different sessions, which
 * have no pairs; inside one session the signed-rank test of pairs sees more. 1 where a side has no values.
 */
export function mannWhitneyP(a: readonly number[], b: readonly number[]): number {
  const ranks = midRanks([...a, ...b]);
  const rankSum = ranks.subarray(0, a.length).reduce((sum, rank) => sum + rank, 0);
  const u = rankSum - (a.length * (a.length + 1)) / 2;
  const pairs = a.length * b.length;
  const smaller = Math.min(u, pairs - u);
  const ties = tieTerm([...a, ...b]);
  if (ties === 0 && pairs <= MAX_EXACT_PAIRS) return exactP(a.length, b.length, smaller);
  return approximateP(a.length, b.length, smaller, ties);
}

/** Counts the orders of `n` and `m` values by their U, one value of either side at a time. */
function exactP(n: number, m: number, smaller: number): number {
  // counts[j][u]: orders of i values of one side and j of the other with this U, i going up.
  let counts = Array.from({ length: m + 1 }, () => firstRow(smaller));
  for (let i = 1; i <= n; i++) {
    const next = [firstRow(smaller)];
    for (let j = 1; j <= m; j++) {
      const row = new Float64Array(smaller + 1);
      const withoutOther = next[j - 1] as Float64Array;
      const withoutOne = counts[j] as Float64Array;
      // The largest value is of one side, above j others, or of the other.
      for (let u = 0; u <= smaller; u++) {
        row[u] = (withoutOther[u] as number) + (u >= j ? (withoutOne[u - j] as number) : 0);
      }
      next.push(row);
    }
    counts = next;
  }
  let orders = 1;
  for (let k = 1; k <= m; k++) orders = (orders * (n + k)) / k;
  const extreme = (counts[m] as Float64Array).reduce((sum, ways) => sum + ways, 0);
  return Math.min(1, (2 * extreme) / orders);
}

function firstRow(smaller: number): Float64Array {
  const row = new Float64Array(smaller + 1);
  row[0] = 1;
  return row;
}

function approximateP(n: number, m: number, smaller: number, ties: number): number {
  const all = n + m;
  const variance = ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)));
  // Where all values are equal the variance is 0, so z is minus infinity and p is 1.
  return Math.min(1, 2 * normalTail(((n * m) / 2 - smaller - 0.5) / Math.sqrt(variance)));
}

/** The sum of t^3 - t over all groups of t equal values. */
function tieTerm(values: readonly number[]): number {
  const groups = new Map<number, number>();
  for (const value of values) groups.set(value, (groups.get(value) ?? 0) + 1);
  return [...groups.values()].reduce((sum, t) => sum + t ** 3 - t, 0);
}

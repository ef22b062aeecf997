import { normalTail } from './normal-tail.js';
import { midRanks } from './ranks.js';

/** What a test says about two arms; the name is the assumption that it rests on. */
export interface TestResult {
  readonly name: string;
  readonly assumption: string;
  /** Two-sided: how often identical arms would look at least this different. 1 where there is nothing to test. */
  readonly p: number;
  /** Values that the test could use. */
  readonly n: number;
}

/** Up to this many pairs the distribution is counted out; beyond, the normal one is as good. */
const MAX_EXACT_PAIRS = 200;

/**
 * Wilcoxon's signed-rank test of paired differences (Biometrics Bulletin 1, 1945), exact also with ties: it counts
 * how many of the 2^n ways to sign the given ranks are as extreme. It assumes that, were the arms identical, each
 * difference would be as likely with the other sign; the seeded random order of the arms inside a round sees to
 * that. Nothing is assumed of the shape of the noise. Differences of 0 say nothing and are left out.
 */
export function signedRankTest(differences: Iterable<number>): TestResult {
  const used = [...differences].filter((difference) => difference !== 0);
  const n = used.length;
  // Twice the midranks, so that ties stay whole numbers.
  const ranks = Array.from(midRanks(used.map(Math.abs)), (rank) => 2 * rank);
  let positive = 0;
  let total = 0;
  for (const [i, rank] of ranks.entries()) {
    total += rank;
    if ((used[i] as number) > 0) positive += rank;
  }
  const smaller = Math.min(positive, total - positive);
  return {
    name: 'Wilcoxon signed-rank',
    assumption: 'pairs measured side by side; identical arms would differ either way equally often',
    p: n <= MAX_EXACT_PAIRS ? exactP(ranks, smaller) : approximateP(ranks, smaller),
    n,
  };
}

/** The fewest pairs with which the signed-rank test can reach a confidence: 2 of 2^n signs are the most extreme. */
export function minPairs(confidence: number): number {
  return Math.ceil(1 - Math.log2(1 - confidence));
}

function exactP(ranks: readonly number[], smaller: number): number {
  const ways = new Float64Array(smaller + 1);
  ways[0] = 1;
  for (const rank of ranks) {
    // Halved at every step: the sum over all signs stays 1 and nothing overflows.
    for (let sum = smaller; sum >= 0; sum--) {
      ways[sum] = ((ways[sum] as number) + (sum >= rank ? (ways[sum - rank] as number) : 0)) / 2;
    }
  }
  return Math.min(1, 2 * ways.reduce((sum, share) => sum + share, 0));
}

function approximateP(ranks: readonly number[], smaller: number): number {
  const mean = ranks.reduce((sum, rank) => sum + rank, 0) / 2;
  const variance = ranks.reduce((sum, rank) => sum + rank * rank, 0) / 4;
  return Math.min(1, 2 * normalTail((mean - smaller - 1) / Math.sqrt(variance)));
}

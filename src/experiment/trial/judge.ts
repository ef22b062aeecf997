import type { Verdict } from '../../result/claim-document.js';

/** The share of the mass that must lie in a band for the verdict `inside`. */
const INSIDE_FROM = 0.5;
/** The share that must lie on one side of it for `above` or `below`. */
const BESIDE_FROM = 0.9;

/** Fewer predictions than this decide nothing. */
const MIN_PREDICTIONS = 20;

/** Where the predictions lie, as shares of them all, and what follows. */
export interface Judgement {
  readonly below: number;
  readonly inside: number;
  readonly above: number;
  readonly verdict: Verdict;
}

/** Judges a band, ends included, by the rates predicted for it. Without any there is no verdict but `cannot`. */
export function judge(rates: ArrayLike<number>, [low, high]: readonly [number, number]): Judgement {
  const total = rates.length;
  if (total === 0) return { below: 0, inside: 0, above: 0, verdict: 'cannot' };
  let below = 0;
  let above = 0;
  for (let i = 0; i < total; i++) {
    if ((rates[i] as number) < low) below++;
    else if ((rates[i] as number) > high) above++;
  }
  const shares = { below: below / total, inside: (total - below - above) / total, above: above / total };
  return { ...shares, verdict: total < MIN_PREDICTIONS ? 'undecided' : verdictOf(shares) };
}

function verdictOf({ below, inside, above }: Omit<Judgement, 'verdict'>): Verdict {
  if (inside >= INSIDE_FROM) return 'inside';
  if (above >= BESIDE_FROM) return 'above';
  return below >= BESIDE_FROM ? 'below' : 'undecided';
}

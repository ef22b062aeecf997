import {
  type ClaimArm,
  type ClaimDocument,
  type ClaimRow,
  FAST_ARMS,
  type Verdict,
} from '../result/claim-document.js';
import type { ClaimNumbers } from '../result/run-document.js';
import { MB, significant } from '../units.js';

/** The share in the band of an assumption that is shown moves by this much between its ends. */
export const SHOWN_FROM = 0.05;

/** The verdict in one sentence. */
export function verdictText(claim: ClaimDocument): string {
  const isPossible = (row: ClaimRow) => row.arms.some(({ verdict }) => verdict !== 'cannot');
  const own = claim.rows[0];
  const cannot = own !== undefined && !isPossible(own);
  const possible = claim.rows.filter(isPossible).length;
  const arms = FAST_ARMS.flatMap((id) => claim.arms.find((arm) => arm.id === id) ?? []);
  const judged = arms.map((arm) => `${arm.id} ${verdictWords(arm)}`).join(', ');
  if (claim.calibrated.value === null) {
    return `Verdict: no machine and traffic tried here can have given ${rate(claim.slow)} MB/s`;
  }
  const begin = cannot
    ? `this machine and traffic cannot have given ${rate(claim.slow)} MB/s; ${possible} of ${claim.rows.length} rows can; in "${claim.judgedRow}" `
    : '';
  return `Verdict: ${begin}${judged}${controlWords(claim)}`;
}

/** Where the control makes no hypercall and is in the band all the same, something else gives the claimed figures. */
function controlWords({ arms }: ClaimDocument): string {
  const control = arms.find(({ id }) => id === 'direct');
  if (control?.verdict !== 'inside' || control.rateBytesPerSec === null) return '';
  return `; but this is no test of the hypercalls: direct, which makes none, gives ${rate(control.rateBytesPerSec)} MB/s, in the band too`;
}

function verdictWords({ verdict, below, inside, above }: ClaimArm): string {
  const words: Record<Verdict, string> = {
    inside: 'reproduces',
    above: 'is above the band',
    below: 'is below the band',
    undecided: 'is undecided',
    cannot: 'cannot be judged',
  };
  return `${words[verdict]} (${percent(below)} below, ${percent(inside)} inside, ${percent(above)} above)`;
}

/** The claim's speed-ups. */
export function ratios({ slow, fast }: ClaimNumbers): string {
  return `${significant(fast[0] / slow)}x..${significant(fast[1] / slow)}x`;
}

/** A band of rates in MB/s. */
export function band([low, high]: readonly [number, number]): string {
  return `${rate(low)}..${rate(high)}`;
}

/** The shortest band that a trial would call inside. Where half of its draws give one rate, no band with it is too short. */
export function shortestInside(narrowest: readonly [number, number]): string {
  const [low, high] = narrowest.map(rate);
  return low === high
    ? `half of its draws give ${low}, so every band with that in it is called inside`
    : `none shorter than ${low}..${high} is called inside`;
}

/** A rate in MB/s, without the unit. */
export function rate(bytesPerSec: number): string {
  return significant(bytesPerSec / MB);
}

/** Whole percents, but never 0 for a little nor 100 for nearly all. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return '< 1 %';
  if (share < 1 && share > 0.99) return '> 99 %';
  return `${(share * 100).toFixed(0)} %`;
}

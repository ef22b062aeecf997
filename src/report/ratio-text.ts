import type { Comparison } from '../result/run-document.js';
import { significant } from '../units.js';

/** How many times as much, with the interval over the draws. */
export function ratioText({
  ratio,
  ratioLow,
  ratioHigh,
}: Pick<Comparison, 'ratio' | 'ratioLow' | 'ratioHigh'>): string {
  return `${significant(ratio)}x (${significant(ratioLow)}x..${significant(ratioHigh)}x)`;
}

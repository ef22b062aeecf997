import { inputError } from '../../errors.js';

/** A range as it is written: both ends, and how many points between them in which steps. */
export interface RangeEnds {
  readonly from: string;
  readonly to: string;
  /** null: every whole number. */
  readonly steps: 'lin' | 'log' | null;
  readonly points: number;
}

const MAX_POINTS = 100_000;
/** Significant digits of a point between the ends. */
const DIGITS = 12;
const RANGE = /^(-?\.?\d[\w.+/-]*?)\.\.(-?\.?\d[\w.+/-]*?)(?::(lin|log)(\d+))?$/;

/** What nobody writes but for a range. */
const LIKE_RANGE = /^-?\.?\d[^[{"]*\.\./;

/** The range that a text is, or null: both ends must begin with a digit. `place` names it where it is no whole one. */
export function rangeIn(text: string, place: string): RangeEnds | null {
  const match = text.split('..').length > 2 ? null : RANGE.exec(text);
  if (match === null && LIKE_RANGE.test(text)) {
    throw inputError(`${place}: ${text} is no range`, 'write it as 1..8, 1us..40us:log12 or 0..1:lin5');
  }
  if (match === null) return null;
  const [, from = '', to = '', steps, points = '0'] = match;
  return { from, to, steps: (steps as 'lin' | 'log' | undefined) ?? null, points: Number(points) };
}

/**
 * The points of a range, from the first end to the second, which both are points themselves. Equal steps (`lin`) or
 * equal ratios (`log`); with `isWhole` those between are rounded, and what then falls on its neighbour is left out.
 */
export function rangePoints(
  { steps, points, from, to }: RangeEnds,
  low: number,
  high: number,
  isWhole: boolean,
  place: string,
): readonly number[] {
  const written = `${place}: ${from}..${to}`;
  if (low === high) throw inputError(`${written} begins where it ends`, 'give one value');
  if (steps === null) return wholeNumbers(low, high, { from, to, written });
  if (points < 2 || points > MAX_POINTS) {
    throw inputError(`${written} has ${points} points`, `give 2 to ${MAX_POINTS}`);
  }
  if (steps === 'log' && (low <= 0 || high <= 0)) {
    throw inputError(`${written} has no equal ratios from 0`, 'begin above 0, or use lin');
  }
  const inner = Array.from({ length: points - 2 }, (_, i) => {
    const share = (i + 1) / (points - 1);
    const at = steps === 'lin' ? low + (high - low) * share : low * (high / low) ** share;
    return isWhole ? Math.round(at) : Number(at.toPrecision(DIGITS));
  });
  return [low, ...inner, high].filter((value, i, all) => i === 0 || value !== all[i - 1]);
}

function wholeNumbers(
  low: number,
  high: number,
  { from, to, written }: { from: string; to: string; written: string },
): readonly number[] {
  const areWhole =
    Number(from) === low && Number(to) === high && Number.isInteger(low) && Number.isInteger(high);
  if (!areWhole) {
    throw inputError(`${written} does not say how many points`, `for example ${from}..${to}:log8, or :lin8`);
  }
  const count = Math.abs(high - low) + 1;
  if (count > MAX_POINTS) throw inputError(`${written} has ${count} points`, `give at most ${MAX_POINTS}`);
  const step = Math.sign(high - low);
  return Array.from({ length: count }, (_, i) => low + i * step);
}

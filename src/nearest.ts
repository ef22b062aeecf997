import { inputError } from './errors.js';

/** The one of that name; `subject` begins the input error where there is none, which tells the known names. */
export function named<T extends { readonly id: string }>(
  subject: string,
  name: string,
  all: readonly T[],
): T {
  const found = all.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const known = all.map(({ id }) => id);
  throw inputError(`${subject} is unknown`, knownHint(name, known));
}

/** A longer word is no slip of the fingers. */
const MAX_WORD = 64;

/**
 * The known word that a mistyped one is for: the only one that begins so, else the nearest; undefined where none is near
 * enough to be meant.
 */
function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > MAX_WORD || word === '') return undefined;
  const begun = known.filter((candidate) => candidate.toLowerCase().startsWith(word.toLowerCase()));
  if (begun.length === 1) return begun[0];
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 2)) + 1;
  for (const candidate of begun.length > 1 ? begun : known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** What to say after an unknown word: the nearest one, or all of them. */
export function knownHint(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? `known: ${known.join(', ')}` : `did you mean ${near}?`;
}

/** So few words are told even where one of them is near. */
const FEW_WORDS = 12;

/** As {@link knownHint}, but a few known words are told beside the nearest; empty where none is known. */
export function nearestAndKnown(word: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const hint = knownHint(word, known);
  const all = `known: ${known.join(', ')}`;
  return hint === all || known.length === 1 || known.length > FEW_WORDS ? hint : `${hint} ${all}`;
}

/** Letters to add, leave out or replace, or neighbours to exchange. */
function editDistance(a: string, b: string): number {
  let beforeThat: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isExchanged = j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const exchange = isExchanged ? (beforeThat[j - 2] ?? i) + 1 : replace;
      row.push(Math.min(replace, exchange, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    beforeThat = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}

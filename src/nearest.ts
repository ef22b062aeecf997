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

/** The known word nearest to a mistyped one, or undefined where none is near enough to be meant. */
function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > MAX_WORD) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 2)) + 1;
  for (const candidate of known) {
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

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replace, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/**
 * What may go wrong, by whose mistake it is.
 *
 * A guest's mistake is a return code, never an exception. A user's mistake is a {@link TcebenchError}: one
 * sentence that says what, where and how to mend it. Our own mistake is a failed {@link assert}.
 */

/**
 * `input`: nothing ran and nothing is kept. `undecided`: not enough data to answer. `scenario`: a run failed. `output`:
 * a result could not be written.
 */
export type ErrorKind = 'input' | 'undecided' | 'scenario' | 'output';

/** A mistake of the user, told in one sentence; only `cli` prints it and turns its kind into an exit code. */
export class TcebenchError extends Error {
  override readonly name = 'TcebenchError';
  readonly kind: ErrorKind;
  /** How to mend it, one sentence without a full stop; the empty string where the message says it already. */
  readonly hint: string;

  constructor(kind: ErrorKind, message: string, hint = '') {
    super(oneLine(message));
    this.kind = kind;
    this.hint = oneLine(hint);
  }
}

/** What a message may have of a long value from outside: its beginning and its end. */
const MAX_HEAD = 600;
const MAX_TAIL = 200;

/** One line that any terminal may show: control characters of names and values are written as escapes. */
function oneLine(text: string): string {
  const line = text.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return line.length > MAX_HEAD + MAX_TAIL ? `${line.slice(0, MAX_HEAD)} ... ${line.slice(-MAX_TAIL)}` : line;
}

/** An input that cannot be used: exit code 2. */
export function inputError(message: string, hint = ''): TcebenchError {
  return new TcebenchError('input', message, hint);
}

/** Fails when the program itself is wrong, never because of what a user or a guest did. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}

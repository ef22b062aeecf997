import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { inputError, TcebenchError } from './errors.js';

/** Bytes of a text that is read whole. What is made of it takes up to thirty times as much memory. */
export const MAX_TEXT_BYTES = 64 * 2 ** 20;

/** Bytes of a scenario or a profile: enough for the longest list that a scenario may have. */
export const MAX_SCENARIO_BYTES = 8 * 2 ** 20;

const STDIN = 0;
/** Bytes asked for at a time of what has no length of its own. */
const PIECE_BYTES = 2 ** 16;
/** Where the shell puts the pipes that it makes itself; 0 to 2 are the process's own. */
const SHELL_PIPE = /^\/(?:dev|proc\/self)\/fd\/(?:[3-9]|[1-9]\d+)$/;

/**
 * Refuses a file that may never end, or never begin, where a document or a rule names it rather than the user: nobody
 * would know what it waits for. A pipe of the shell, `<(zcat FILE)`, is taken. What is not there is left to the reader.
 *
 * @throws TcebenchError where the path is a pipe, a socket or a device
 */
export function checkNoSpecialFile(path: string): void {
  let stat: ReturnType<typeof statSync>;
  try {
    stat = statSync(path);
  } catch {
    return;
  }
  if (stat === undefined || stat.isFile() || stat.isDirectory()) return;
  if (stat.isFIFO() && SHELL_PIPE.test(path)) return;
  throw inputError(`${path} is no regular file, so nobody knows whether it ends`, 'copy it to a file first');
}

/** What messages call an input: its path, or `stdin` for `-`. */
export function inputName(path: string): string {
  return path === '-' ? 'stdin' : path;
}

/** How a file is read. */
export interface ReadOptions {
  readonly maxBytes?: number;
  /** How to mend it where the file cannot be read. */
  readonly hint?: string;
}

/**
 * Reads a file whole, `-` for stdin; a pipe too, to its end.
 *
 * @throws TcebenchError where it cannot be read, or is longer than `maxBytes`, so that a device without end is refused
 */
export function readBytes(path: string, { maxBytes = MAX_TEXT_BYTES, hint }: ReadOptions = {}): Buffer {
  try {
    return readWhole(path, maxBytes);
  } catch (error) {
    throw unreadable(path, error, hint);
  }
}

/** As {@link readBytes}, as text in UTF-8; what is no such text is refused. */
export function readText(path: string, options?: ReadOptions): string {
  return utf8Text(readBytes(path, options), inputName(path));
}

/**
 * The text that bytes hold; `name` is what messages call them.
 *
 * @throws TcebenchError where they are no text in UTF-8: a message that cites them would garble a terminal
 */
export function utf8Text(bytes: Buffer, name: string): string {
  // A text in UTF-16 without a mark is good UTF-8 with a zero beside every letter.
  if (isUtf8(bytes) && !bytes.includes(0)) return bytes.toString('utf8');
  throw inputError(`${name} is no text in UTF-8`, 'save it as UTF-8, or name another file');
}

/** As {@link readText}, of a file that only a rule or a document names; null where there is none. */
export function readTextIfThere(
  path: string,
  { maxBytes = MAX_TEXT_BYTES, hint }: ReadOptions = {},
): string | null {
  checkNoSpecialFile(path);
  try {
    return readWhole(path, maxBytes).toString('utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw unreadable(path, error, hint);
  }
}

/** Why a file cannot be read, by the code of the system. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  ERR_INVALID_ARG_VALUE: 'its name has a character that no file name may have',
};

/** The input error for what the system says of a file that cannot be read; an error of our own stays what it is. */
export function unreadable(path: string, error: unknown, hint = 'name a file that is there'): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof TcebenchError || code === undefined) return error;
  return inputError(`cannot read ${inputName(path)}: ${REASONS[code] ?? message}`, hint);
}

function readWhole(path: string, maxBytes: number): Buffer {
  const fd = path === '-' ? STDIN : openSync(path, 'r');
  try {
    const pieces: Buffer[] = [];
    let bytes = 0;
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE_BYTES);
      const read = readSync(fd, piece, 0, piece.length, null);
      if (read === 0) return Buffer.concat(pieces, bytes);
      bytes += read;
      if (bytes > maxBytes) throw tooLong(inputName(path), maxBytes);
      pieces.push(piece.subarray(0, read));
    }
  } finally {
    if (fd !== STDIN) closeSync(fd);
  }
}

/** A stream whole, within a bound; `name` is what messages call it. */
export async function readStream(
  stream: AsyncIterable<Uint8Array>,
  name: string,
  maxBytes = MAX_TEXT_BYTES,
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of stream) {
    bytes += piece.length;
    if (bytes > maxBytes) throw tooLong(name, maxBytes);
    pieces.push(piece);
  }
  return Buffer.concat(pieces, bytes);
}

/** The lines of a text one after another, an empty one behind its last newline; no list of all is made. */
export function* linesOf(text: string): Generator<string> {
  let at = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
    yield text.slice(at, end);
    at = end + 1;
  }
  yield text.slice(at);
}

/** What to say of a text that is longer than it may be; inflated, where it is gzip. */
export function tooLong(name: string, maxBytes: number): Error {
  return inputError(
    `${name} holds more than ${maxBytes / 2 ** 20} MiB of text, which is read whole`,
    'give a shorter one',
  );
}

/** Lists and objects within one another; our own documents have fewer than twenty. */
const MAX_DEPTH = 200;

/**
 * The value of a JSON text, with or without a byte order mark.
 *
 * @throws SyntaxError where it is none, or nested so deep that whoever walks through it would run out of stack
 */
export function parseJson(text: string): unknown {
  checkDepth(text);
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new SyntaxError(withLine((error as Error).message, json));
  }
}

/** The message of a parser with a line and a column in place of its position, where it tells one. */
function withLine(message: string, json: string): string {
  return message.replace(/ (?:in JSON )?at position (\d+).*$/, (_, position) => {
    const before = json.slice(0, Number(position)).split('\n');
    const column = `column ${(before.at(-1) ?? '').length + 1}`;
    return before.length === 1 ? ` at ${column}` : ` at line ${before.length}, ${column}`;
  });
}

function checkDepth(text: string): void {
  let depth = 0;
  let isInText = false;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (isInText) {
      if (character === BACKSLASH) i++;
      else if (character === QUOTE) isInText = false;
    } else if (character === QUOTE) isInText = true;
    else if (character === BRACKET || character === BRACE) {
      if (++depth > MAX_DEPTH) throw new SyntaxError(`nested deeper than ${MAX_DEPTH} levels`);
    } else if (character === BRACKET + 2 || character === BRACE + 2) depth--;
  }
}

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
/** The closing ones stand two behind. */
const BRACKET = 0x5b;
const BRACE = 0x7b;

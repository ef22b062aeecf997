import { createGunzip } from 'node:zlib';
import { inputError } from '../errors.js';
import { unreadable } from '../input-text.js';

const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** Whether a file is gzip, by its first bytes. */
export function isGzip(firstBytes: Uint8Array): boolean {
  return GZIP_MAGIC.every((byte, i) => firstBytes[i] === byte);
}

/** Large enough that handing a chunk between threads costs nothing beside parsing it. */
const CHUNK_BYTES = 128 * 1024;

/**
 * Words of garbage made with each chunk, a quarter of its bytes. V8 frees dead buffers only when 32 MiB of them have
 * piled up or the young heap is full, and parsing leaves that empty: a long log would take 31 MiB more than a short
 * one. So the heap is made to fill every few MiB of text. Measured: 16 MiB more instead, at no cost that shows.
 */
const GARBAGE_WORDS = CHUNK_BYTES / 4 / 8;

/**
 * Inflates a gzip file of any number of members piece by piece and hands on every byte that can be had.
 *
 * zlib reports a stream that merely stops only when told that no more will come, and Node then drops what it
 * holds; so each piece is inflated to its end before the next, and the end is told separately, with no bytes.
 *
 * @param pieces the compressed bytes; a piece may be overwritten once the next one is asked for
 * @returns whether the stream stops before its end
 * @throws what zlib says of a corrupt stream (`code` Z_DATA_ERROR), or what `take` threw
 */
export async function inflate(
  pieces: AsyncIterable<Buffer>,
  take: (chunk: Buffer) => void,
): Promise<boolean> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const litter: { words: readonly unknown[] } = { words: [] };
  let failure: NodeJS.ErrnoException | undefined;
  gunzip.on('error', (error) => {
    failure ??= error;
  });
  gunzip.on('data', (chunk: Buffer) => {
    if (failure !== undefined) return;
    litter.words = new Array(GARBAGE_WORDS);
    try {
      take(chunk);
    } catch (error) {
      failure = error as Error;
    }
  });
  // A write that fails is never answered: the stream just closes.
  let proceed: () => void = () => {};
  gunzip.once('close', () => proceed());
  const settled = (start: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      proceed = resolve;
      start(resolve);
    });
  try {
    for await (const piece of pieces) {
      await settled((done) => gunzip.write(piece, done));
      if (failure !== undefined) throw failure;
    }
    await settled(() => gunzip.end());
  } finally {
    gunzip.destroy();
  }
  if (failure === undefined) return false;
  if (failure.code === 'Z_BUF_ERROR') return true;
  throw failure;
}

/** What went wrong with a file or its gzip stream, as the user's mistake; a failure of another kind stays what it is. */
export function readFailure(name: string, error: unknown, hint?: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code?.startsWith('Z_')) return inputError(`${name}: corrupt gzip: ${message}`, 'check it with gzip -t');
  return unreadable(name, error, hint);
}

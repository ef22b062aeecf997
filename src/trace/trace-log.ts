import { type FileHandle, open } from 'node:fs/promises';
import { inputError } from '../errors.js';
import { inputName, MAX_TEXT_BYTES } from '../input-text.js';
import { inflate, isGzip, readFailure } from './inflate.js';
import { LineScanner, type ScanCounts } from './line-scanner.js';
import type { LogEvents } from './log-line.js';
import { spool } from './spool.js';

const READ_BYTES = 256 * 1024;

/**
 * A QEMU log that can be read as often as needed: plain or gzip (told by its first bytes, not by its name), from a
 * file or from a stream. What cannot be read twice (stdin, a pipe) is copied to a nameless temporary file first.
 *
 * What is read is fixed when the log is opened: bytes that QEMU appends later are left out of every pass.
 * One pass at a time.
 */
export class TraceLog {
  /** What messages call the log: its path, or `stdin`. */
  readonly name: string;
  readonly #handle: FileHandle;
  readonly #bytes: number;
  readonly #isGzip: boolean;

  private constructor(name: string, handle: FileHandle, bytes: number, isGzip: boolean) {
    this.name = name;
    this.#handle = handle;
    this.#bytes = bytes;
    this.#isGzip = isGzip;
  }

  /**
   * Opens a log; the caller closes it, also after an error.
   *
   * @param path a file, or `-` for `stdin`
   * @throws TcebenchError where it cannot be read or is empty
   */
  static async open(path: string, stdin: AsyncIterable<Uint8Array>): Promise<TraceLog> {
    const name = inputName(path);
    let handle: FileHandle | undefined;
    try {
      handle = path === '-' ? await spool(stdin, name) : await openTwice(path);
      const { size } = await handle.stat();
      if (size === 0) throw inputError(`${name}: is empty`);
      const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
      return new TraceLog(name, handle, size, isGzip(buffer));
    } catch (error) {
      await handle?.close();
      throw readFailure(name, error);
    }
  }

  /**
   * Reads the whole log once and hands each known event on.
   *
   * @throws TcebenchError where the file cannot be read or its gzip stream is corrupt; what `events` threw
   */
  async scan(events: LogEvents): Promise<ScanCounts> {
    const scanner = new LineScanner(events);
    try {
      let isCut = false;
      if (this.#isGzip) isCut = await inflate(this.#pieces(), (chunk) => scanner.push(chunk));
      else for await (const piece of this.#pieces()) scanner.push(piece);
      return scanner.end(isCut);
    } catch (error) {
      throw readFailure(this.name, error);
    }
  }

  /** Lets go of the file, and with it of a temporary copy. */
  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** The file from its beginning; each piece is overwritten by the next. */
  async *#pieces(): AsyncGenerator<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, this.#bytes));
    let position = 0;
    while (position < this.#bytes) {
      const wanted = Math.min(buffer.length, this.#bytes - position);
      const { bytesRead } = await this.#handle.read(buffer, 0, wanted, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield bytesRead === buffer.length ? buffer : buffer.subarray(0, bytesRead);
    }
  }
}

/** A regular file as it is; a pipe by way of a copy. */
async function openTwice(path: string): Promise<FileHandle> {
  const handle = await open(path, 'r');
  try {
    const stat = await handle.stat();
    if (stat.isFile() || stat.isDirectory()) return handle;
    const stream = handle.createReadStream({ autoClose: false });
    // A pipe ends with its writer; of a device nobody knows.
    const copy = await (stat.isFIFO() ? spool(stream, path) : spool(stream, path, MAX_TEXT_BYTES));
    await handle.close();
    return copy;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

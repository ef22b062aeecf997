import { HostFault } from './host-fault.js';
import type { SharedBuffers } from './shared-buffers.js';

const BYTES_PER_ENTRY = 8;

/**
 * A table of 64-bit words on shared memory, each as two 32-bit halves: low half first. Exact to the bit, and as
 * fast as a plain array. Stores are plain, so one thread at a time may change an entry (docs/decisions/0006);
 * the order of bytes inside the buffer is this machine's, because nothing reads the raw bytes.
 */
export class TceEntries {
  readonly what: string;
  readonly size: number;
  readonly #words: Int32Array;

  constructor(what: string, size: number, buffers: SharedBuffers) {
    this.what = what;
    this.size = size;
    this.#words = new Int32Array(buffers.take(size * BYTES_PER_ENTRY));
  }

  /** Stores a word; outside the table the host would have written over foreign memory. */
  store(entry: number, hi: number, lo: number): void {
    if (entry < 0 || entry >= this.size) {
      throw new HostFault(`store to entry ${entry} of ${this.what}, which has ${this.size}`);
    }
    const words = this.#words;
    words[entry * 2] = lo;
    words[entry * 2 + 1] = hi;
  }

  /** High half of an entry inside the table. */
  hi(entry: number): number {
    return this.#words[entry * 2 + 1] as number;
  }

  /** Low half of an entry inside the table; it holds the permission bits. */
  lo(entry: number): number {
    return this.#words[entry * 2] as number;
  }
}

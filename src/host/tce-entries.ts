import { assert } from '../errors.js';
import { HostFault } from './host-fault.js';
import type { SharedBuffers } from './shared-buffers.js';

const WORDS_PER_ENTRY = 2;

/** Entries of the largest table: more would leave 32-bit indices of 32-bit halves. */
export const MAX_TABLE_ENTRIES = 2 ** 29;

/**
 * A table of 64-bit words on shared memory, each as two 32-bit halves: low half first. Exact to the bit, and as
 * fast as a plain array. Stores are plain, so one thread at a time may change an entry (docs/decisions/0006);
 * the order of bytes inside the buffer is this machine's, because nothing reads the raw bytes.
 */
export class TceEntries {
  // Declared, not defined: a field that begins as undefined costs a check of its type at every read.
  declare readonly what: string;
  declare readonly size: number;
  /** The low half of entry i is word 2i, the high half word 2i + 1. */
  declare readonly words: Int32Array<SharedArrayBuffer>;

  constructor(what: string, size: number, buffers: SharedBuffers) {
    assert(size <= MAX_TABLE_ENTRIES, `${what} of ${size} entries`);
    this.what = what;
    this.size = size;
    this.words = buffers.words(size * WORDS_PER_ENTRY);
  }

  /** Stores a word; outside the table the host would have written over foreign memory. */
  store(entry: number, hi: number, lo: number): void {
    if (entry >>> 0 >= this.size) this.fault(entry);
    const words = this.words;
    const low = entry << 1;
    words[low] = lo | 0;
    words[low + 1] = hi | 0;
  }

  /** High half of an entry inside the table. */
  hi(entry: number): number {
    return this.words[(entry << 1) + 1] as number;
  }

  /** Low half of an entry inside the table; it holds the permission bits. */
  lo(entry: number): number {
    return this.words[entry << 1] as number;
  }

  private fault(entry: number): never {
    throw new HostFault(`store to entry ${entry} of ${this.what}, which has ${this.size}`);
  }
}

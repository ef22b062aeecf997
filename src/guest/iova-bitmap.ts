import { assert } from '../errors.js';

const WORD_BITS = 32;

/** Bits `from` to `to - 1` of a word, 0 <= from < to <= 32. */
function bitsBetween(from: number, to: number): number {
  // Not -1 >>> (32 - to): that is no 32-bit signed number, so it costs an allocation each time.
  return (-1 << from) & ~(-2 << (to - 1));
}

/**
 * A function of its own: the compiler makes the text of a number ahead of the branch that needs it, where two branches
 * need the same one, so that every map would allocate it.
 */
function refuse(entry: number, npages: number, why: string): never {
  assert(false, `entries ${entry}+${npages} ${why}`);
}

/** Which entries of a window are taken: one bit each, looked at a word at a time. One thread. */
export class IovaBitmap {
  readonly size: number;
  /** Entries taken. */
  count = 0;
  readonly #words: Int32Array;

  constructor(size: number) {
    this.size = size;
    this.#words = new Int32Array(Math.ceil(size / WORD_BITS));
  }

  /** Marks entries as taken; taking one twice is a bug of ours. */
  take(entry: number, npages: number): void {
    this.#flip(entry, npages, true);
    this.count += npages;
  }

  /** Marks entries as free; releasing a free one is a bug of ours. */
  release(entry: number, npages: number): void {
    this.#flip(entry, npages, false);
    this.count -= npages;
  }

  /**
   * The first run of `npages` free entries in `start` to `limit - 1` whose first entry plus `alignBase` is a
   * multiple of `align` (a power of two), or -1.
   */
  findFree(start: number, limit: number, npages: number, align: number, alignBase: number): number {
    let entry = start;
    for (;;) {
      entry = ((this.#firstFree(entry, limit) + alignBase + align - 1) & -align) - alignBase;
      const end = entry + npages;
      if (end > limit) return -1;
      const taken = this.#firstTaken(entry, end);
      if (taken === end) return entry;
      entry = taken + 1;
    }
  }

  /** The first free entry from `entry` on, or `limit`. */
  #firstFree(entry: number, limit: number): number {
    for (let at = entry; at < limit; at = (at & -WORD_BITS) + WORD_BITS) {
      const free = ~(this.#words[at >>> 5] as number) & (-1 << (at & 31));
      if (free !== 0) return Math.min((at & -WORD_BITS) + 31 - Math.clz32(free & -free), limit);
    }
    return limit;
  }

  /** The first taken entry from `entry` on, or `limit`. */
  #firstTaken(entry: number, limit: number): number {
    for (let at = entry; at < limit; at = (at & -WORD_BITS) + WORD_BITS) {
      const taken = (this.#words[at >>> 5] as number) & (-1 << (at & 31));
      if (taken !== 0) return Math.min((at & -WORD_BITS) + 31 - Math.clz32(taken & -taken), limit);
    }
    return limit;
  }

  #flip(entry: number, npages: number, take: boolean): void {
    const end = entry + npages;
    if (entry < 0 || npages < 1 || end > this.size) refuse(entry, npages, `of ${this.size}`);
    for (let at = entry; at < end; ) {
      const word = at >>> 5;
      const next = Math.min((word + 1) * WORD_BITS, end);
      const mask = bitsBetween(at & 31, next - word * WORD_BITS);
      const old = this.#words[word] as number;
      const expected = take ? 0 : mask;
      if ((old & mask) !== expected) refuse(entry, npages, take ? 'taken twice' : 'freed twice');
      this.#words[word] = old ^ mask;
      at = next;
    }
  }
}

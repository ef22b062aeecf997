import { assert } from '../errors.js';
import type { DmaWindow } from '../papr/dma-window.js';
import { TCE_PERMISSIONS } from '../papr/tce.js';
import type { Lifetimes } from './lifetimes.js';

/**
 * What one table holds according to the log alone: the word of each live entry and the call that mapped it. An
 * independent account to compare replayed tables with. An entry is live while its word has a permission bit.
 *
 * Typed arrays of the window's size; the operating system commits only what is touched. One owner at a time.
 */
export class LiveEntries {
  readonly window: DmaWindow;
  readonly #hi: Int32Array;
  readonly #lo: Int32Array;
  /** Number of the call that mapped the entry, modulo 2^32. */
  readonly #mappedAt: Uint32Array;
  #live = 0;
  /** No entry from here on was ever mapped. */
  #end = 0;

  constructor(window: DmaWindow) {
    this.window = window;
    this.#hi = new Int32Array(window.size);
    this.#lo = new Int32Array(window.size);
    this.#mappedAt = new Uint32Array(window.size);
  }

  /** Number of live entries. */
  get live(): number {
    return this.#live;
  }

  isLive(entry: number): boolean {
    return ((this.#lo[entry] as number) & TCE_PERMISSIONS) !== 0;
  }

  /** High half of an entry's word; 0 where it is not live. */
  tceHi(entry: number): number {
    return this.#hi[entry] as number;
  }

  /** Low half of an entry's word; 0 where it is not live. */
  tceLo(entry: number): number {
    return this.#lo[entry] as number;
  }

  /** The first live entry from here on, -1 where none is left: `for (e = next(0); e >= 0; e = next(e + 1))`. */
  next(entry: number): number {
    for (let candidate = entry; candidate < this.#end; candidate++) {
      if (this.isLive(candidate)) return candidate;
    }
    return -1;
  }

  /** Makes the table new: every entry is gone, neither unmapped nor cleared. */
  reset(): void {
    for (const words of [this.#hi, this.#lo, this.#mappedAt]) words.fill(0, 0, this.#end);
    this.#live = 0;
    this.#end = 0;
  }

  /**
   * Sets `count` entries to words with a permission bit, each `step` above the one before; whatever they held is
   * replaced.
   */
  map(
    first: number,
    count: number,
    firstHi: number,
    firstLo: number,
    step: number,
    callNumber: number,
  ): void {
    const from = this.#inside(first, count);
    const end = from + count;
    let hi = firstHi;
    let lo = firstLo;
    for (let entry = from; entry < end; entry++) {
      if (!this.isLive(entry)) this.#live++;
      this.#hi[entry] = hi;
      this.#lo[entry] = lo;
      this.#mappedAt[entry] = callNumber;
      lo = (lo + step) | 0;
      if (lo >>> 0 < step) hi = (hi + 1) | 0;
    }
    if (end > this.#end) this.#end = end;
  }

  /** Clears `count` entries and notes how many calls ago those that were live had been mapped. */
  clear(first: number, count: number, callNumber: number, lifetimes: Lifetimes): void {
    const from = this.#inside(first, count);
    const end = from + count;
    const words = this.#lo;
    for (let entry = from; entry < end; entry++) {
      if (((words[entry] as number) & TCE_PERMISSIONS) === 0) continue;
      this.#live--;
      words[entry] = 0;
      this.#hi[entry] = 0;
      lifetimes.add((callNumber - (this.#mappedAt[entry] as number)) >>> 0);
    }
  }

  /** The first of `count` entries, as the small integer it is. */
  #inside(first: number, count: number): number {
    assert(first >= 0 && first + count <= this.window.size, 'entries inside the window');
    return first | 0;
  }
}

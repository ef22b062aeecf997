import { MAX_INDIRECT_TCES } from '../papr/hcall.js';
import { checkedHeld } from './unmap-policy.js';

/** Room for a length beside the entry in one double. */
const LENGTHS = 2 ** 20;

/**
 * Unmaps that wait for a flush (the what-if `guest.unmap: {deferred: N}`): until then the card can still reach the
 * pages, and the addresses are not handed out. A flush clears neighbouring mappings by one call, up to 512 entries;
 * the gaps between small maps, which the allocator leaves, keep those apart. One CPU.
 */
export class DeferredUnmaps {
  readonly #waiting: Float64Array;
  #count = 0;

  constructor(batch: number) {
    this.#waiting = new Float64Array(checkedHeld('guest.unmap.deferred', batch));
  }

  /** Unmaps that wait. */
  get count(): number {
    return this.#count;
  }

  /** Takes an unmap in; true when the batch is full and must be flushed. */
  add(entry: number, npages: number): boolean {
    this.#waiting[this.#count++] = entry * LENGTHS + npages;
    return this.#count === this.#waiting.length;
  }

  /** Hands each run of neighbouring entries to `clear`, in ascending order, and forgets them. */
  flush(clear: (entry: number, npages: number) => void): void {
    const waiting = this.#waiting.subarray(0, this.#count).sort();
    this.#count = 0;
    let first = -1;
    let end = -1;
    for (const unmap of waiting) {
      const entry = Math.floor(unmap / LENGTHS);
      const npages = unmap % LENGTHS;
      if (entry !== end || end + npages - first > MAX_INDIRECT_TCES) {
        if (first >= 0) clear(first, end - first);
        first = entry;
      }
      end = entry + npages;
    }
    if (first >= 0) clear(first, end - first);
  }
}

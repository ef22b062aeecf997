import { MAX_INDIRECT_TCES } from '../papr/hcall.js';
import type { SizeCounts } from '../result/log-figures.js';

/** Counts calls by their number of TCEs; sizes beyond that of a full list, which only a stuff has, are kept apart. */
export class CallSizes {
  readonly #small = new Float64Array(MAX_INDIRECT_TCES + 1);
  readonly #large = new Map<number, number>();

  add(npages: number): void {
    if (npages <= MAX_INDIRECT_TCES) this.#small[npages] = (this.#small[npages] as number) + 1;
    else this.#large.set(npages, (this.#large.get(npages) ?? 0) + 1);
  }

  addAll(other: CallSizes): void {
    for (let i = 0; i < this.#small.length; i++) {
      this.#small[i] = (this.#small[i] as number) + (other.#small[i] as number);
    }
    for (const [npages, calls] of other.#large)
      this.#large.set(npages, (this.#large.get(npages) ?? 0) + calls);
  }

  get counts(): SizeCounts {
    const counts: Record<string, number> = {};
    for (const [npages, calls] of this.#small.entries()) if (calls > 0) counts[npages] = calls;
    for (const [npages, calls] of this.#large) counts[npages] = calls;
    return counts;
  }
}

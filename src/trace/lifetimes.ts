import type { LifetimeQuantiles } from '../result/log-figures.js';

/** Counters in one page: small, because long lifetimes are rare and far apart. */
const PAGE_COUNTERS = 256;

/** How often each lifetime occurred: exact for any number of them, in memory bounded by the longest one. */
export class Lifetimes {
  readonly #pages: (Uint32Array | undefined)[] = [];
  #total = 0;

  add(calls: number): void {
    const page = this.#page(Math.floor(calls / PAGE_COUNTERS));
    const index = calls % PAGE_COUNTERS;
    page[index] = (page[index] as number) + 1;
    this.#total++;
  }

  addAll(other: Lifetimes): void {
    for (const [index, from] of other.#pages.entries()) {
      if (from === undefined) continue;
      const to = this.#page(index);
      for (let i = 0; i < PAGE_COUNTERS; i++) to[i] = (to[i] as number) + (from[i] as number);
    }
    this.#total += other.#total;
  }

  quantiles(): LifetimeQuantiles {
    return { p10: this.quantile(0.1), median: this.quantile(0.5), p90: this.quantile(0.9) };
  }

  /**
   * The nearest-rank quantile (inverse of the empirical distribution; Hyndman and Fan's type 1): the smallest
   * lifetime that at least the share `p` of all do not exceed. Always a lifetime that occurred.
   */
  quantile(p: number): number | null {
    if (this.#total === 0) return null;
    let left = Math.max(1, Math.ceil(this.#total * p));
    for (const [index, page] of this.#pages.entries()) {
      if (page === undefined) continue;
      for (let i = 0; i < PAGE_COUNTERS; i++) {
        left -= page[i] as number;
        if (left <= 0) return index * PAGE_COUNTERS + i;
      }
    }
    return null;
  }

  #page(index: number): Uint32Array {
    const pages = this.#pages;
    while (pages.length <= index) pages.push(undefined);
    let page = pages[index];
    if (page === undefined) {
      page = new Uint32Array(PAGE_COUNTERS);
      pages[index] = page;
    }
    return page;
  }
}

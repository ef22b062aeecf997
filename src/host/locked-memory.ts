import { assert } from '../errors.js';

/**
 * The memory that one process has locked (`mm->locked_vm`), in host pages, against its limit (RLIMIT_MEMLOCK):
 * preregistered regions, hardware tables, userspace views and guest views are charged to the same account. Whoever
 * charges gives the same pages back.
 */
export class LockedMemory {
  readonly #pageBytes: number;
  #pages = 0;
  #limitPages = Number.POSITIVE_INFINITY;

  /** `pageShift`: log2 of the host page. */
  constructor(pageShift: number) {
    this.#pageBytes = 2 ** pageShift;
  }

  /** Host pages charged now. */
  get pages(): number {
    return this.#pages;
  }

  /** Sets the limit in bytes; what is charged already stays, even if it is more. */
  setLimit(bytes: number): void {
    this.#limitPages = Math.floor(bytes / this.#pageBytes);
  }

  /** How many host pages so many bytes take. */
  pagesOf(bytes: number): number {
    return Math.ceil(bytes / this.#pageBytes);
  }

  /** Charges host pages; false, and nothing charged, where they would exceed the limit (the kernel's -ENOMEM). */
  charge(pages: number): boolean {
    if (pages > 0 && this.#pages + pages > this.#limitPages) return false;
    this.#pages += pages;
    return true;
  }

  /** Gives back what was charged. */
  giveBack(pages: number): void {
    assert(pages <= this.#pages, `${pages} locked pages given back of ${this.#pages}`);
    this.#pages -= pages;
  }
}

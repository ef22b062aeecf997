import { lowHalf } from '../papr/tce.js';
import type { SharedBuffers } from './shared-buffers.js';

const PAGE_BYTES = 4096;
const ABSENT_PAGE = new DataView(new ArrayBuffer(PAGE_BYTES));

/**
 * The part of user memory (the guest's RAM as QEMU sees it) whose contents matter: the pages that hold TCE lists.
 * Pages to which nothing was ever stored read as zero. Words are big-endian, as a guest stores them and the
 * handlers read them.
 */
export class UserMemory {
  readonly #pages = new Map<number, DataView>();
  readonly #buffers: SharedBuffers;
  #lastPage = -1;
  #last: DataView = ABSENT_PAGE;

  constructor(buffers: SharedBuffers) {
    this.#buffers = buffers;
  }

  /** The 4 KiB page at a user address, to be read only. */
  pageToRead(ua: number): DataView {
    const number = Math.floor(ua / PAGE_BYTES);
    if (number === this.#lastPage) return this.#last;
    const page = this.#pages.get(number);
    if (page === undefined) return ABSENT_PAGE;
    this.#lastPage = number;
    this.#last = page;
    return page;
  }

  /** The 4 KiB page at a user address, made on its first use. */
  page(ua: number): DataView {
    const number = Math.floor(ua / PAGE_BYTES);
    if (number === this.#lastPage) return this.#last;
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = new DataView(this.#buffers.take(PAGE_BYTES));
      this.#pages.set(number, page);
    }
    this.#lastPage = number;
    this.#last = page;
    return page;
  }

  /** Stores a big-endian word at a user address that is a multiple of 8. */
  storeWord(ua: number, hi: number, lo: number): void {
    const page = this.page(ua);
    // The remainder of a double is a call of its own; the low half has the same low bits.
    const offset = lowHalf(ua) & (PAGE_BYTES - 1);
    page.setInt32(offset, hi);
    page.setInt32(offset + 4, lo);
  }
}

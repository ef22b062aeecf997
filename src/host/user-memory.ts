import type { SharedBuffers } from './shared-buffers.js';

const PAGE_BYTES = 4096;

/**
 * The part of user memory (the guest's RAM as QEMU sees it) whose contents matter: the pages that hold TCE lists.
 * Absent pages read as zero. Words are big-endian, as a guest stores them and the handlers read them.
 */
export class UserMemory {
  readonly #pages = new Map<number, DataView>();
  readonly #buffers: SharedBuffers;
  #lastPage = -1;
  #lastView: DataView | undefined;

  constructor(buffers: SharedBuffers) {
    this.#buffers = buffers;
  }

  /** The 4 KiB page at a user address, or undefined where nothing was ever stored: it reads as zero. */
  pageIfPresent(ua: number): DataView | undefined {
    const number = Math.floor(ua / PAGE_BYTES);
    return number === this.#lastPage ? this.#lastView : this.#pages.get(number);
  }

  /** The 4 KiB page at a user address, made on its first use. */
  page(ua: number): DataView {
    const number = Math.floor(ua / PAGE_BYTES);
    if (number === this.#lastPage && this.#lastView !== undefined) return this.#lastView;
    let view = this.#pages.get(number);
    if (view === undefined) {
      view = new DataView(this.#buffers.take(PAGE_BYTES));
      this.#pages.set(number, view);
    }
    this.#lastPage = number;
    this.#lastView = view;
    return view;
  }

  /** Stores a big-endian word at a user address that is a multiple of 8. */
  storeWord(ua: number, hi: number, lo: number): void {
    const view = this.page(ua);
    const offset = ua % PAGE_BYTES;
    view.setInt32(offset, hi);
    view.setInt32(offset + 4, lo);
  }
}

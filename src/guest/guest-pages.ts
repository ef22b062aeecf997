import { assert, inputError } from '../errors.js';
import { CHUNK_BYTES, PageStock } from './page-stock.js';

/** Page numbers of 4 KiB must fit 31 bits: the mapping code counts in them. */
export const MAX_RAM_BYTES = 2 ** 43;

/** A CPU's list is filled by at most a quarter of this. */
const MAX_BATCH_BYTES = 512 * 1024;

/** Made once: blocks are asked for and given back all the time. */
const TOO_LARGE = `a block larger than ${CHUNK_BYTES} bytes`;

/** What a {@link GuestPages} is made from. */
export interface GuestPagesOptions {
  /** Guest RAM in bytes, from address 0 on. */
  readonly ramBytes: number;
  /** The guest kernel's page size in bytes: 4096 or 65536. */
  readonly pageBytes: number;
  /** Uniform whole numbers below 2^32; decides which page comes when, nothing else. */
  readonly random: () => number;
}

/**
 * The guest's page allocator as one CPU sees it (mm/page_alloc.c, v4.9): naturally aligned blocks of a page times a
 * power of two. Single pages are freed to a list of the CPU, and the one freed last is handed out first, so that
 * pages are hot (in real logs 94..99 % of the TCE writes name a page that was mapped before). The list takes a batch
 * from the stock that all CPUs share when it is empty, and gives its coldest batch back when it is long. Larger
 * blocks come from the stock. One user at a time.
 */
export class GuestPages {
  readonly ramBytes: number;
  readonly pageBytes: number;
  readonly #stock: PageStock;
  /** The kernel's `pcp->batch` and `pcp->high`, in pages. */
  readonly #batch: number;
  readonly #high: number;
  /** The CPU's list in a ring, the coldest page first. */
  readonly #hot: Float64Array;
  readonly #mask: number;
  #coldest = 0;
  #hotPages = 0;

  constructor(options: GuestPagesOptions | GuestPages) {
    this.#stock = options instanceof GuestPages ? options.#stock : stockOf(options);
    const { ramBytes, pageBytes } = this.#stock;
    this.ramBytes = ramBytes;
    this.pageBytes = pageBytes;
    const share = Math.floor(Math.min(ramBytes / pageBytes / 1024, MAX_BATCH_BYTES / pageBytes) / 4);
    const batch = roundDownToPowerOfTwo(Math.floor(Math.max(share, 1) * 1.5)) - 1;
    this.#batch = Math.max(batch, 1);
    this.#high = 6 * batch;
    this.#hot = new Float64Array(2 ** Math.ceil(Math.log2(this.#high + 1)));
    this.#mask = this.#hot.length - 1;
  }

  /** The same RAM seen from another CPU, with a list of its own. */
  onAnotherCpu(): GuestPages {
    return new GuestPages(this);
  }

  /** Bytes in blocks that are out, on all CPUs. */
  get liveBytes(): number {
    return this.#stock.liveBytes;
  }

  /**
   * A block of `bytes` rounded up to a page times a power of two, aligned to that size: its guest physical
   * address. Refuses as the user's mistake when RAM is used up.
   */
  allocate(bytes: number): number {
    const order = this.#orderOf(bytes);
    const stock = this.#stock;
    if (order === 0 && this.#hotPages > 0) {
      stock.liveBytes += this.pageBytes;
      return this.#popHot();
    }
    const available = stock.available(order);
    if (available === 0) {
      throw inputError(
        `guest.ramBytes: ${this.ramBytes} is too small, ${this.liveBytes} bytes are in use and a block of ${bytes} is wanted`,
        'give the guest more RAM',
      );
    }
    stock.liveBytes += this.pageBytes << order;
    const gpa = stock.take(order);
    if (order === 0) this.#fillHot(Math.min(this.#batch, available) - 1);
    return gpa;
  }

  /** Gives back a block of {@link allocate}, of this CPU or another, with the size it was asked for. */
  release(gpa: number, bytes: number): void {
    const order = this.#orderOf(bytes);
    const stock = this.#stock;
    stock.liveBytes -= this.pageBytes << order;
    if (order > 0) {
      stock.give(order, gpa);
      return;
    }
    this.#hot[(this.#coldest + this.#hotPages++) & this.#mask] = gpa;
    if (this.#hotPages < this.#high) return;
    for (let left = Math.min(this.#batch, this.#hotPages); left > 0; left--) {
      stock.give(0, this.#hot[this.#coldest] as number);
      this.#coldest = (this.#coldest + 1) & this.#mask;
      this.#hotPages--;
    }
  }

  #popHot(): number {
    return this.#hot[(this.#coldest + --this.#hotPages) & this.#mask] as number;
  }

  /** Takes pages from the stock so that they come out of the empty list as they would have come from the stock. */
  #fillHot(pages: number): void {
    this.#coldest = 0;
    for (let i = pages - 1; i >= 0; i--) this.#hot[i] = this.#stock.take(0);
    this.#hotPages = pages;
  }

  #orderOf(bytes: number): number {
    let order = 0;
    for (let size = this.pageBytes; size < bytes; size *= 2) order++;
    assert(order < this.#stock.orders, TOO_LARGE);
    return order;
  }
}

function stockOf({ ramBytes, pageBytes, random }: GuestPagesOptions): PageStock {
  if (pageBytes !== 4096 && pageBytes !== 65536) {
    throw inputError(`guest.pageSize: ${pageBytes} is not a guest page size`, 'use 4096 or 65536');
  }
  if (!(ramBytes >= CHUNK_BYTES && ramBytes <= MAX_RAM_BYTES)) {
    throw inputError(
      `guest.ramBytes: ${ramBytes} is not an amount of RAM that can be modelled`,
      `use ${CHUNK_BYTES} to ${MAX_RAM_BYTES}`,
    );
  }
  return new PageStock(ramBytes, pageBytes, random);
}

function roundDownToPowerOfTwo(value: number): number {
  return 2 ** Math.floor(Math.log2(value));
}

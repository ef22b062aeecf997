import { assert, inputError } from '../errors.js';

/** RAM is handed to the size classes in pieces of this; no block can be larger. */
const CHUNK_BYTES = 2 ** 20;

/** An empty size class takes this share of the chunks left, so that its blocks lie far apart. */
const REFILL_SHARE = 16;

/** Page numbers of 4 KiB must fit 31 bits: the mapping code counts in them. */
export const MAX_RAM_BYTES = 2 ** 43;

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
 * The guest's page allocator: naturally aligned blocks of a page times a power of two. Blocks lie scattered over
 * RAM in an order that the random source decides, and a freed block is the next one handed out, so that pages
 * are hot (in real logs 94..99 % of the TCE writes name a page that was mapped before).
 *
 * Blocks are split and never merged again: nothing that uses this frees small blocks to ask for large ones.
 * One user at a time.
 */
export class GuestPages {
  readonly ramBytes: number;
  readonly pageBytes: number;
  /** Bytes in blocks that are out. */
  liveBytes = 0;
  readonly #random: () => number;
  /** Addresses of the chunks that no size class has taken yet. */
  readonly #chunks: number[] = [];
  /** Length of a block of each order: a page times a power of two. */
  readonly #sizes: number[] = [];
  /** Free blocks, a stack for each order. */
  readonly #free: number[][] = [];

  constructor(options: GuestPagesOptions) {
    const { ramBytes, pageBytes, random } = options;
    if (pageBytes !== 4096 && pageBytes !== 65536) {
      throw inputError(`guest.pageSize: ${pageBytes} is not a guest page size`, 'use 4096 or 65536');
    }
    if (!(ramBytes >= CHUNK_BYTES && ramBytes <= MAX_RAM_BYTES)) {
      throw inputError(
        `guest.ramBytes: ${ramBytes} is not an amount of RAM that can be modelled`,
        `use ${CHUNK_BYTES} to ${MAX_RAM_BYTES}`,
      );
    }
    this.ramBytes = ramBytes;
    this.pageBytes = pageBytes;
    this.#random = random;
    for (let gpa = 0; gpa + CHUNK_BYTES <= ramBytes; gpa += CHUNK_BYTES) this.#chunks.push(gpa);
    for (let bytes = pageBytes; bytes <= CHUNK_BYTES; bytes *= 2) {
      this.#sizes.push(bytes);
      this.#free.push([]);
    }
  }

  /**
   * A block of `bytes` rounded up to a page times a power of two, aligned to that size: its guest physical
   * address. Refuses as the user's mistake when RAM is used up.
   */
  allocate(bytes: number): number {
    const order = this.#orderOf(bytes);
    const blocks = this.#free[order] as number[];
    if (blocks.length === 0) this.#refill(order);
    const gpa = blocks.pop();
    if (gpa === undefined) {
      throw inputError(
        `guest.ramBytes: ${this.ramBytes} is too small, ${this.liveBytes} bytes are in use and a block of ${bytes} is wanted`,
        'give the guest more RAM',
      );
    }
    this.liveBytes += this.#sizes[order] as number;
    return gpa;
  }

  /** Gives back a block of {@link allocate}, with the size it was asked for. */
  release(gpa: number, bytes: number): void {
    const order = this.#orderOf(bytes);
    this.liveBytes -= this.#sizes[order] as number;
    (this.#free[order] as number[]).push(gpa);
  }

  #orderOf(bytes: number): number {
    let order = 0;
    for (let size = this.pageBytes; size < bytes; size *= 2) order++;
    assert(order < this.#free.length, `a block larger than ${CHUNK_BYTES} bytes`);
    return order;
  }

  /** Fills the stack of `order` from fresh chunks, or else from one free block of a larger order. */
  #refill(order: number): void {
    const blocks = this.#free[order] as number[];
    const share = Math.ceil(this.#chunks.length / REFILL_SHARE);
    for (let i = 0; i < share; i++) {
      this.#swapToEnd(this.#chunks, this.#chunks.length);
      this.#split(this.#chunks.pop() as number, CHUNK_BYTES, order);
    }
    for (let larger = order + 1; blocks.length === 0 && larger < this.#free.length; larger++) {
      const gpa = (this.#free[larger] as number[]).pop();
      if (gpa !== undefined) this.#split(gpa, this.#sizes[larger] as number, order);
    }
    for (let left = blocks.length; left > 1; left--) this.#swapToEnd(blocks, left);
  }

  #split(gpa: number, bytes: number, order: number): void {
    const blocks = this.#free[order] as number[];
    const size = this.#sizes[order] as number;
    for (let at = 0; at < bytes; at += size) blocks.push(gpa + at);
  }

  /** One step of a shuffle: moves a random one of the first `length` items to the end of them. */
  #swapToEnd(items: number[], length: number): void {
    const pick = Math.floor((this.#random() / 2 ** 32) * length);
    const last = items[length - 1] as number;
    items[length - 1] = items[pick] as number;
    items[pick] = last;
  }
}

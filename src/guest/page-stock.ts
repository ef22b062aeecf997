/** RAM is handed to the size classes in pieces of this; no block can be larger. */
export const CHUNK_BYTES = 2 ** 20;

/** An empty size class takes this share of the chunks left, so that its blocks lie far apart. */
const REFILL_SHARE = 16;

/**
 * The free blocks of guest RAM that no CPU holds: a stack for each order (a page times a power of two). Blocks lie
 * scattered over RAM in an order that the random source decides, and the one freed last is the next one taken.
 *
 * Blocks are split and never merged again: nothing that uses this frees small blocks to ask for large ones.
 * One user at a time.
 */
export class PageStock {
  readonly ramBytes: number;
  readonly pageBytes: number;
  /** Bytes in blocks that are out; kept by those who hand them out. */
  liveBytes = 0;
  /** How many orders there are. */
  readonly orders: number;
  readonly #random: () => number;
  /** Addresses of the chunks that no size class has taken yet. */
  readonly #chunks: number[] = [];
  readonly #free: number[][] = [];

  constructor(ramBytes: number, pageBytes: number, random: () => number) {
    this.ramBytes = ramBytes;
    this.pageBytes = pageBytes;
    this.#random = random;
    for (let gpa = 0; gpa + CHUNK_BYTES <= ramBytes; gpa += CHUNK_BYTES) this.#chunks.push(gpa);
    for (let bytes = pageBytes; bytes <= CHUNK_BYTES; bytes *= 2) this.#free.push([]);
    this.orders = this.#free.length;
  }

  /** Free blocks of an order, after some were split off for it if there were none; 0 when RAM is used up. */
  available(order: number): number {
    const blocks = this.#free[order] as number[];
    if (blocks.length === 0) this.#refill(order, blocks);
    return blocks.length;
  }

  /** The block given last, of an order that has one {@link available}. */
  take(order: number): number {
    return (this.#free[order] as number[]).pop() as number;
  }

  give(order: number, gpa: number): void {
    (this.#free[order] as number[]).push(gpa);
  }

  /** Fills the stack of `order` from fresh chunks, or else from one free block of a larger order. */
  #refill(order: number, blocks: number[]): void {
    const share = Math.ceil(this.#chunks.length / REFILL_SHARE);
    for (let i = 0; i < share; i++) {
      this.#swapToEnd(this.#chunks, this.#chunks.length);
      this.#split(this.#chunks.pop() as number, CHUNK_BYTES, order);
    }
    for (let larger = order + 1; blocks.length === 0 && larger < this.orders; larger++) {
      const gpa = (this.#free[larger] as number[]).pop();
      if (gpa !== undefined) this.#split(gpa, this.pageBytes * 2 ** larger, order);
    }
    for (let left = blocks.length; left > 1; left--) this.#swapToEnd(blocks, left);
  }

  #split(gpa: number, bytes: number, order: number): void {
    const blocks = this.#free[order] as number[];
    const size = this.pageBytes * 2 ** order;
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

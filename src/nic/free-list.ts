import { inputError } from '../errors.js';
import { DMA_FROM_DEVICE, type DmaApi } from '../guest/dma-api.js';

/** What a {@link FreeList} is made from. */
export interface FreeListOptions {
  readonly dma: DmaApi;
  /** Buffers in the ring. */
  readonly buffers: number;
  /** Length of a buffer, the use count's cache line included. */
  readonly chunkBytes: number;
  /** Length of the allocation that buffers are cut from, a multiple of `chunkBytes`. */
  readonly allocationBytes: number;
  /** At most so many buffers are put back before each one is used up. */
  readonly refillMax: number;
}

/** No allocation. */
const NONE = -1;

/**
 * A receive free list whose buffers are chunks of larger allocations. An allocation is mapped whole when its
 * first chunk is cut and unmapped when its last chunk out has been used up, unless it is still being cut; it is
 * never recycled (sge.c: alloc_pg_chunk, refill_fl, lro_add_page). One thread.
 */
export class FreeList {
  readonly #dma: DmaApi;
  readonly #buffers: number;
  readonly #chunkBytes: number;
  readonly #allocationBytes: number;
  readonly #npages: number;
  readonly #refillMax: number;
  /** The allocation that each ring slot's buffer is cut from. */
  readonly #allocationOf: Int32Array;
  /** By allocation: first entry, address, chunks out. */
  readonly #entries: Int32Array;
  readonly #gpas: Float64Array;
  readonly #useCounts: Int32Array;
  /** Numbers of allocations that are free, a stack. */
  readonly #spare: Int32Array;
  #spares: number;
  #credits = 0;
  #producer = 0;
  #consumer = 0;
  /** The allocation being cut, and where its next chunk begins. */
  #current = NONE;
  #offset = 0;

  constructor(options: FreeListOptions) {
    this.#dma = options.dma;
    this.#buffers = options.buffers;
    this.#chunkBytes = options.chunkBytes;
    this.#allocationBytes = options.allocationBytes;
    this.#npages = options.dma.pagesOf(0, options.allocationBytes);
    this.#refillMax = options.refillMax;
    this.#allocationOf = new Int32Array(options.buffers);
    // Each buffer may be the last one of its allocation, and one more is being cut.
    this.#spares = options.buffers + 1;
    this.#entries = new Int32Array(this.#spares);
    this.#gpas = new Float64Array(this.#spares);
    this.#useCounts = new Int32Array(this.#spares);
    this.#spare = Int32Array.from(this.#entries.keys());
  }

  /** Fills the ring. Refuses the window if not one buffer can be mapped; the caller still has to close. */
  open(): void {
    this.#refill(this.#buffers);
    if (this.#credits > 0) return;
    throw inputError('guest.window.bytes: the card could not map any receive buffer', 'use a larger window');
  }

  /** A frame, or a piece of one, arrives: refill, then use one buffer up. False if there is none. */
  receive(): boolean {
    if (!this.#prepare()) return false;
    const allocation = this.#allocationOf[this.#consumer] as number;
    this.#consumer = this.#next(this.#consumer);
    this.#credits--;
    this.#drop(allocation);
    return true;
  }

  /** A small frame arrives and is copied: refill, then the buffer goes back to the ring as it is. */
  receiveCopied(): boolean {
    if (!this.#prepare()) return false;
    this.#allocationOf[this.#producer] = this.#allocationOf[this.#consumer] as number;
    this.#producer = this.#next(this.#producer);
    this.#consumer = this.#next(this.#consumer);
    return true;
  }

  /** Takes every buffer back. */
  close(): void {
    const current = this.#current;
    this.#current = NONE;
    if (current !== NONE && this.#useCounts[current] === 0) this.#unmap(current);
    for (; this.#credits > 0; this.#credits--) {
      this.#drop(this.#allocationOf[this.#consumer] as number);
      this.#consumer = this.#next(this.#consumer);
    }
    this.#producer = 0;
    this.#consumer = 0;
  }

  /** Refills as the driver does before each buffer it looks at; false if the ring is empty even so. */
  #prepare(): boolean {
    if (this.#credits < this.#buffers) {
      this.#refill(Math.min(this.#refillMax, this.#buffers - this.#credits));
    }
    return this.#credits > 0;
  }

  #refill(wanted: number): void {
    for (let i = 0; i < wanted; i++) {
      if (this.#current === NONE && !this.#startAllocation()) return;
      const current = this.#current;
      this.#allocationOf[this.#producer] = current;
      this.#useCounts[current] = (this.#useCounts[current] as number) + 1;
      this.#producer = this.#next(this.#producer);
      this.#credits++;
      this.#offset += this.#chunkBytes;
      if (this.#offset === this.#allocationBytes) this.#current = NONE;
    }
  }

  #startAllocation(): boolean {
    const gpa = this.#dma.pages.allocate(this.#allocationBytes);
    const entry = this.#dma.map(gpa, this.#allocationBytes, DMA_FROM_DEVICE);
    if (entry < 0) {
      this.#dma.pages.release(gpa, this.#allocationBytes);
      return false;
    }
    this.#current = this.#spare[--this.#spares] as number;
    this.#entries[this.#current] = entry;
    this.#gpas[this.#current] = gpa;
    this.#offset = 0;
    return true;
  }

  #drop(allocation: number): void {
    const left = (this.#useCounts[allocation] as number) - 1;
    this.#useCounts[allocation] = left;
    if (left === 0 && allocation !== this.#current) this.#unmap(allocation);
  }

  /** The data live on in the skb, but the reader is quick: the pages are free again at once. */
  #unmap(allocation: number): void {
    this.#dma.unmap(this.#entries[allocation] as number, this.#npages);
    this.#dma.pages.release(this.#gpas[allocation] as number, this.#allocationBytes);
    this.#spare[this.#spares++] = allocation;
  }

  #next(slot: number): number {
    return slot + 1 === this.#buffers ? 0 : slot + 1;
  }
}

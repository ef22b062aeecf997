import { DMA_FROM_DEVICE, type DmaApi } from '../guest/dma-api.js';

/** No page. */
const NONE = -1;

/** Slots that each may hold one whole guest page, mapped for the device to write. One thread. */
export class MappedPages {
  readonly #dma: DmaApi;
  readonly #npages: number;
  readonly #entries: Int32Array;
  readonly #gpas: Float64Array;

  constructor(dma: DmaApi, slots: number) {
    this.#dma = dma;
    this.#npages = dma.pagesOf(0, dma.pages.pageBytes);
    this.#entries = new Int32Array(slots).fill(NONE);
    this.#gpas = new Float64Array(slots);
  }

  has(slot: number): boolean {
    return this.#entries[slot] !== NONE;
  }

  /** Puts a new page into an empty slot and maps it: false if it could not be mapped. */
  fill(slot: number): boolean {
    const { pages } = this.#dma;
    const gpa = pages.allocate(pages.pageBytes);
    const entry = this.#dma.map(gpa, pages.pageBytes, DMA_FROM_DEVICE);
    if (entry < 0) {
      pages.release(gpa, pages.pageBytes);
      return false;
    }
    this.#entries[slot] = entry;
    this.#gpas[slot] = gpa;
    return true;
  }

  /** Unmaps a slot's page and gives it away; its reader is quick, so it is free again at once. */
  empty(slot: number): void {
    if (!this.has(slot)) return;
    const { pages } = this.#dma;
    this.#dma.unmap(this.#entries[slot] as number, this.#npages);
    pages.release(this.#gpas[slot] as number, pages.pageBytes);
    this.#entries[slot] = NONE;
  }

  /** Moves a page from one slot to an empty one; it stays mapped. */
  move(from: number, to: number): void {
    this.#entries[to] = this.#entries[from] as number;
    this.#gpas[to] = this.#gpas[from] as number;
    this.#entries[from] = NONE;
  }
}

import type { DmaApi } from '../guest/dma-api.js';
import type { SlotBuffers } from './buffer-ring.js';
import { MappedPages } from './mapped-pages.js';
import type { ReceiveBy } from './nic-profile.js';

/**
 * A page for each frame, which goes into a cache of the ring afterwards and stays mapped. A new buffer is the page at
 * the head of the cache if its reader is done with it, so one slow reader blocks the pages behind it; otherwise a
 * new page is mapped, and a page that finds the cache full is unmapped (mlx5 en_rx.c: mlx5e_rx_cache_get, _put).
 * A page's reader is done so many frames later. One thread.
 */
export class PageCache implements SlotBuffers {
  /** Slots of the ring first, those of the cache behind them. */
  readonly #pages: MappedPages;
  readonly #buffers: number;
  readonly #cachePages: number;
  readonly #heldFrames: number;
  /** By place in the cache: how many frames there were when its page came. */
  readonly #cachedAt: Float64Array;
  #head = 0;
  #cached = 0;
  #frames = 0;

  constructor(dma: DmaApi, profile: ReceiveBy<'page-cache'>) {
    this.#buffers = profile.buffers.value;
    this.#cachePages = profile.cachePages.value;
    this.#heldFrames = profile.heldFrames.value;
    this.#pages = new MappedPages(dma, this.#buffers + this.#cachePages);
    this.#cachedAt = new Float64Array(this.#cachePages);
  }

  fill(slot: number): boolean {
    if (this.#pages.has(slot)) return true;
    const isReady = this.#frames - (this.#cachedAt[this.#head] as number) >= this.#heldFrames;
    if (this.#cached === 0 || !isReady) return this.#pages.fill(slot);
    this.#pages.move(this.#buffers + this.#head, slot);
    this.#head = (this.#head + 1) % this.#cachePages;
    this.#cached--;
    return true;
  }

  use(slot: number): boolean {
    this.#frames++;
    if (this.#cached === this.#cachePages) {
      this.#pages.empty(slot);
      return true;
    }
    const place = (this.#head + this.#cached) % this.#cachePages;
    this.#pages.move(slot, this.#buffers + place);
    this.#cachedAt[place] = this.#frames;
    this.#cached++;
    return true;
  }

  empty(slot: number): void {
    this.#pages.empty(slot);
  }

  close(): void {
    for (let place = 0; place < this.#cachePages; place++) this.#pages.empty(this.#buffers + place);
    this.#head = 0;
    this.#cached = 0;
    this.#frames = 0;
  }
}

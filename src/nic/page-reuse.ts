import type { DmaApi } from '../guest/dma-api.js';
import type { SlotBuffers } from './buffer-ring.js';
import { MappedPages } from './mapped-pages.js';
import type { ReceiveBy } from './nic-profile.js';

/** From this page size on a buffer walks through its page; below it two halves take turns. */
const WALKED_FROM_BYTES = 8192;

/** Misses are told in thousandths. */
const SHARE = 1000;

/**
 * Pages that stay mapped while the driver owns them alone (ixgbe_main.c: ixgbe_can_reuse_rx_page). Small pages: the
 * halves of a page take turns for ever, but for the misses, a given share of the frames, where the stack still held
 * the other half. Large pages: the buffer walks to the end of its page, which is then unmapped. A short frame is
 * copied, and its buffer used again. One thread.
 */
export class PageReuse implements SlotBuffers {
  readonly #pages: MappedPages;
  readonly #offsets: Int32Array;
  readonly #lastOffset: number;
  readonly #bufferBytes: number;
  readonly #walks: boolean;
  readonly #copyBreakBytes: number;
  readonly #missesPerThousand: number;
  /** Misses come as evenly as their share allows. */
  #missed = 0;

  constructor(dma: DmaApi, profile: ReceiveBy<'page-reuse'>) {
    this.#pages = new MappedPages(dma, profile.buffers.value);
    this.#offsets = new Int32Array(profile.buffers.value);
    this.#bufferBytes = profile.bufferBytes.value;
    this.#lastOffset = dma.pages.pageBytes - this.#bufferBytes;
    this.#walks = dma.pages.pageBytes >= WALKED_FROM_BYTES;
    this.#copyBreakBytes = profile.copyBreakBytes.value;
    this.#missesPerThousand = profile.missesPerThousand.value;
  }

  fill(slot: number): boolean {
    if (this.#pages.has(slot)) return true;
    this.#offsets[slot] = 0;
    return this.#pages.fill(slot);
  }

  use(slot: number, bytes: number): boolean {
    if (bytes > this.#copyBreakBytes && this.#isUsedUp(slot)) this.#pages.empty(slot);
    return true;
  }

  empty(slot: number): void {
    this.#pages.empty(slot);
  }

  close(): void {
    this.#missed = 0;
  }

  #isUsedUp(slot: number): boolean {
    if (this.#walks) {
      const offset = (this.#offsets[slot] as number) + this.#bufferBytes;
      this.#offsets[slot] = offset;
      return offset > this.#lastOffset;
    }
    this.#missed += this.#missesPerThousand;
    if (this.#missed < SHARE) return false;
    this.#missed -= SHARE;
    return true;
  }
}

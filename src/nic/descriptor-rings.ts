import { inputError } from '../errors.js';
import type { DmaApi } from '../guest/dma-api.js';

/** One coherent allocation. */
interface Ring {
  readonly gpa: number;
  readonly bytes: number;
  readonly entry: number;
}

/** The coherent memory of a queue set: mapped for both directions while the interface is up. One thread. */
export class DescriptorRings {
  readonly #dma: DmaApi;
  readonly #bytes: readonly number[];
  readonly #rings: Ring[] = [];

  /** `bytes`: the length of each ring, in the order of allocation. */
  constructor(dma: DmaApi, bytes: readonly number[]) {
    this.#dma = dma;
    this.#bytes = bytes;
  }

  /** Allocates and maps each ring, rounded up to the guest page. Refuses the window if one cannot be mapped. */
  open(): void {
    const { pages } = this.#dma;
    for (const wanted of this.#bytes) {
      const bytes = Math.ceil(wanted / pages.pageBytes) * pages.pageBytes;
      const gpa = pages.allocate(bytes);
      const entry = this.#dma.mapCoherent(gpa, bytes);
      if (entry < 0) {
        pages.release(gpa, bytes);
        this.close();
        throw inputError(
          `guest.window.bytes: the card could not map a descriptor ring of ${bytes} bytes`,
          'use a larger window',
        );
      }
      this.#rings.push({ gpa, bytes, entry });
    }
  }

  /** Unmaps and frees what {@link open} got. */
  close(): void {
    for (const { gpa, bytes, entry } of this.#rings) {
      this.#dma.unmap(entry, this.#dma.pagesOf(gpa, bytes));
      this.#dma.pages.release(gpa, bytes);
    }
    this.#rings.length = 0;
  }
}

import { assert } from '../errors.js';
import type { GuestPages } from '../guest/guest-pages.js';

/**
 * A slab of linear buffers: guest pages cut into objects of a power of two, so that none of up to 4 KiB crosses a
 * 4 KiB line; an object longer than a guest page has its own block. The object freed last is handed out first.
 * One thread.
 */
export class HeadSlab {
  readonly #pages: GuestPages;
  readonly #objectBytes: number;
  readonly #slabBytes: number;
  readonly #slabs: number[] = [];
  readonly #free: number[] = [];

  constructor(pages: GuestPages, objectBytes: number) {
    assert(Number.isInteger(Math.log2(objectBytes)), `a slab object of ${objectBytes} bytes`);
    this.#pages = pages;
    this.#objectBytes = objectBytes;
    this.#slabBytes = Math.max(objectBytes, pages.pageBytes);
  }

  /** Address of an object. */
  allocate(): number {
    return this.#free.pop() ?? this.#grow();
  }

  /** Gives an object back. */
  release(gpa: number): void {
    this.#free.push(gpa);
  }

  /** Gives the pages back; every object must be. */
  close(): void {
    const objects = (this.#slabs.length * this.#slabBytes) / this.#objectBytes;
    assert(this.#free.length === objects, 'a slab closed with objects out');
    for (const gpa of this.#slabs) this.#pages.release(gpa, this.#slabBytes);
    this.#slabs.length = 0;
    this.#free.length = 0;
  }

  #grow(): number {
    const gpa = this.#pages.allocate(this.#slabBytes);
    this.#slabs.push(gpa);
    for (let at = this.#slabBytes - this.#objectBytes; at > 0; at -= this.#objectBytes)
      this.#free.push(gpa + at);
    return gpa;
  }
}

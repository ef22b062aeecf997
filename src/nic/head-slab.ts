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
  /** Free objects, a stack; a typed one, because a plain array is shortened and grown again and again. */
  #free = new Float64Array(64);
  #frees = 0;

  constructor(pages: GuestPages, objectBytes: number) {
    assert(Number.isInteger(Math.log2(objectBytes)), `a slab object of ${objectBytes} bytes`);
    this.#pages = pages;
    this.#objectBytes = objectBytes;
    this.#slabBytes = Math.max(objectBytes, pages.pageBytes);
  }

  /** Address of an object. */
  allocate(): number {
    if (this.#frees === 0) this.#grow();
    return this.#free[--this.#frees] as number;
  }

  /** Gives an object back. */
  release(gpa: number): void {
    this.#free[this.#frees++] = gpa;
  }

  /** Gives the pages back; every object must be. */
  close(): void {
    const objects = (this.#slabs.length * this.#slabBytes) / this.#objectBytes;
    assert(this.#frees === objects, 'a slab closed with objects out');
    for (const gpa of this.#slabs) this.#pages.release(gpa, this.#slabBytes);
    this.#slabs.length = 0;
    this.#frees = 0;
  }

  #grow(): void {
    const gpa = this.#pages.allocate(this.#slabBytes);
    this.#slabs.push(gpa);
    const objects = (this.#slabs.length * this.#slabBytes) / this.#objectBytes;
    if (objects > this.#free.length) {
      const free = new Float64Array(objects * 2);
      free.set(this.#free);
      this.#free = free;
    }
    for (let at = this.#slabBytes - this.#objectBytes; at >= 0; at -= this.#objectBytes)
      this.release(gpa + at);
  }
}

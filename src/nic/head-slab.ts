import { assert } from '../errors.js';
import type { GuestPages } from '../guest/guest-pages.js';

/**
 * The slab of skb heads: guest pages cut into objects of a power of two, so that no object crosses a 4 KiB line.
 * The object freed last is handed out first. One thread.
 */
export class HeadSlab {
  readonly #pages: GuestPages;
  readonly #objectBytes: number;
  readonly #slabs: number[] = [];
  readonly #free: number[] = [];

  constructor(pages: GuestPages, objectBytes: number) {
    assert(objectBytes <= 4096 && 4096 % objectBytes === 0, `a slab object of ${objectBytes} bytes`);
    this.#pages = pages;
    this.#objectBytes = objectBytes;
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
    const { pageBytes } = this.#pages;
    const objects = (this.#slabs.length * pageBytes) / this.#objectBytes;
    assert(this.#free.length === objects, 'a slab closed with objects out');
    for (const gpa of this.#slabs) this.#pages.release(gpa, pageBytes);
    this.#slabs.length = 0;
    this.#free.length = 0;
  }

  #grow(): number {
    const { pageBytes } = this.#pages;
    const gpa = this.#pages.allocate(pageBytes);
    this.#slabs.push(gpa);
    for (let at = pageBytes - this.#objectBytes; at > 0; at -= this.#objectBytes) this.#free.push(gpa + at);
    return gpa;
  }
}

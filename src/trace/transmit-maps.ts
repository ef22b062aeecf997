/** Maps for transmit in their order, each as its first page of 4 KiB and its length; grows as it is filled. */
export class TransmitMaps {
  #size = 0;
  #pages = new Float64Array(1024);
  #npages = new Uint16Array(1024);

  get size(): number {
    return this.#size;
  }

  add(page: number, npages: number): void {
    if (this.#size === this.#pages.length) this.#grow();
    this.#pages[this.#size] = page;
    this.#npages[this.#size++] = npages;
  }

  page(i: number): number {
    return this.#pages[i] as number;
  }

  npages(i: number): number {
    return this.#npages[i] as number;
  }

  #grow(): void {
    const pages = new Float64Array(this.#pages.length * 2);
    const npages = new Uint16Array(pages.length);
    pages.set(this.#pages);
    npages.set(this.#npages);
    this.#pages = pages;
    this.#npages = npages;
  }
}

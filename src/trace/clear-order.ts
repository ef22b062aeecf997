/** Tells whether entries are cleared in the order in which they were set. One per table. */
export class ClearOrder {
  /** When an entry was set: a number that goes up, 0 where it is not followed. */
  readonly #setAt: Float64Array;
  /** The entries by that number, in a ring. */
  #order = new Int32Array(1024);
  /** The oldest entry that may still be followed, and one past the newest. */
  #oldest = 1;
  #next = 1;

  constructor(entries: number) {
    this.#setAt = new Float64Array(entries);
  }

  /** Begins to follow an entry. */
  set(entry: number): void {
    if (this.#next - this.#oldest === this.#order.length) this.#makeRoom();
    this.#order[this.#next % this.#order.length] = entry;
    this.#setAt[entry] = this.#next++;
  }

  /** Stops to follow an entry: true if it was the oldest, false if not, null if it was not followed. */
  clear(entry: number): boolean | null {
    const setAt = this.#setAt[entry] as number;
    if (setAt === 0) return null;
    this.#skipCleared();
    this.#setAt[entry] = 0;
    return setAt === this.#oldest;
  }

  #skipCleared(): void {
    while (this.#oldest < this.#next && this.#setAt[this.#entryAt(this.#oldest)] !== this.#oldest)
      this.#oldest++;
  }

  #makeRoom(): void {
    this.#skipCleared();
    if (this.#next - this.#oldest < this.#order.length) return;
    const order = new Int32Array(this.#order.length * 2);
    for (let at = this.#oldest; at < this.#next; at++) order[at % order.length] = this.#entryAt(at);
    this.#order = order;
  }

  #entryAt(number: number): number {
    return this.#order[number % this.#order.length] as number;
  }
}

/** The locks of the guest's I/O address pools: who holds each, and who waits for it, first come first served. */
export class PoolLocks {
  readonly #owner: Int32Array;
  readonly #waiting: Int32Array;
  readonly #head: Int32Array;
  readonly #count: Int32Array;
  readonly #lanes: number;

  constructor(pools: number, lanes: number) {
    this.#owner = new Int32Array(pools).fill(-1);
    this.#waiting = new Int32Array(pools * lanes);
    this.#head = new Int32Array(pools);
    this.#count = new Int32Array(pools);
    this.#lanes = lanes;
  }

  /** True: `lane` holds the lock. False: it waits, and a later {@link release} will name it. */
  take(pool: number, lane: number): boolean {
    if ((this.#owner[pool] as number) < 0) {
      this.#owner[pool] = lane;
      return true;
    }
    const at = ((this.#head[pool] as number) + (this.#count[pool] as number)) % this.#lanes;
    this.#waiting[pool * this.#lanes + at] = lane;
    this.#count[pool] = (this.#count[pool] as number) + 1;
    return false;
  }

  /** Gives the lock to who waited longest and returns it, or -1. */
  release(pool: number): number {
    let next = -1;
    if ((this.#count[pool] as number) > 0) {
      const head = this.#head[pool] as number;
      next = this.#waiting[pool * this.#lanes + head] as number;
      this.#head[pool] = (head + 1) % this.#lanes;
      this.#count[pool] = (this.#count[pool] as number) - 1;
    }
    this.#owner[pool] = next;
    return next;
  }
}

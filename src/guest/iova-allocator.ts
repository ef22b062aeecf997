import { assert, inputError } from '../errors.js';
import type { DmaWindow } from '../papr/dma-window.js';
import { IovaBitmap } from './iova-bitmap.js';

/** Maps of more TCEs than this come from the large pool. */
const LARGE_ABOVE_TCES = 15;

/** A small map starts at a multiple of this many entries: 16 words are one 128-byte line of the table. */
const BLOCK_TCES = 16;

/** The kernel splits the small pool only in a window of at least this. */
const SPLIT_FROM_BYTES = 2 ** 30;

/** IOMMU_NR_POOLS. */
const SMALL_POOLS = 4;

/** 2^32 over the golden ratio squared: the kernel's hash_32 multiplies by it. */
const HASH_MULTIPLIER = 0x61c88647;

/** Who wants to know when the lock of a pool is taken. */
export interface PoolWatcher {
  noteSearch(pool: number): void;
  noteFree(pool: number): void;
}

/**
 * The guest kernel's allocator of I/O addresses (arch/powerpc/kernel/iommu.c, v4.9), in entries of a window.
 *
 * The lower three quarters are small pools, four of them from 1 GiB on and one below, the top quarter is the
 * large pool whatever the window's size. Each pool is swept from its hint to its end and then from its start, so
 * an address comes round again only after the whole pool did. Small maps begin at the next multiple of 16.
 *
 * Left out: the boundary of 4 GiB that no map may cross, which the default windows never reach.
 * One thread; all CPUs of a guest share one allocator.
 */
export class IovaAllocator {
  /** Told of every search and every free, for which a lock is taken; of a search only the first pool. */
  watcher: PoolWatcher | null = null;
  readonly smallPools: number;
  readonly #taken: IovaBitmap;
  /** First entry, one past the last, and where the next search begins, by pool; the large pool comes last. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #hints: Int32Array;
  readonly #lockTakes: Float64Array;
  readonly #poolSize: number;
  readonly #hashShift: number;
  /** The window's first page modulo any alignment that is asked for. */
  readonly #alignBase: number;

  /** `smallPools`, a power of two, replaces the kernel's choice (scenario key `guest.iovaPools`). */
  constructor(window: DmaWindow, smallPools?: number) {
    const pools = smallPools ?? (window.bytes >= SPLIT_FROM_BYTES ? SMALL_POOLS : 1);
    if (!Number.isInteger(pools) || pools < 1 || pools > 64 || (pools & (pools - 1)) !== 0) {
      throw inputError(
        `guest.iovaPools: ${pools} is not a number of pools`,
        'use a power of two from 1 to 64',
      );
    }
    const poolSize = Math.floor(Math.floor((window.size * 3) / 4) / pools);
    if (poolSize < BLOCK_TCES || window.size > 2 ** 30) {
      throw inputError(
        `guest.window.bytes: ${window.bytes} gives ${window.size} TCEs, which cannot be split into ${pools} pools`,
        'use a window of 256 MiB to 2 GiB',
      );
    }
    this.smallPools = pools;
    this.#poolSize = poolSize;
    this.#lockTakes = new Float64Array(pools + 1);
    this.#taken = new IovaBitmap(window.size);
    this.#starts = new Int32Array(pools + 1);
    this.#ends = new Int32Array(pools + 1);
    for (let pool = 0; pool <= pools; pool++) {
      this.#starts[pool] = poolSize * pool;
      this.#ends[pool] = pool < pools ? poolSize * (pool + 1) : window.size;
    }
    this.#hints = this.#starts.slice();
    this.#hashShift = Math.max(Math.log2(pools), 2);
    this.#alignBase = window.offset % 2 ** 20;
    // Drivers take address 0 for "not mapped".
    if (window.offset === 0) this.#taken.take(0, 1);
  }

  /** The small pool that a CPU's maps come from. */
  poolOf(cpu: number): number {
    return (Math.imul(cpu, HASH_MULTIPLIER) >>> (32 - this.#hashShift)) & (this.smallPools - 1);
  }

  /**
   * Takes `npages` neighbouring entries for a map on `cpu`: the first one, or -1 when there are none. Its page
   * number is a multiple of `alignEntries`, a power of two of at most 2^20.
   */
  allocate(cpu: number, npages: number, alignEntries: number): number {
    const large = npages > LARGE_ABOVE_TCES;
    let pool = large ? this.smallPools : this.poolOf(cpu);
    let start = this.#hints[pool] as number;
    this.#lockTakes[pool] = (this.#lockTakes[pool] as number) + 1;
    this.watcher?.noteSearch(pool);
    if (start >= (this.#ends[pool] as number)) start = this.#starts[pool] as number;
    let entry = this.#find(pool, start, npages, alignEntries);
    if (entry < 0) {
      pool = this.#rescan(cpu, pool, npages, alignEntries);
      if (pool < 0) return -1;
      entry = this.#hints[pool] as number;
    }
    const end = entry + npages;
    this.#taken.take(entry, npages);
    // A large map leaves no gap behind it; a small one leaves the rest of its block, so each has its own line.
    this.#hints[pool] = large ? end : (end + BLOCK_TCES - 1) & -BLOCK_TCES;
    return entry;
  }

  /** Gives entries back. The hints stay: the addresses rest until their pool comes round. */
  free(entry: number, npages: number): void {
    const pool = Math.min((entry / this.#poolSize) | 0, this.smallPools);
    this.#lockTakes[pool] = (this.#lockTakes[pool] as number) + 1;
    this.watcher?.noteFree(pool);
    this.#taken.release(entry, npages);
  }

  /** How often the lock of each pool was taken, the large pool's last: once a search, once a free. */
  get lockTakes(): readonly number[] {
    return [...this.#lockTakes];
  }

  /** Entries that are taken, a reserved first one included. */
  get liveEntries(): number {
    return this.#taken.count;
  }

  /**
   * After a failed sweep: the first pool from its start, then every small pool from the CPU's next one on.
   * Returns the pool where it found room, with the pool's hint on it, or -1.
   */
  #rescan(cpu: number, first: number, npages: number, alignEntries: number): number {
    const own = this.poolOf(cpu);
    for (let pass = 0; pass <= this.smallPools; pass++) {
      const pool = pass === 0 ? first : (own + pass) & (this.smallPools - 1);
      const start = this.#starts[pool] as number;
      // The first sweep ended with the lock of that pool held; the others are locked one by one.
      if (pass > 0) this.#lockTakes[pool] = (this.#lockTakes[pool] as number) + 1;
      const entry = this.#find(pool, start, npages, alignEntries);
      this.#hints[pool] = entry < 0 ? start : entry;
      if (entry >= 0) return pool;
    }
    return -1;
  }

  #find(pool: number, start: number, npages: number, alignEntries: number): number {
    assert(alignEntries <= 2 ** 20, 'an alignment above 2^20 entries');
    return this.#taken.findFree(start, this.#ends[pool] as number, npages, alignEntries, this.#alignBase);
  }
}

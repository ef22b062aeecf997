import { EBUSY, EINVAL, ENOENT } from './errno.js';
import type { SharedBuffers } from './shared-buffers.js';

const MAPPED = 0;
const USED = 1;

/**
 * A preregistered memory region (`mm_iommu_table_group_mem_t`): user memory whose pages stay pinned while any
 * hardware entry names them. `mapped` starts at 1, so 1 means no mapping and 0 means being removed.
 */
export class MemoryRegion {
  readonly ua: number;
  readonly bytes: number;
  readonly end: number;
  readonly #counters: Int32Array;

  constructor(ua: number, bytes: number, buffers: SharedBuffers) {
    this.ua = ua;
    this.bytes = bytes;
    this.end = ua + bytes;
    this.#counters = new Int32Array(buffers.take(8));
    this.#counters[MAPPED] = 1;
    this.#counters[USED] = 1;
  }

  get mapped(): number {
    return this.#counters[MAPPED] as number;
  }

  get used(): number {
    return this.#counters[USED] as number;
  }

  /** Counts one mapping more; false where the region is being removed. */
  mappedInc(): boolean {
    const mapped = this.#counters[MAPPED] as number;
    if (mapped === 0) return false;
    this.#counters[MAPPED] = mapped + 1;
    return true;
  }

  /** Counts one mapping less, never below 1. */
  mappedDec(): void {
    const mapped = this.#counters[MAPPED] as number;
    if (mapped > 1) this.#counters[MAPPED] = mapped - 1;
  }

  /** One user more: the same region registered in another container. */
  use(): void {
    this.#counters[USED] = this.used + 1;
  }

  /** One user less. 0 where others remain or it is gone now; EBUSY while mapped. */
  release(): number {
    if (this.used === 0) return -ENOENT;
    if (this.used > 1) {
      this.#counters[USED] = this.used - 1;
      return 0;
    }
    if (this.mapped !== 1) return -EBUSY;
    this.#counters[USED] = 0;
    this.#counters[MAPPED] = 0;
    return 0;
  }
}

/** All regions of one process (`mm_iommu_*`, arch/powerpc/mm/mmu_context_iommu.c of 4.10). */
export class PreregisteredMemory {
  readonly #buffers: SharedBuffers;
  #regions: readonly MemoryRegion[] = [];
  #last: MemoryRegion | undefined;

  constructor(buffers: SharedBuffers) {
    this.#buffers = buffers;
  }

  get regions(): readonly MemoryRegion[] {
    return this.#regions;
  }

  /** Registers memory: 0, or -EINVAL where it overlaps another region without being the same. */
  register(ua: number, bytes: number): number {
    for (const region of this.#regions) {
      if (region.ua === ua && region.bytes === bytes) {
        region.use();
        return 0;
      }
      if (ua < region.end && region.ua < ua + bytes) return -EINVAL;
    }
    this.#regions = [...this.#regions, new MemoryRegion(ua, bytes, this.#buffers)];
    return 0;
  }

  /** Gives one registration back: 0, -ENOENT where there is none like it, -EBUSY while mapped. */
  unregister(ua: number, bytes: number): number {
    const region = this.#regions.find((candidate) => candidate.ua === ua && candidate.bytes === bytes);
    if (region === undefined) return -ENOENT;
    const result = region.release();
    if (region.used === 0) {
      this.#regions = this.#regions.filter((candidate) => candidate !== region);
      this.#last = undefined;
    }
    return result;
  }

  /** The region that holds the whole range; a range across two adjacent regions is not found. */
  lookup(ua: number, bytes: number): MemoryRegion | null {
    const last = this.#last;
    if (last !== undefined && last.ua <= ua && ua + bytes <= last.end) return last;
    for (const region of this.#regions) {
      if (region.ua <= ua && ua + bytes <= region.end) {
        this.#last = region;
        return region;
      }
    }
    return null;
  }
}

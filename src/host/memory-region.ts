import { EBUSY, ENOENT } from './errno.js';
import type { SharedBuffers } from './shared-buffers.js';

/**
 * LIVE: mapped is 1 or more. DYING: mapped is 0, the region is still on the list, no mapping can be added. FREED: off
 * the list, its pages no longer pinned. There is no way back.
 */
export type RegionState = 'live' | 'dying' | 'freed';

/**
 * A preregistered memory region (`mm_iommu_table_group_mem_t`): user memory whose pages stay pinned while any
 * hardware entry names them. `mapped` starts at 1, so 1 means no mapping and 0 means being removed.
 */
export class MemoryRegion {
  // Declared, not defined: a field that begins as undefined costs a check of its type at every read.
  declare readonly ua: number;
  declare readonly bytes: number;
  declare readonly end: number;
  /**
   * log2 of the largest IOMMU page that surely lies in one pinned page: of the alignment of address and length, and the
   * pages behind the region. Kernels before 4.18 did not look at it.
   */
  declare readonly pageShift: number;
  /** Whether real mode reaches the list of host addresses. */
  isReachableInRealMode = true;
  /** Registrations of this region, one for each container that has it. */
  used = 1;
  private isFreed = false;
  declare protected readonly mappedCount: Int32Array<SharedArrayBuffer>;

  /** `backingShift`: log2 of the pages behind it. */
  constructor(ua: number, bytes: number, backingShift: number, buffers: SharedBuffers) {
    this.ua = ua;
    this.bytes = bytes;
    this.end = ua + bytes;
    this.pageShift = Math.min(alignmentShift(ua, backingShift), alignmentShift(bytes, backingShift));
    this.mappedCount = buffers.words(1);
    if (!buffers.isAttached) this.mappedCount[0] = 1;
  }

  get mapped(): number {
    return this.mappedCount[0] as number;
  }

  get state(): RegionState {
    if (this.isFreed) return 'freed';
    return this.mapped === 0 ? 'dying' : 'live';
  }

  /** Whether a whole IOMMU page at a user address lies in it. */
  holds(ua: number, pageMask: number): boolean {
    return ua >= this.ua && ua + pageMask < this.end;
  }

  /** Counts one mapping more; false where the region is being removed. */
  mappedInc(): boolean {
    const mapped = this.mappedCount[0] as number;
    if (mapped === 0) return false;
    this.mappedCount[0] = mapped + 1;
    return true;
  }

  /** Counts one mapping less, never below 1. */
  mappedDec(): void {
    const mapped = this.mappedCount[0] as number;
    if (mapped > 1) this.mappedCount[0] = mapped - 1;
  }

  /**
   * One user less (`mm_iommu_put`): 0, or -EBUSY while mapped, with the user kept. With the last user the mapped
   * count becomes 0, so that no new mapping can appear while the region leaves the list: of this and a first mapping
   * in another thread exactly one succeeds.
   */
  release(): number {
    if (this.used === 0) return -ENOENT;
    if (this.used > 1) {
      this.used--;
      return 0;
    }
    if (Atomics.compareExchange(this.mappedCount, 0, 1, 0) !== 1) return -EBUSY;
    this.used = 0;
    return 0;
  }

  /** The end of a region that is off the list. */
  free(): void {
    this.isFreed = true;
  }
}

/** log2 of the largest power of two that divides a value, `most` at most. */
function alignmentShift(value: number, most: number): number {
  let shift = 0;
  while (shift < most && value % 2 ** (shift + 1) === 0) shift++;
  return shift;
}

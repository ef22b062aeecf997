import { EBUSY, ENOENT } from './errno.js';
import type { SharedBuffers } from './shared-buffers.js';

/**
 * A preregistered memory region (`mm_iommu_table_group_mem_t`): user memory whose pages stay pinned while any
 * hardware entry names them. `mapped` starts at 1, so 1 means no mapping and 0 means being removed.
 */
export class MemoryRegion {
  // Declared, not defined: a field that begins as undefined costs a check of its type at every read.
  declare readonly ua: number;
  declare readonly bytes: number;
  declare readonly end: number;
  /** log2 of the largest IOMMU page that surely lies in one pinned page (kept from 4.18 on). */
  declare readonly pageShift: number;
  /** Whether real mode reaches the list of host addresses. */
  isReachableInRealMode = true;
  /** Registrations of this region, one for each container that has it. */
  used = 1;
  declare private readonly mappedCount: Int32Array;

  /** `backingShift` is log2 of the pages behind the memory. */
  constructor(ua: number, bytes: number, backingShift: number, buffers: SharedBuffers) {
    this.ua = ua;
    this.bytes = bytes;
    this.end = ua + bytes;
    this.pageShift = Math.min(alignmentOf(ua), alignmentOf(bytes), backingShift);
    this.mappedCount = new Int32Array(buffers.take(4));
    if (!buffers.isAttached) this.mappedCount[0] = 1;
  }

  get mapped(): number {
    return this.mappedCount[0] as number;
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
   * count becomes 0, so that no new mapping can appear while the region leaves the list.
   */
  release(): number {
    if (this.used === 0) return -ENOENT;
    if (this.used > 1) {
      this.used--;
      return 0;
    }
    if (this.mapped !== 1) return -EBUSY;
    this.used = 0;
    this.mappedCount[0] = 0;
    return 0;
  }
}

/** log2 of the largest power of two that divides a whole number; 0 is divided by all. */
function alignmentOf(value: number): number {
  let shift = 0;
  for (let rest = value; rest % 2 === 0 && shift < 64; rest /= 2) shift++;
  return shift;
}

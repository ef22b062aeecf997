import { EFAULT, EINVAL, ENOMEM } from './errno.js';
import type { HostPages } from './host-pages.js';
import type { LockedMemory } from './locked-memory.js';
import type { MemoryRegion } from './memory-region.js';
import { newMemoryRegion } from './new-parts.js';
import type { SharedBuffers } from './shared-buffers.js';

/** What the regions of a process stand on. */
export interface RegionMemory {
  readonly pages: HostPages;
  /** log2 of the pages behind user memory, the host page at least. */
  readonly backingShift: number;
  /** The account that every pinned page is charged to. */
  readonly locked: LockedMemory;
}

/** All regions of one process (`mm_iommu_*`, arch/powerpc/mm/mmu_context_iommu.c of 4.10). */
export class PreregisteredMemory {
  readonly #memory: RegionMemory;
  readonly #buffers: SharedBuffers;
  readonly #changed: () => void;
  #regions: readonly MemoryRegion[] = [];

  /** `changed` is called after every change of the list. */
  constructor(memory: RegionMemory, buffers: SharedBuffers, changed: () => void) {
    this.#memory = memory;
    this.#buffers = buffers;
    this.#changed = changed;
  }

  /** Every region on the list, those being removed included. */
  get regions(): readonly MemoryRegion[] {
    return this.#regions;
  }

  /** `mm_iommu_preregistered`: whether anything is on the list. */
  get isAnyRegistered(): boolean {
    return this.#regions.length > 0;
  }

  /**
   * `mm_iommu_get`: the region, new or with one user more; -EINVAL where the memory overlaps another region without
   * being the same, -ENOMEM where its pages exceed the limit of locked memory, -EFAULT where one cannot be pinned.
   */
  register(ua: number, bytes: number): MemoryRegion | number {
    for (const region of this.#regions) {
      if (region.ua === ua && region.bytes === bytes) {
        region.used++;
        return region;
      }
      if (ua < region.end && region.ua < ua + bytes) return -EINVAL;
    }
    const { pages, backingShift, locked } = this.#memory;
    const npages = locked.pagesOf(bytes);
    if (!locked.charge(npages)) return -ENOMEM;
    if (!pages.isPresent(ua, bytes)) {
      locked.giveBack(npages);
      return -EFAULT;
    }
    const region = newMemoryRegion(ua, bytes, backingShift, this.#buffers);
    this.#setRegions([...this.#regions, region]);
    return region;
  }

  /** `mm_iommu_find`: the region of exactly that place and size. */
  find(ua: number, bytes: number): MemoryRegion | undefined {
    return this.#regions.find((region) => region.ua === ua && region.bytes === bytes);
  }

  /** Puts a region's list of host addresses out of the reach of real mode, or back. */
  setReachableInRealMode(region: MemoryRegion, reachable: boolean): void {
    region.isReachableInRealMode = reachable;
    this.#changed();
  }

  /** Takes a region without users off the list and frees it, the second half of its removal. */
  unlink(region: MemoryRegion): void {
    const { locked } = this.#memory;
    this.#setRegions(this.#regions.filter((candidate) => candidate !== region));
    region.free();
    locked.giveBack(locked.pagesOf(region.bytes));
  }

  /** `mm_iommu_lookup`: the region that holds the whole range; one across two adjacent regions is not found. */
  lookup(ua: number, bytes: number): MemoryRegion | null {
    // By index: an iterator here is an allocation for every list of TCEs.
    const regions = this.#regions;
    for (let i = 0; i < regions.length; i++) {
      const region = regions[i] as MemoryRegion;
      if (region.ua <= ua && ua + bytes <= region.end) return region;
    }
    return null;
  }

  #setRegions(regions: readonly MemoryRegion[]): void {
    this.#regions = regions;
    this.#changed();
  }
}

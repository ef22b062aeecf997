import { EBUSY, EINVAL, ENOENT } from './errno.js';
import type { Host } from './host.js';
import type { MemoryRegion } from './memory-region.js';

/** A removal that stands between the last look at the counter and the unlinking of the region. */
export interface PendingRemoval {
  /** 0 where the region may go now, else what the ioctl gives at once. */
  readonly result: number;
  /** The region whose counter is 0 and which is still on the list; null where the removal has ended already. */
  readonly region: MemoryRegion | null;
}

const TWO_64 = 2 ** 64;

/** The regions that one container has registered. Results are 0 or a negative errno. */
export class ContainerRegions {
  readonly #host: Host;
  #registered: readonly MemoryRegion[] = [];

  constructor(host: Host) {
    this.#host = host;
  }

  /** VFIO_IOMMU_SPAPR_REGISTER_MEMORY. */
  register(ua: number, bytes: number): number {
    if (!this.#isPageAligned(ua) || !this.#isPageAligned(bytes) || ua + bytes >= TWO_64) return -EINVAL;
    const { preregistered } = this.#host;
    const known = preregistered.find(ua, bytes);
    if (known !== undefined && this.#registered.includes(known)) return -EBUSY;
    const region = preregistered.register(ua, bytes);
    if (typeof region === 'number') return region;
    this.#registered = [...this.#registered, region];
    return 0;
  }

  /** The first half of VFIO_IOMMU_SPAPR_UNREGISTER_MEMORY, up to the point where the counter of the region is 0. */
  beginUnregister(ua: number, bytes: number): PendingRemoval {
    if (!this.#isPageAligned(ua) || !this.#isPageAligned(bytes)) return { result: -EINVAL, region: null };
    const region = this.#host.preregistered.find(ua, bytes);
    if (region === undefined || !this.#registered.includes(region)) return { result: -ENOENT, region: null };
    const result = region.release();
    if (result === 0 && region.used === 0) return { result, region };
    if (result === 0) this.#forget(region);
    return { result, region: null };
  }

  /** The second half: the region leaves the list. */
  endUnregister(region: MemoryRegion): void {
    this.#host.preregistered.unlink(region);
    this.#forget(region);
  }

  /** Puts every region; returns how many stay registered for ever because something still counts as mapped. */
  putAll(): number {
    let kept = 0;
    for (const region of this.#registered) {
      if (region.release() !== 0) kept++;
      else if (region.used === 0) this.#host.preregistered.unlink(region);
    }
    this.#registered = [];
    return kept;
  }

  #forget(region: MemoryRegion): void {
    this.#registered = this.#registered.filter((candidate) => candidate !== region);
  }

  #isPageAligned(value: number): boolean {
    return value % 2 ** this.#host.pages.pageShift === 0;
  }
}

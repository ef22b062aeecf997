import { PAGE_PINS, TCE_INVALIDATES, VFIO_IOCTLS } from '../cost/operations.js';
import { highHalf, lowHalf, TCE_READ, TCE_WRITE } from '../papr/tce.js';
import type { EntryCodes } from './entry-codes.js';
import { EBUSY, EINVAL, ENOENT, ENXIO, EPERM } from './errno.js';
import type { Host } from './host.js';
import type { IommuTable } from './iommu-table.js';
import { MappedEntries } from './mapped-entries.js';
import type { MemoryRegion } from './memory-region.js';
import { VIRTUAL_MODE } from './mmu-mode.js';
import { VFIO_4_10, type VfioPolicy } from './vfio-policy.js';

/** A removal that stands between the last look at the counter and the unlinking of the region. */
export interface PendingRemoval {
  /** 0 where the region may go now, else what the ioctl gives at once. */
  readonly result: number;
  /** The region whose counter is 0 and which is still on the list; null where the removal has ended already. */
  readonly region: MemoryRegion | null;
}

const TWO_64 = 2 ** 64;

/** No errno: the region of a page is being removed. */
const REGION_DYING = 1;
/** No errno: an old mapping is in no region. */
const NOT_COUNTED = 2;

const CODES: EntryCodes = {
  // The view is made before the first page, and nothing fails an exchange with the MMU on.
  map: {
    noView: -EINVAL,
    noSlot: -EINVAL,
    noRegion: -EINVAL,
    noHostAddress: -EINVAL,
    viewOutOfReach: -EINVAL,
    regionDying: REGION_DYING,
    exchangeFailed: -EINVAL,
  },
  unmap: {
    exchangeFailed: -EINVAL,
    noView: 0,
    viewOutOfReach: 0,
    noRegion: NOT_COUNTED,
    restores: false,
  },
};

/**
 * A VFIO container of the SPAPR TCE v2 kind with its hardware tables in their slots, two at most: what user space
 * reaches by ioctl (drivers/vfio/vfio_iommu_spapr_tce.c). Results are 0 or a negative errno, but for an iova out of
 * place, where the policy says so.
 */
export class VfioContainer {
  readonly tables: readonly (IommuTable | null)[];
  readonly #host: Host;
  readonly #policy: VfioPolicy;
  readonly #entries: MappedEntries;
  #registered: readonly MemoryRegion[] = [];
  #enabled = false;
  /** The driver learns whose memory it is by the first registration, even by one that fails. */
  #knowsProcess = false;

  constructor(host: Host, tables: readonly (IommuTable | null)[], policy: VfioPolicy = VFIO_4_10) {
    this.tables = tables;
    this.#host = host;
    this.#policy = policy;
    this.#entries = new MappedEntries(host, {
      mode: VIRTUAL_MODE,
      codes: CODES,
      pinned: host.pinnedByUser,
      slotLookups: 0,
      uncountTranslations: 1,
      checksRegionPages: policy.checksRegionPages,
      allocatesLevels: true,
      invalidatesEach: !policy.batchesInvalidates,
    });
  }

  /** VFIO_IOMMU_SPAPR_REGISTER_MEMORY; the first one enables the container for good. */
  registerMemory(ua: number, bytes: number): number {
    this.#knowsProcess = true;
    if (!this.#isPageAligned(ua) || !this.#isPageAligned(bytes) || ua + bytes >= TWO_64) return -EINVAL;
    const { preregistered } = this.#host;
    const known = preregistered.find(ua, bytes);
    if (known !== undefined && this.#registered.includes(known)) return -EBUSY;
    const region = preregistered.register(ua, bytes);
    if (typeof region === 'number') return region;
    this.#registered = [...this.#registered, region];
    this.#enabled = true;
    return 0;
  }

  /** VFIO_IOMMU_SPAPR_UNREGISTER_MEMORY: -EBUSY while any hardware entry names the region, -EPERM before the first registration. */
  unregisterMemory(ua: number, bytes: number): number {
    const { result, region } = this.beginUnregister(ua, bytes);
    if (region !== null) this.endUnregister(region);
    return result;
  }

  /**
   * The first half of {@link unregisterMemory}, up to the point where the counter of the region is 0 and every other
   * CPU still finds it. The caller ends it with {@link endUnregister} if there is a region.
   */
  beginUnregister(ua: number, bytes: number): PendingRemoval {
    if (!this.#knowsProcess) return { result: -EPERM, region: null };
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

  /**
   * VFIO_IOMMU_MAP_DMA. The first one makes the userspace view, even if it fails afterwards. A region that is being
   * removed stops it with result 0: nothing more mapped, success reported, as the kernel does.
   */
  mapDma(iovaHi: number, iovaLo: number, ua: number, bytes: number, permissions: number): number {
    this.#count(VFIO_IOCTLS);
    if (!this.#enabled) return -EPERM;
    const table = this.#tableOf(iovaHi, iovaLo);
    if (table === null) return -ENXIO;
    const pageBytes = table.pageMask + 1;
    if (ua % pageBytes !== 0 || bytes % pageBytes !== 0) return -EINVAL;
    if ((permissions & (TCE_READ | TCE_WRITE)) === 0) return -EINVAL;
    const first = table.window.entryOfRange(iovaHi, iovaLo, 1);
    if (first < 0) return this.#policy.misplacedIova;
    table.allocateUserspaceView(first);
    if (this.#policy.batchesInvalidates) this.#count(TCE_INVALIDATES);
    const npages = bytes / pageBytes;
    for (let page = 0; page < npages; page++) {
      const result = this.#mapPage(table, first + page, ua + page * pageBytes, permissions);
      if (result === REGION_DYING) return 0;
      if (result < 0) {
        this.#clear(table, first, page);
        return result;
      }
    }
    return 0;
  }

  /** VFIO_IOMMU_UNMAP_DMA: clears what is valid, never fails for an entry. */
  unmapDma(iovaHi: number, iovaLo: number, bytes: number): number {
    this.#count(VFIO_IOCTLS);
    if (!this.#enabled) return -EPERM;
    const table = this.#tableOf(iovaHi, iovaLo);
    if (table === null) return -ENXIO;
    const pageBytes = table.pageMask + 1;
    if (bytes % pageBytes !== 0) return -EINVAL;
    const npages = bytes / pageBytes;
    const first = table.window.entryOfRange(iovaHi, iovaLo, this.#policy.countsPages ? npages : 1);
    if (first < 0) return this.#policy.misplacedIova;
    this.#clear(table, first, npages);
    if (this.#policy.batchesInvalidates) this.#count(TCE_INVALIDATES);
    return 0;
  }

  /** 0, {@link REGION_DYING} or a negative errno. */
  #mapPage(table: IommuTable, entry: number, ua: number, permissions: number): number {
    // Kernels whose regions know their pages refuse such a page already when they look for its host address.
    const isTooLarge = !this.#policy.checksRegionPages && table.window.pageShift > this.#host.backingShift;
    if (isTooLarge && this.#host.preregistered.lookup(ua, table.pageMask + 1) !== null) return -EPERM;
    this.#count(PAGE_PINS);
    table.allocateUserspaceView(entry);
    return this.#entries.map(table, entry, highHalf(ua), lowHalf(ua) | permissions);
  }

  /** The driver empties the userspace view even where it finds no region to uncount. */
  #clear(table: IommuTable, first: number, npages: number): void {
    for (let entry = first; entry < first + npages; entry++) {
      if (this.#entries.clear(table, entry) === NOT_COUNTED) table.userAddresses[entry] = 0;
    }
  }

  #tableOf(iovaHi: number, iovaLo: number): IommuTable | null {
    for (const table of this.tables) {
      if (table === null) continue;
      const entry = table.window.entryOf(iovaHi, iovaLo);
      if (entry >= 0 && entry < table.window.size) return table;
    }
    return null;
  }

  #forget(region: MemoryRegion): void {
    this.#registered = this.#registered.filter((candidate) => candidate !== region);
  }

  #count(operation: number): void {
    const { counts } = this.#host;
    counts[operation] = (counts[operation] as number) + 1;
  }

  #isPageAligned(value: number): boolean {
    return value % 2 ** this.#host.pages.pageShift === 0;
  }
}

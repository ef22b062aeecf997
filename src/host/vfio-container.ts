import { PAGE_PINS, TCE_INVALIDATES, VFIO_IOCTLS } from '../cost/operations.js';
import { highHalf, lowHalf, TCE_READ, TCE_WRITE } from '../papr/tce.js';
import { ContainerRegions, type PendingRemoval } from './container-regions.js';
import { ContainerWindows, type PendingWindowRemoval } from './container-windows.js';
import type { EntryCodes } from './entry-codes.js';
import { EINVAL, ENOMEM, ENOTTY, ENXIO, EPERM } from './errno.js';
import type { Host } from './host.js';
import { type IommuPlatform, POWERNV, type WindowRequest } from './iommu-platform.js';
import type { IommuTable } from './iommu-table.js';
import { MappedEntries } from './mapped-entries.js';
import type { MemoryRegion } from './memory-region.js';
import { VIRTUAL_MODE } from './mmu-mode.js';
import type { VfioGroup } from './vfio-group.js';
import { VFIO_4_10, type VfioPolicy } from './vfio-policy.js';

/** No errno: the region of a page is being removed. */
const REGION_DYING = 1;
/** No errno: an old mapping is in no region. */
const NOT_COUNTED = 2;

const CODES: EntryCodes = {
  // The userspace view is made before the first page, and nothing fails an exchange with the MMU on.
  map: {
    noUserspaceView: -EINVAL,
    noSlot: -EINVAL,
    noRegion: -EINVAL,
    noHostAddress: -EINVAL,
    userspaceViewOutOfReach: -EINVAL,
    regionDying: REGION_DYING,
    exchangeFailed: -EINVAL,
  },
  unmap: {
    exchangeFailed: -EINVAL,
    noUserspaceView: 0,
    userspaceViewOutOfReach: 0,
    noRegion: NOT_COUNTED,
    restores: false,
  },
};

/**
 * A VFIO container of the SPAPR TCE v2 kind with its hardware tables in their slots, two at most: what user space
 * reaches by ioctl (drivers/vfio/vfio_iommu_spapr_tce.c). Results are 0 or a negative errno, but for an iova out of
 * place, where the policy says so. One thread at a time may call it.
 */
export class VfioContainer {
  readonly #host: Host;
  readonly #policy: VfioPolicy;
  readonly #entries: MappedEntries;
  readonly #regions: ContainerRegions;
  readonly #windows: ContainerWindows;
  #enabled = false;
  /** The driver learns whose memory it is by the first registration or window, even by one that fails. */
  #knowsProcess = false;

  /** `tables` are there from the beginning, by slot; {@link createWindow} makes more. */
  constructor(
    host: Host,
    tables: readonly (IommuTable | null)[],
    policy: VfioPolicy = VFIO_4_10,
    platform: IommuPlatform = POWERNV,
  ) {
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
    this.#regions = new ContainerRegions(host);
    this.#windows = new ContainerWindows(host, tables, policy, platform, (table, first, npages) =>
      this.#clear(table, first, npages),
    );
  }

  /** The hardware tables by slot. */
  get tables(): readonly (IommuTable | null)[] {
    return this.#windows.tables;
  }

  /** VFIO_IOMMU_ENABLE: v2 containers have no such command. */
  enable(): number {
    return -ENOTTY;
  }

  /** VFIO_IOMMU_DISABLE: v2 containers have no such command. */
  disable(): number {
    return -ENOTTY;
  }

  /** A group gets this container, and its tables: -EBUSY where it has one already. */
  attachGroup(group: VfioGroup): number {
    return this.#windows.attachGroup(group);
  }

  /** A group leaves this container, whose windows stay: -EINVAL where it is not in it. */
  detachGroup(group: VfioGroup): number {
    return this.#windows.detachGroup(group);
  }

  /**
   * VFIO_IOMMU_SPAPR_TCE_CREATE: the first address of the new window, or a negative errno. A default window that is
   * pending is made first. `name` is for messages and dumps.
   */
  createWindow(name: string, request: WindowRequest): number {
    this.#knowsProcess = true;
    return this.#windows.create(name, request);
  }

  /** VFIO_IOMMU_SPAPR_TCE_REMOVE: the window that has the address goes with its entries. */
  removeWindow(iovaHi: number, iovaLo: number): number {
    const { result, table } = this.beginRemoveWindow(iovaHi, iovaLo);
    if (table !== null) this.endRemoveWindow(table);
    return result;
  }

  /**
   * The first half of {@link removeWindow}, up to the point where the references are given back and every other CPU
   * still finds the table. The caller ends it with {@link endRemoveWindow} if there is a table, ahead of any other call.
   */
  beginRemoveWindow(iovaHi: number, iovaLo: number): PendingWindowRemoval {
    this.#knowsProcess = true;
    return this.#windows.beginRemove(iovaHi, iovaLo);
  }

  /** The second half: a table that nobody holds is freed. */
  endRemoveWindow(table: IommuTable): void {
    this.#windows.endRemove(table);
  }

  /**
   * The release of the container, when its last file is closed: groups, then tables, then regions. Returns how many
   * regions stay registered and charged for ever because something still counts as mapped (the kernel warns).
   */
  close(): number {
    this.#windows.close();
    return this.#regions.putAll();
  }

  /** VFIO_IOMMU_SPAPR_REGISTER_MEMORY; the first one enables the container for good. */
  registerMemory(ua: number, bytes: number): number {
    this.#knowsProcess = true;
    const result = this.#regions.register(ua, bytes);
    if (result === 0) this.#enabled = true;
    return result;
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
    return this.#knowsProcess ? this.#regions.beginUnregister(ua, bytes) : { result: -EPERM, region: null };
  }

  /** The second half: the region leaves the list. */
  endUnregister(region: MemoryRegion): void {
    this.#regions.endUnregister(region);
  }

  /**
   * VFIO_IOMMU_MAP_DMA. The first one makes the default window if that is pending, and the userspace view unless that
   * came with the table, even if it fails afterwards. A region that is being removed stops it with result 0: nothing more mapped, success reported, as the kernel does.
   */
  mapDma(iovaHi: number, iovaLo: number, ua: number, bytes: number, permissions: number): number {
    this.#count(VFIO_IOCTLS);
    if (!this.#enabled) return -EPERM;
    const windowResult = this.#windows.makeDefault();
    if (windowResult < 0) return windowResult;
    const table = this.#windows.tableOf(iovaHi, iovaLo);
    if (table === null) return -ENXIO;
    const pageBytes = table.pageMask + 1;
    if (ua % pageBytes !== 0 || bytes % pageBytes !== 0) return -EINVAL;
    if ((permissions & (TCE_READ | TCE_WRITE)) === 0) return -EINVAL;
    const first = table.window.entryOfRange(iovaHi, iovaLo, 1);
    if (first < 0) return this.#policy.misplacedIova;
    if (this.#windows.ensureUserspaceView(table, first) < 0) return -ENOMEM;
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
    const table = this.#windows.tableOf(iovaHi, iovaLo);
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
      if (this.#entries.clear(table, entry) === NOT_COUNTED) table.userspaceView[entry] = 0;
    }
  }

  #count(operation: number): void {
    const { counts } = this.#host;
    counts[operation] = (counts[operation] as number) + 1;
  }
}

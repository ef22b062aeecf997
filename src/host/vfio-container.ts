import { VFIO_IOCTLS } from '../cost/operations.js';
import { TCE_READ, TCE_WRITE } from '../papr/tce.js';
import { EBUSY, EINVAL, ENOENT, ENXIO, EPERM } from './errno.js';
import type { Host } from './host.js';
import type { IommuTable } from './iommu-table.js';
import { MAP_NO_REGION, MAP_REGION_DYING, MappedEntries } from './mapped-entries.js';

/**
 * A VFIO container of the SPAPR TCE v2 kind with its hardware tables, two at most: what user space reaches by
 * ioctl (drivers/vfio/vfio_iommu_spapr_tce.c of 4.11). Results are 0 or a negative errno.
 */
export class VfioContainer {
  readonly tables: readonly IommuTable[];
  readonly #host: Host;
  readonly #entries: MappedEntries;
  #registered: readonly { ua: number; bytes: number }[] = [];

  constructor(host: Host, tables: readonly IommuTable[]) {
    this.tables = tables;
    this.#host = host;
    this.#entries = new MappedEntries(host.preregistered, host.counts);
  }

  /** VFIO_IOMMU_SPAPR_REGISTER_MEMORY; the first one enables the container. */
  registerMemory(ua: number, bytes: number): number {
    if (!this.#isPageAligned(ua) || !this.#isPageAligned(bytes) || bytes === 0) return -EINVAL;
    if (this.#registered.some((own) => own.ua === ua && own.bytes === bytes)) return -EBUSY;
    const result = this.#host.preregistered.register(ua, bytes);
    if (result === 0) this.#registered = [...this.#registered, { ua, bytes }];
    return result;
  }

  /** VFIO_IOMMU_SPAPR_UNREGISTER_MEMORY: -EBUSY while any hardware entry names the region. */
  unregisterMemory(ua: number, bytes: number): number {
    const own = this.#registered.find((candidate) => candidate.ua === ua && candidate.bytes === bytes);
    if (own === undefined) return -ENOENT;
    const result = this.#host.preregistered.unregister(ua, bytes);
    if (result === 0) this.#registered = this.#registered.filter((candidate) => candidate !== own);
    return result;
  }

  /**
   * VFIO_IOMMU_MAP_DMA. The first one makes the userspace view, even if it fails afterwards. A region that is
   * being removed stops it with result 0: nothing mapped, success reported, as the kernel does.
   */
  mapDma(iovaHi: number, iovaLo: number, ua: number, bytes: number, permissions: number): number {
    this.#countIoctl();
    if (this.#registered.length === 0) return -EPERM;
    const table = this.#tableOf(iovaHi, iovaLo);
    if (table === null) return -ENXIO;
    const { window } = table;
    const pageBytes = window.pageOffsetMask + 1;
    if (ua % pageBytes !== 0 || bytes % pageBytes !== 0) return -EINVAL;
    if ((permissions & (TCE_READ | TCE_WRITE)) === 0) return -EINVAL;
    const first = window.entryOfRange(iovaHi, iovaLo, 1);
    if (first < 0) return -EINVAL;
    const npages = bytes / pageBytes;
    for (let page = 0; page < npages; page++) {
      const result = this.#mapPage(table, first + page, ua + page * pageBytes, permissions);
      if (result === MAP_REGION_DYING) return 0;
      if (result < 0) {
        this.#clear(table, first, page);
        return result;
      }
    }
    return 0;
  }

  /** VFIO_IOMMU_UNMAP_DMA: clears what is valid, never fails for an entry. */
  unmapDma(iovaHi: number, iovaLo: number, bytes: number): number {
    this.#countIoctl();
    if (this.#registered.length === 0) return -EPERM;
    const table = this.#tableOf(iovaHi, iovaLo);
    if (table === null) return -ENXIO;
    const pageBytes = table.window.pageOffsetMask + 1;
    if (bytes % pageBytes !== 0) return -EINVAL;
    const npages = bytes / pageBytes;
    const first = table.window.entryOfRange(iovaHi, iovaLo, npages);
    if (first < 0) return -EINVAL;
    this.#clear(table, first, npages);
    return 0;
  }

  /** A step of `MappedEntries.map` that is no error, or a negative errno. */
  #mapPage(table: IommuTable, entry: number, ua: number, permissions: number): number {
    if (!table.hasUserspaceView) table.allocateUserspaceView();
    if (table.window.pageShift > this.#host.backingShift) return -EPERM;
    const step = this.#entries.map(table, entry, ua, permissions);
    return step === MAP_NO_REGION ? -EINVAL : step;
  }

  #clear(table: IommuTable, first: number, npages: number): void {
    for (let entry = first; entry < first + npages; entry++) {
      if (table.exchange(entry, 0, 0, 0) !== 0) this.#entries.uncount(table, entry);
    }
  }

  #tableOf(iovaHi: number, iovaLo: number): IommuTable | null {
    for (const table of this.tables) {
      const entry = table.window.entryOf(iovaHi, iovaLo);
      if (entry >= 0 && entry < table.window.size) return table;
    }
    return null;
  }

  #countIoctl(): void {
    const { counts } = this.#host;
    counts[VFIO_IOCTLS] = (counts[VFIO_IOCTLS] as number) + 1;
  }

  #isPageAligned(value: number): boolean {
    return value % 2 ** Math.min(this.#host.backingShift, 16) === 0;
  }
}

import { type NaiveHost, type NaiveRegion, type NaiveTable, store } from './naive-host.test-helper.js';
import { uncount } from './naive-v4-12-handlers.test-helper.js';

const [EPERM, ENOENT, ENXIO, EFAULT, EBUSY, EINVAL] = [-1, -2, -6, -14, -16, -22];
/** What the macro that checks an iova gives instead of an errno. */
const MISPLACED = 1;

/** A container by section 5 of the specification and by what the real driver was seen to do. */
export class NaiveContainer {
  readonly tables: readonly (NaiveTable | null)[];
  readonly #host: NaiveHost;
  readonly #countsPages: boolean;
  readonly #regions = new Set<NaiveRegion>();
  #isEnabled = false;
  #knowsProcess = false;

  constructor(host: NaiveHost, tables: readonly (NaiveTable | null)[], countsPages: boolean) {
    this.#host = host;
    this.tables = tables;
    this.#countsPages = countsPages;
  }

  register(ua: bigint, size: bigint): number {
    const host = this.#host;
    this.#knowsProcess = true;
    if (host.pageOf(ua) !== ua || host.pageOf(size) !== size) return EINVAL;
    const known = host.exactly(ua, size);
    if (known !== undefined && this.#regions.has(known)) return EBUSY;
    if (known === undefined && host.overlaps(ua, size)) return EINVAL;
    if (known === undefined && !host.isPresent(ua, size)) return EFAULT;
    const region = known ?? { ua, size, used: 0n, mapped: 1n };
    if (known === undefined) host.regions = [...host.regions, region];
    region.used++;
    this.#regions.add(region);
    this.#isEnabled = true;
    return 0;
  }

  /** 0 or an errno; the region where its removal stands still with the counter at 0. */
  beginUnregister(ua: bigint, size: bigint): number | NaiveRegion {
    const host = this.#host;
    if (!this.#knowsProcess) return EPERM;
    if (host.pageOf(ua) !== ua || host.pageOf(size) !== size) return EINVAL;
    const region = host.exactly(ua, size);
    if (region === undefined || !this.#regions.has(region)) return ENOENT;
    if (region.used === 1n && region.mapped !== 1n) return EBUSY;
    region.used--;
    if (region.used === 0n) {
      region.mapped = 0n;
      return region;
    }
    this.#regions.delete(region);
    return 0;
  }

  endUnregister(region: NaiveRegion): number {
    this.#host.regions = this.#host.regions.filter((candidate) => candidate !== region);
    this.#regions.delete(region);
    return 0;
  }

  map(iova: bigint, ua: bigint, size: bigint, permissions: bigint): number {
    if (!this.#isEnabled) return EPERM;
    const table = this.#tableOf(iova);
    if (table === null) return ENXIO;
    const { pageBytes } = table;
    if (size % pageBytes !== 0n || ua % pageBytes !== 0n || permissions === 0n) return EINVAL;
    if (iova % pageBytes !== 0n) return MISPLACED;
    table.userspaceView ??= new Map();
    const first = (iova >> table.shift) - table.offset;
    for (let page = 0n; page < size / pageBytes; page++) {
      const code = this.#mapPage(table, first + page, ua + page * pageBytes, permissions);
      if (code === 'stop') return 0;
      if (code !== 0) {
        for (let done = 0n; done < page; done++) this.#clear(table, first + done);
        return code;
      }
    }
    return 0;
  }

  unmap(iova: bigint, size: bigint): number {
    if (!this.#isEnabled) return EPERM;
    const table = this.#tableOf(iova);
    if (table === null) return ENXIO;
    const { pageBytes } = table;
    if (size % pageBytes !== 0n) return EINVAL;
    const first = (iova >> table.shift) - table.offset;
    const npages = size / pageBytes;
    if (iova % pageBytes !== 0n || (this.#countsPages && first + npages > table.size)) return MISPLACED;
    for (let page = 0n; page < npages; page++) this.#clear(table, first + page);
    return 0;
  }

  #mapPage(table: NaiveTable, entry: bigint, ua: bigint, permissions: bigint): number | 'stop' {
    const host = this.#host;
    const region = host.lookup(ua, table.pageBytes);
    if (region === undefined) return EINVAL;
    if (table.shift > host.backingShift) return EPERM;
    if (region.mapped === 0n) return 'stop';
    region.mapped++;
    const old = table.exchange(entry, ua, permissions, 'virtual') ?? 0n;
    if (table.userspaceView === null) throw new Error('MAP_DMA makes the userspace view first');
    if ((old & 3n) !== 0n) uncount(host, table, table.userspaceView, entry);
    table.userspaceView.set(entry, ua);
    return 0;
  }

  #clear(table: NaiveTable, entry: bigint): void {
    const old = table.exchange(entry, null, 0n, 'virtual') ?? 0n;
    if ((old & 3n) === 0n || table.userspaceView === null) return;
    if (!uncount(this.#host, table, table.userspaceView, entry)) store(table.userspaceView, entry, 0n);
  }

  #tableOf(iova: bigint): NaiveTable | null {
    for (const table of this.tables) {
      if (table === null) continue;
      const entry = (iova >> table.shift) - table.offset;
      if (entry >= 0n && entry < table.size) return table;
    }
    return null;
  }
}

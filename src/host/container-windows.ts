import { inputError } from '../errors.js';
import { EBUSY, EINVAL, ENODEV, ENOMEM, ENOSPC, ENXIO } from './errno.js';
import type { Host } from './host.js';
import type { IommuPlatform, WindowRequest } from './iommu-platform.js';
import { type IommuTable, LEAF_ABSENT } from './iommu-table.js';
import { modelledWindow } from './modelled-window.js';
import { isAddressable, leafShiftOf, tableBytes } from './table-levels.js';
import { type DefaultWindow, TABLES_PER_GROUP, type VfioGroup } from './vfio-group.js';
import type { VfioPolicy } from './vfio-policy.js';

/** The removal of a window that stands between the last reference and the emptying of its slot. */
export interface PendingWindowRemoval {
  /** 0, or what the ioctl gives at once. */
  readonly result: number;
  /** The table that groups still name; null where the removal has ended already. */
  readonly table: IommuTable | null;
}

const ENTRY_BYTES = 8;
const DEFAULT_PAGE_SHIFT = 12;

/**
 * The windows of one container, two at most, each with its hardware table, and the groups that go by them. Results are
 * 0 or a negative errno.
 */
export class ContainerWindows {
  /** The hardware tables by slot. */
  tables: readonly (IommuTable | null)[];
  readonly #host: Host;
  readonly #platform: IommuPlatform;
  readonly #policy: VfioPolicy;
  readonly #userspaceViewComesWithTable: boolean;
  readonly #clear: (table: IommuTable, first: number, npages: number) => void;
  #groups: readonly VfioGroup[] = [];
  /** The default window, until something needs it or another. */
  #pending: DefaultWindow | null = null;
  /** Tables without a reference that are not freed yet. */
  readonly #dying = new Set<IommuTable>();
  /** Host pages charged for a table, and for its userspace view if that came later. */
  readonly #charged = new Map<IommuTable, { readonly table: number; userspaceView: number }>();

  /** `tables` are there from the beginning; `clear` clears entries of one of them and uncounts what they mapped. */
  constructor(
    host: Host,
    tables: readonly (IommuTable | null)[],
    policy: VfioPolicy,
    platform: IommuPlatform,
    clear: (table: IommuTable, first: number, npages: number) => void,
  ) {
    this.#host = host;
    this.#platform = platform;
    this.#policy = policy;
    this.#userspaceViewComesWithTable = policy.createsUserspaceView === 'with-table';
    this.#clear = clear;
    this.tables = Array.from({ length: TABLES_PER_GROUP }, () => null);
    for (const [slot, table] of tables.entries()) {
      if (table === null) continue;
      const npages = this.#tablePages(table.size * ENTRY_BYTES);
      if (!host.locked.charge(npages)) {
        throw inputError(
          'the tables of a container exceed the limit of locked memory',
          'only windows made by TCE_CREATE can be refused',
        );
      }
      this.#adopt(slot, table, npages);
    }
  }

  /** The table whose window has an address. */
  tableOf(iovaHi: number, iovaLo: number): IommuTable | null {
    for (const table of this.tables) {
      if (table === null) continue;
      const entry = table.window.entryOf(iovaHi, iovaLo);
      if (entry >= 0 && entry < table.window.size) return table;
    }
    return null;
  }

  /** The userspace view of an entry, before it is mapped: 0, or -ENOMEM beyond the limit of locked memory. */
  ensureUserspaceView(table: IommuTable, entry: number): number {
    if (table.leaves[entry >> table.leafShift] !== LEAF_ABSENT) return 0;
    if (!this.#userspaceViewComesWithTable) {
      const npages = this.#host.locked.pagesOf(table.size * ENTRY_BYTES);
      if (!this.#host.locked.charge(npages)) return -ENOMEM;
      const charged = this.#charged.get(table);
      if (charged !== undefined) charged.userspaceView = npages;
    }
    table.allocateUserspaceView(entry);
    return 0;
  }

  /** -EBUSY for a group that has a container. The first group brings its default window, which is made when needed. */
  attachGroup(group: VfioGroup): number {
    if (group.isAttached) return -EBUSY;
    if (this.#groups.length === 0 && this.tables[0] === null) this.#pending = group.defaultWindow;
    this.#groups = [...this.#groups, group];
    group.isAttached = true;
    for (const [slot, table] of this.tables.entries()) if (table !== null) this.#link(group, slot, table);
    return 0;
  }

  /** -EINVAL for a group of another container or none. Its windows stay. */
  detachGroup(group: VfioGroup): number {
    if (!this.#groups.includes(group)) return -EINVAL;
    for (const [slot, table] of this.tables.entries()) {
      if (table === null) continue;
      group.setTable(slot, null);
      this.#host.hardwareTables.put(table);
    }
    this.#groups = this.#groups.filter((candidate) => candidate !== group);
    group.isAttached = false;
    return 0;
  }

  /** Makes the default window if it is pending. */
  makeDefault(): number {
    const pending = this.#pending;
    if (pending === null) return 0;
    if (this.#groups.length === 0) return -ENODEV;
    const { name, bytes } = pending;
    const start = this.#make(name, { pageShift: DEFAULT_PAGE_SHIFT, bytes, levels: 1 });
    if (start < 0) return start;
    this.#pending = null;
    return 0;
  }

  /** VFIO_IOMMU_SPAPR_TCE_CREATE: the window's first address, or a negative errno. */
  create(name: string, request: WindowRequest): number {
    if (this.#groups.length === 0) return -ENXIO;
    const result = this.makeDefault();
    return result < 0 ? result : this.#make(name, request);
  }

  /**
   * The first half of VFIO_IOMMU_SPAPR_TCE_REMOVE: the window that has the address loses its entries and the references
   * of the container and its groups, while whoever has looked already still finds its table in their slots. No other
   * call may come before {@link endRemove}, if there is a table.
   */
  beginRemove(iovaHi: number, iovaLo: number): PendingWindowRemoval {
    if (this.#groups.length === 0) return { result: -ENXIO, table: null };
    if (this.#pending !== null && (iovaHi | iovaLo) === 0) {
      this.#pending = null;
      return { result: 0, table: null };
    }
    const table = this.tableOf(iovaHi, iovaLo);
    if (table === null) return { result: -EINVAL, table: null };
    this.#giveUp(table);
    return { result: 0, table };
  }

  /** The second half: the slots are empty, and a table that had no reference left is freed. */
  endRemove(table: IommuTable): void {
    const slot = this.tables.indexOf(table);
    this.tables = this.tables.with(slot, null);
    for (const group of this.#groups) group.setTable(slot, null);
    if (!this.#dying.delete(table)) return;
    this.#host.hardwareTables.free(table);
  }

  /** Detaches the groups, then clears and lets go of the tables. */
  close(): void {
    for (const group of this.#groups) this.detachGroup(group);
    for (const table of this.tables) {
      if (table === null) continue;
      this.#giveUp(table);
      this.endRemove(table);
    }
    this.#pending = null;
  }

  #make(name: string, { pageShift, bytes, levels }: WindowRequest): number {
    const { locked, pages } = this.#host;
    const slot = this.tables.indexOf(null);
    if (slot < 0) return -ENOSPC;
    if (!this.#platform.pageShifts.includes(pageShift)) return -EINVAL;
    if (!isPowerOfTwo(bytes) || bytes < 2 ** pageShift) return -EINVAL;
    const shape = { pageShift, size: bytes / 2 ** pageShift, levels };
    const size = tableBytes(shape, pages.pageShift);
    if (size === 0) return -EINVAL;
    const npages = this.#tablePages(size);
    if (!locked.charge(npages)) return -ENOMEM;
    if (!isAddressable(shape, pages.pageShift)) {
      locked.giveBack(npages);
      return -EINVAL;
    }
    const start = this.#platform.windowStarts[slot] ?? 0;
    const window = modelledWindow({ ...shape, offset: start / 2 ** pageShift });
    const leafShift = leafShiftOf(window, levels, pages.pageShift, this.#policy);
    this.#adopt(slot, this.#platform.newTable(this.#host, name, window, leafShift), npages);
    return start;
  }

  /** Puts a table that is charged for into its slot and into those of the groups. */
  #adopt(slot: number, table: IommuTable, npages: number): void {
    this.#charged.set(table, { table: npages, userspaceView: 0 });
    this.tables = this.tables.with(slot, table);
    this.#host.hardwareTables.get(table);
    for (const group of this.#groups) this.#link(group, slot, table);
    if (this.#userspaceViewComesWithTable && !table.isSparse) table.allocateUserspaceView();
  }

  #link(group: VfioGroup, slot: number, table: IommuTable): void {
    group.setTable(slot, table);
    this.#host.hardwareTables.get(table);
  }

  /** A userspace view that the driver allocated goes with the container's interest in the table, whoever else keeps that. */
  #giveUp(table: IommuTable): void {
    const { hardwareTables, locked } = this.#host;
    for (const _ of this.#groups) hardwareTables.drop(table);
    this.#clear(table, 0, table.size);
    if (!this.#userspaceViewComesWithTable) table.freeUserspaceView();
    hardwareTables.drop(table);
    if (table.references === 0) this.#dying.add(table);
    const charged = this.#charged.get(table);
    this.#charged.delete(table);
    if (charged !== undefined) locked.giveBack(charged.table + charged.userspaceView);
  }

  /** What a table is charged for: twice its bytes where its userspace view comes with it. */
  #tablePages(bytes: number): number {
    const npages = this.#host.locked.pagesOf(bytes);
    return this.#userspaceViewComesWithTable ? 2 * npages : npages;
  }
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && 2 ** Math.round(Math.log2(value)) === value;
}

import type { DmaWindow } from '../papr/dma-window.js';
import { highHalf, lowHalf } from '../papr/tce.js';
import type { IommuTable } from './iommu-table.js';
import type { SharedBuffers } from './shared-buffers.js';
import { TceEntries } from './tce-entries.js';

/** A hardware table attached to a guest view (`kvmppc_spapr_tce_iommu_table`, "stit"). */
export interface AttachedTable {
  /** The group that attached it first. */
  readonly group: number;
  readonly table: IommuTable;
  /** How many times it was attached. */
  readonly references: number;
}

/**
 * The guest view of one LIOBN that KVM keeps (`kvmppc_spapr_tce_table`, "stt"), with the hardware tables that
 * follow it, the last attached first, as the handlers visit them.
 */
export class SpaprTceTable {
  // Declared, not defined: a field that begins as undefined costs a check of its type at every read.
  declare readonly liobn: number;
  declare readonly window: DmaWindow;
  /** The bits of an address, in its low half, that lie below the IOMMU page. */
  declare readonly pageMask: number;
  declare readonly entries: TceEntries;
  /** The attached hardware tables. Replaced as a whole: a walker never sees the list half changed. */
  tables: readonly IommuTable[] = [];
  #attached: readonly AttachedTable[] = [];
  declare private readonly startHi: number;
  /** Pages from the last multiple of 4 GiB up to the window. */
  declare private readonly pagesBelow: number;
  declare readonly pageShift: number;
  declare private readonly size: number;
  /** Which pages of the table exist; null where all do from the start. */
  declare private readonly pages: Uint8Array | null;
  declare private readonly entriesPerPageShift: number;

  /** `growsByPages`, log2 of entries, is for a kernel that makes the pages of a table with their first use. */
  constructor(liobn: number, window: DmaWindow, buffers: SharedBuffers, growsByPages?: number) {
    this.liobn = liobn;
    this.window = window;
    this.pageMask = window.pageOffsetMask | 0;
    this.entries = new TceEntries(`guest view of LIOBN 0x${liobn.toString(16)}`, window.size, buffers);
    const start = window.iobaOf(0);
    this.startHi = highHalf(start);
    this.pagesBelow = (lowHalf(start) >>> window.pageShift) | 0;
    this.pageShift = window.pageShift;
    this.size = window.size;
    this.entriesPerPageShift = growsByPages ?? 0;
    this.pages =
      growsByPages === undefined
        ? null
        : new Uint8Array(buffers.take(Math.ceil(window.size / 2 ** growsByPages)));
  }

  /** The descriptors of {@link tables}. */
  get attached(): readonly AttachedTable[] {
    return this.#attached;
  }

  /** First entry of `npages` from an address on, or -1 where it is misaligned or any page is outside the window. */
  entryOf(iobaHi: number, iobaLo: number, npages: number): number {
    if (iobaHi !== this.startHi) return this.window.entryOfRange(iobaHi, iobaLo, npages) | 0;
    if ((iobaLo & this.pageMask) !== 0) return -1;
    const entry = (iobaLo >>> this.pageShift) - this.pagesBelow;
    return entry >= 0 && entry + npages <= this.size ? entry : -1;
  }

  /** Whether the pages of `npages` entries exist. */
  hasPages(first: number, npages: number): boolean {
    const { pages } = this;
    if (pages === null || npages === 0) return true;
    const last = (first + npages - 1) >> this.entriesPerPageShift;
    for (let page = first >> this.entriesPerPageShift; page <= last; page++) {
      if (pages[page] === 0) return false;
    }
    return true;
  }

  /** Makes the page of an entry, if it does not exist. */
  allocatePage(entry: number): void {
    if (this.pages !== null) this.pages[entry >> this.entriesPerPageShift] = 1;
  }

  /** Makes a descriptor of its own: the same table attached twice is visited twice. */
  attach(group: number, table: IommuTable): void {
    this.#setAttached([{ group, table, references: 1 }, ...this.#attached]);
  }

  /** Drops every descriptor of a group. */
  detach(group: number): void {
    this.#setAttached(this.#attached.filter((descriptor) => descriptor.group !== group));
  }

  /** Counts one reference more to the descriptor of a table; false where there is none yet. */
  share(table: IommuTable): boolean {
    const index = this.#attached.findIndex((descriptor) => descriptor.table === table);
    if (index < 0) return false;
    this.#addReferences(index, 1);
    return true;
  }

  /** Gives back one reference of the first descriptor whose table is among some; false where there is none. */
  giveBack(tables: readonly (IommuTable | null)[]): boolean {
    const index = this.#attached.findIndex(({ table }) => tables.includes(table));
    if (index < 0) return false;
    this.#addReferences(index, -1);
    return true;
  }

  /** A descriptor without references is gone. */
  #addReferences(index: number, change: number): void {
    this.#setAttached(
      this.#attached
        .map((descriptor, i) =>
          i === index ? { ...descriptor, references: descriptor.references + change } : descriptor,
        )
        .filter(({ references }) => references > 0),
    );
  }

  #setAttached(attached: readonly AttachedTable[]): void {
    this.#attached = attached;
    this.tables = attached.map(({ table }) => table);
  }
}

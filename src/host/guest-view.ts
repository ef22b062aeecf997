import type { DmaWindow } from '../papr/dma-window.js';
import { highHalf, lowHalf } from '../papr/tce.js';
import type { IommuTable } from './iommu-table.js';
import type { SharedArray, SharedBuffers } from './shared-buffers.js';
import { TceEntries } from './tce-entries.js';
import type { VfioGroup } from './vfio-group.js';

/** A hardware table attached to a guest view (`kvmppc_spapr_tce_iommu_table`, "stit"). */
export interface AttachedTable {
  readonly table: IommuTable;
  /** The groups that it was attached for, once for each time that was not given back: so many are its references. */
  readonly groups: readonly VfioGroup[];
  /** Whether each of these references holds one of its group. */
  readonly holdsGroups: boolean;
}

/** What a guest view gave back of its descriptors. */
export interface GivenBack {
  /** References. */
  readonly given: number;
  /** The descriptors that went with their last. */
  readonly gone: readonly AttachedTable[];
}

/**
 * The guest view of one LIOBN that KVM keeps (`kvmppc_spapr_tce_table`, "stt"), with the hardware tables that
 * follow it, the last attached first, as the handlers visit them.
 */
export class GuestView {
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
  declare private readonly pages: Uint8Array<SharedArrayBuffer> | null;
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

  /** The memory of the table. */
  get memory(): readonly SharedArray[] {
    return this.pages === null ? [this.entries.words] : [this.entries.words, this.pages];
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

  /** Stores a word as the handlers do (`kvmppc_tce_put`): one that is not zero makes the page of its entry. */
  store(entry: number, hi: number, lo: number): void {
    this.entries.store(entry, hi, lo);
    if ((hi | lo) !== 0) this.allocatePage(entry);
  }

  /** Makes the page of an entry, if it does not exist. */
  allocatePage(entry: number): void {
    if (this.pages !== null) this.pages[entry >> this.entriesPerPageShift] = 1;
  }

  /** Makes a descriptor of its own: the same table attached twice is visited twice. */
  attach(table: IommuTable, group: VfioGroup, holdsGroups: boolean): void {
    this.#setAttached([{ table, groups: [group], holdsGroups }, ...this.#attached]);
  }

  /** Counts one reference more to the descriptor of a table; false where there is none yet. */
  share(table: IommuTable, group: VfioGroup): boolean {
    const found = this.#attached.find((descriptor) => descriptor.table === table);
    if (found === undefined) return false;
    const shared = { ...found, groups: [...found.groups, group] };
    this.#setAttached(this.#attached.map((descriptor) => (descriptor === found ? shared : descriptor)));
    return true;
  }

  /** Takes back every reference of a group. */
  detach(group: VfioGroup): GivenBack {
    return this.#takeBack((descriptor) => descriptor.groups.filter((candidate) => candidate !== group));
  }

  /**
   * Takes back one reference of each descriptor whose table is among some, of `most` descriptors at most: the group's
   * own where it has one, else another group's.
   */
  giveBack(tables: readonly (IommuTable | null)[], group: VfioGroup, most: number): GivenBack {
    let given = 0;
    return this.#takeBack(({ table, groups }) => {
      if (given === most || !tables.includes(table)) return groups;
      given++;
      return groups.toSpliced(Math.max(groups.lastIndexOf(group), 0), 1);
    });
  }

  /** Takes back every reference. */
  detachAll(): GivenBack {
    return this.#takeBack(() => []);
  }

  /** Leaves each descriptor what `left` says of its references; one without is gone. */
  #takeBack(left: (descriptor: AttachedTable) => readonly VfioGroup[]): GivenBack {
    const before = this.#attached;
    const after = before.map((descriptor) => ({ ...descriptor, groups: left(descriptor) }));
    this.#setAttached(after.filter(({ groups }) => groups.length > 0));
    return {
      given: referencesOf(before) - referencesOf(after),
      gone: before.filter((_, i) => after[i]?.groups.length === 0),
    };
  }

  #setAttached(attached: readonly AttachedTable[]): void {
    this.#attached = attached;
    this.tables = attached.map(({ table }) => table);
  }
}

function referencesOf(attached: readonly AttachedTable[]): number {
  return attached.reduce((sum, { groups }) => sum + groups.length, 0);
}

import type { DmaWindow } from '../papr/dma-window.js';
import { TCE_PERMISSIONS, TCE_READ, TCE_WRITE } from '../papr/tce.js';
import { HostFault } from './host-fault.js';
import type { HostPages } from './host-pages.js';
import type { MmuMode } from './mmu-mode.js';
import type { SharedArray, SharedBuffers } from './shared-buffers.js';
import { TceEntries } from './tce-entries.js';

/** What {@link IommuTable.exchange} gives where real mode could not do it; the entry is as it was. */
export const EXCHANGE_FAILED = -1;

// An imported constant is read from memory at every use, one of this module is folded into the code.
const PERMISSIONS = TCE_PERMISSIONS;
const WRITE = TCE_WRITE;

/** How far the write permission stands from the read permission that it implies. */
const WRITE_TO_READ = Math.log2(TCE_WRITE / TCE_READ);

/** States of a leaf of the userspace view. */
export const LEAF_ABSENT = 0;
export const LEAF_PRESENT = 1;
/** It stands where an access without the MMU cannot find it (`vmalloc_to_phys` gives nothing). */
export const LEAF_OUT_OF_REAL_MODE = 2;

/** The leaf shift of a table in one piece: every entry is in leaf 0. */
const ONE_LEAF = 31;

/**
 * A hardware TCE table (`struct iommu_table`) with its userspace view (`it_userspace`): for each entry the user
 * address that it maps, 0 if none. It comes to be leaf by leaf; in most kernels it is one leaf, made whole by the first
 * VFIO map or with the table. Its memory here is reserved at once, because untouched shared memory costs
 * nothing and other threads must see it appear. A hardware level that is not there yet reads as cleared entries, so
 * only the userspace view needs to know which leaves exist.
 */
export class IommuTable {
  // Declared, not defined: a field that begins as undefined costs a check of its type at every read.
  declare readonly name: string;
  declare readonly window: DmaWindow;
  declare readonly size: number;
  declare readonly pageShift: number;
  /** The bits of an address, in its low half, that lie below the IOMMU page. */
  declare readonly pageMask: number;
  declare readonly entries: TceEntries;
  /** The userspace view. A store to it is not coupled to the exchange of the entry, in the kernel neither. */
  declare readonly userspaceView: Float64Array<SharedArrayBuffer>;
  /** The state of each leaf of the userspace view; entry e is in leaf `e >> leafShift`. */
  declare readonly leaves: Int32Array<SharedArrayBuffer>;
  declare readonly leafShift: number;
  declare private readonly words: Int32Array;
  /** Who keeps the table: its container's slot, each linked group, each descriptor. Of {@link HardwareTables} only. */
  references = 0;
  declare protected readonly pages: HostPages;
  /** The word that the last {@link clear} took out. */
  clearedHi = 0;
  clearedLo = 0;

  /** `leafShift`, log2 of entries, makes a table of several levels whose leaves come with their first use. */
  constructor(
    name: string,
    window: DmaWindow,
    pages: HostPages,
    buffers: SharedBuffers,
    leafShift: number = ONE_LEAF,
  ) {
    this.name = name;
    this.window = window;
    this.size = window.size;
    this.pageShift = window.pageShift;
    this.pageMask = window.pageOffsetMask | 0;
    this.entries = new TceEntries(`hardware table ${name}`, window.size, buffers);
    this.userspaceView = new Float64Array(buffers.take(window.size * 8));
    this.words = this.entries.words;
    this.leafShift = leafShift;
    this.leaves = new Int32Array(buffers.take((((window.size - 1) >>> leafShift) + 1) * 4));
    this.pages = pages;
  }

  /** The memory of the table and of its userspace view. */
  get memory(): readonly SharedArray[] {
    return [this.entries.words, this.userspaceView, this.leaves];
  }

  /** Whether any of the userspace view exists. */
  get hasUserspaceView(): boolean {
    return this.leaves.some((state) => state !== LEAF_ABSENT);
  }

  get isSparse(): boolean {
    return this.leafShift !== ONE_LEAF;
  }

  /** Makes the leaf of an entry, if it is absent: what a VFIO map does. */
  allocateUserspaceView(entry = 0): void {
    const leaf = entry >> this.leafShift;
    if (this.leaves[leaf] === LEAF_ABSENT) this.leaves[leaf] = LEAF_PRESENT;
  }

  /** Puts what exists of the userspace view out of the reach of real mode, or back. */
  setUserspaceViewReachable(reachable: boolean): void {
    const state = reachable ? LEAF_PRESENT : LEAF_OUT_OF_REAL_MODE;
    for (const [leaf, old] of this.leaves.entries()) {
      if (old !== LEAF_ABSENT) this.leaves[leaf] = state;
    }
  }

  /** What the VFIO driver does with a userspace view that it allocated itself, before it lets go of the table. */
  freeUserspaceView(): void {
    this.leaves.fill(LEAF_ABSENT);
    this.userspaceView.fill(0);
  }

  /**
   * Exchanges an entry (`iommu_tce_xchg`, `iommu_tce_xchg_rm`) and returns the permission bits it had. Write
   * permission implies read in hardware; without permission bits the address is stored all the same. An old page
   * that the device could write becomes dirty; where real mode cannot reach its descriptor, a second exchange
   * restores the entry: {@link EXCHANGE_FAILED}.
   *
   * A host address that is not aligned to the IOMMU page stops the host (BUG_ON), an entry outside the table too.
   */
  exchange(entry: number, hpaHi: number, hpaLo: number, permissions: number, mode: MmuMode): number {
    const words = this.words;
    const low = entry << 1;
    const oldLo = words[low];
    const oldHi = words[low + 1] as number;
    if (oldLo === undefined || (hpaLo & this.pageMask) !== 0) this.fault(entry);
    words[low] = storedLow(hpaLo, permissions);
    words[low + 1] = hpaHi | 0;
    if ((oldLo & WRITE) === 0 || this.pages.markDirty(oldHi, oldLo, mode)) return oldLo & PERMISSIONS;
    this.entries.store(entry, oldHi, oldLo);
    return EXCHANGE_FAILED;
  }

  /** Clears an entry, as {@link exchange} does, and keeps what it had in {@link clearedHi} and {@link clearedLo}. */
  clear(entry: number, mode: MmuMode): number {
    const { entries } = this;
    this.clearedLo = entries.lo(entry);
    this.clearedHi = entries.hi(entry);
    return this.exchange(entry, 0, 0, 0, mode);
  }

  protected fault(entry: number): never {
    throw new HostFault(
      entry < 0 || entry >= this.size
        ? `exchange of entry ${entry} of hardware table ${this.name}, which has ${this.size}`
        : `exchange of an unaligned host address in entry ${entry} of hardware table ${this.name}`,
    );
  }
}

/** The low half that an exchange stores: write permission implies read in hardware. */
export function storedLow(hpaLo: number, permissions: number): number {
  return hpaLo | permissions | ((permissions & WRITE) >> WRITE_TO_READ);
}

import type { DmaWindow } from '../papr/dma-window.js';
import type { VfioPolicy } from './vfio-policy.js';

const ENTRY_SHIFT = 3;
const BITS_PER_LEVEL = 6;
const MAX_LEVELS = 5;

/** What the levels of a table and the page must stay below, in address bits. */
const ADDRESS_BITS = 55;

/** A window that starts here or higher gets the top level of its table only; the others come with their use. */
const SPARSE_FROM = 2 ** 32;

/** The shape of a table of several levels (arch/powerpc/platforms/powernv/pci-ioda-tce.c). */
export interface TableShape {
  readonly pageShift: number;
  /** Entries. */
  readonly size: number;
  /** 1 for a table that is flat. */
  readonly levels: number;
}

/**
 * log2 of the entries in one level: the bits of the index are shared among the levels, and none is smaller than a host
 * page.
 */
function levelShift({ size, levels }: TableShape, hostPageShift: number): number {
  return Math.max(Math.ceil(Math.ceil(Math.log2(size)) / levels), hostPageShift - ENTRY_SHIFT);
}

/** The bytes that all levels of a table take; 0 where there are too few or too many of them. */
export function tableBytes(shape: TableShape, hostPageShift: number): number {
  const { size, levels } = shape;
  if (levels < 1 || levels > MAX_LEVELS) return 0;
  const entriesPerTable = 2 ** levelShift(shape, hostPageShift);
  let tables = 0;
  for (let level = 0, entries = size; level < levels; level++) {
    entries = Math.ceil(entries / entriesPerTable);
    tables += entries;
  }
  return tables * entriesPerTable * 2 ** ENTRY_SHIFT;
}

/** Whether the levels of a table reach no further than the hardware's addresses. */
export function isAddressable(shape: TableShape, hostPageShift: number): boolean {
  return levelShift(shape, hostPageShift) * shape.levels + shape.pageShift < ADDRESS_BITS;
}

/**
 * log2 of the entries in one leaf of a hardware table whose leaves are made on demand, undefined where the table is
 * in one piece from the start: in kernels where the userspace view does not come with it, in windows below 4 GiB, and
 * with one level.
 */
export function leafShiftOf(
  window: DmaWindow,
  levels: number,
  hostPageShift: number,
  { createsUserspaceView }: Pick<VfioPolicy, 'createsUserspaceView'>,
): number | undefined {
  if (createsUserspaceView === 'first-map' || window.iobaOf(0) < SPARSE_FROM || levels === 1)
    return undefined;
  return levelShift({ ...window, levels }, hostPageShift);
}

/** How many levels user space asks for: one for every 64 pages of table (QEMU hw/vfio/spapr.c). */
export function levelsOfUserspace(entries: number, hostPageShift: number): number {
  const pageBits = Math.max(0, Math.ceil(Math.log2(entries)) + ENTRY_SHIFT - hostPageShift);
  return Math.floor(pageBits / BITS_PER_LEVEL) + 1;
}

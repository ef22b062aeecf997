import type { DmaWindow } from '../papr/dma-window.js';

const ENTRY_SHIFT = 3;
const BITS_PER_LEVEL = 6;

/** A window that starts here or higher gets the top level of its table only; the others come with their use. */
const SPARSE_FROM = 2 ** 32;

/**
 * log2 of the entries in one leaf of a hardware table whose leaves are made on demand, undefined where the table is
 * in one piece from the start. User space asks for one level for every 64 pages of table, the platform shares the bits
 * of the index among them and makes no level smaller than a host page
 * (QEMU hw/vfio/spapr.c, arch/powerpc/platforms/powernv/pci-ioda-tce.c from the 4.19 cycle on).
 */
export function leafShiftOf(window: DmaWindow, hostPageShift: number): number | undefined {
  if (window.iobaOf(0) < SPARSE_FROM) return undefined;
  const indexBits = Math.ceil(Math.log2(window.size));
  const pageBits = Math.max(0, indexBits + ENTRY_SHIFT - hostPageShift);
  const levels = Math.floor(pageBits / BITS_PER_LEVEL) + 1;
  if (levels === 1) return undefined;
  return Math.max(Math.ceil(indexBits / levels), hostPageShift - ENTRY_SHIFT);
}

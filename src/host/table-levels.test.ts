import { describe, expect, it } from 'vitest';
import { DmaWindow } from '../papr/dma-window.js';
import { isAddressable, leafShiftOf, levelsOfUserspace, tableBytes } from './table-levels.js';

/** Bytes of a tree of tables that covers so many entries, built node by node. */
function bytesOfTree(entries: number, levels: number, entriesPerTable: number): number {
  const below = Math.ceil(entries / entriesPerTable);
  const bytes = below * entriesPerTable * 8;
  return levels === 1 ? bytes : bytes + bytesOfTree(below, levels - 1, entriesPerTable);
}

describe('the levels of a hardware table', () => {
  it.each([
    // Index bits 19: one level of 4 MiB.
    [19, 1, 16, 4 * 2 ** 20],
    // Fewer entries than a host page holds take a whole one.
    [4, 1, 16, 65536],
    [4, 1, 12, 4096],
    // 24 bits in two levels: 12 each, a 64K page holds 13: 2048 leaves and one page above them.
    [24, 2, 16, 2049 * 65536],
    // On a 4K host 12 bits are 32 KiB: 4096 leaves and one above.
    [24, 2, 12, 4097 * 32768],
  ])('take host pages: 2^%i entries, %i levels, host page 2^%i', (bits, levels, hostPageShift, bytes) => {
    expect(tableBytes({ pageShift: 12, size: 2 ** bits, levels }, hostPageShift)).toBe(bytes);
  });

  it('take what a tree of them takes', () => {
    for (const hostPageShift of [12, 16]) {
      for (let bits = 0; bits <= 29; bits++) {
        for (let levels = 1; levels <= 5; levels++) {
          const perLevel = Math.max(Math.ceil(bits / levels), hostPageShift - 3);
          const expected = bytesOfTree(2 ** bits, levels, 2 ** perLevel);
          expect(tableBytes({ pageShift: 12, size: 2 ** bits, levels }, hostPageShift)).toBe(expected);
        }
      }
    }
  });

  it('are one to five', () => {
    expect([0, 6].map((levels) => tableBytes({ pageShift: 12, size: 512, levels }, 12))).toEqual([0, 0]);
  });

  it('and the page stay below 55 bits', () => {
    const fits = (pageShift: number, size: number, levels: number) =>
      isAddressable({ pageShift, size, levels }, 16);
    expect([fits(28, 2 ** 26, 1), fits(28, 2 ** 27, 1)]).toEqual([true, false]);
    // No level is smaller than 13 bits of a 64K page: 3 * 13 + 16 = 55.
    expect([fits(16, 16, 2), fits(16, 16, 3), fits(12, 16, 3), fits(12, 16, 4)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});

describe('the leaves of a hardware table', () => {
  const large = new DmaWindow(16, 2 ** 43, 2 ** 20);
  const low = new DmaWindow(12, 0, 2 ** 20);
  const withTable = { createsUserspaceView: 'with-table' } as const;

  it('come with their use only above 4 GiB, with several levels, and where the userspace view comes with the table', () => {
    expect(leafShiftOf(large, 2, 16, withTable)).toBe(13);
    expect(leafShiftOf(large, 2, 12, withTable)).toBe(10);
    expect(leafShiftOf(large, 1, 16, withTable)).toBeUndefined();
    expect(leafShiftOf(low, 2, 16, withTable)).toBeUndefined();
    expect(leafShiftOf(large, 2, 16, { createsUserspaceView: 'first-map' })).toBeUndefined();
  });

  it('are as user space asks for levels: one for every 64 pages of table', () => {
    const pages = (npages: number) => levelsOfUserspace((npages * 65536) / 8, 16);
    expect([1, 32, 33, 63, 64, 4095, 4096].map(pages)).toEqual([1, 1, 2, 2, 2, 3, 3]);
    expect([2048, 2049, 4096].map(pages)).toEqual([2, 3, 3]);
    expect(levelsOfUserspace(16, 16)).toBe(1);
  });
});

import { describe, expect, it } from 'vitest';
import { DmaWindow } from '../papr/dma-window.js';
import { HardwareTables } from './hardware-tables.js';
import { HostPages } from './host-pages.js';
import { IommuTable } from './iommu-table.js';
import { VIRTUAL_MODE } from './mmu-mode.js';
import { SharedBuffers } from './shared-buffers.js';

function rig() {
  const buffers = new SharedBuffers();
  const pages = new HostPages(2 ** 20, 16, buffers);
  const tables = new HardwareTables(buffers);
  const newTable = (name: string) => new IommuTable(name, new DmaWindow(12, 0, 8), pages, buffers);
  return { buffers, tables, newTable };
}

describe('a hardware table', () => {
  it('lives as long as anybody has a reference of it', () => {
    const { tables, newTable } = rig();
    const table = newTable('t');
    expect(tables.has(table)).toBe(false);
    tables.get(table);
    expect([tables.getUnlessDying(table), table.references]).toEqual([true, 2]);
    tables.put(table);
    expect([tables.has(table), table.references]).toEqual([true, 1]);
    tables.put(table);
    expect([tables.has(table), table.references]).toEqual([false, 0]);
    expect(() => tables.put(table)).toThrow('no reference');
  });

  it('loses its entries with the last reference, and its memory goes to the next table', () => {
    const { buffers, tables, newTable } = rig();
    const table = newTable('t');
    tables.get(table);
    table.exchange(1, 0x10_000a, 0x5500_0000, 3, VIRTUAL_MODE);
    table.allocateUserspaceView();
    const before = buffers.all.length;
    tables.put(table);
    const next = newTable('next');
    expect(new Set(next.memory)).toEqual(new Set(table.memory));
    expect(buffers.all).toHaveLength(before);
    expect([next.entries.hi(1), next.entries.lo(1), next.hasUserspaceView]).toEqual([0, 0, false]);
  });

  it('that is dying can be got by force only', () => {
    const { tables, newTable } = rig();
    const table = newTable('t');
    tables.get(table);
    tables.drop(table);
    expect([tables.has(table), tables.getUnlessDying(table)]).toEqual([true, false]);
    tables.get(table);
    expect(() => tables.free(table)).toThrow('while a guest view follows it');
    tables.drop(table);
    tables.free(table);
    expect(() => tables.free(table)).toThrow('twice');
  });
});

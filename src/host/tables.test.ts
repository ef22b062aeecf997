import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DmaWindow } from '../papr/dma-window.js';
import { GuestView } from './guest-view.js';
import { HostFault } from './host-fault.js';
import { HostPages } from './host-pages.js';
import { EXCHANGE_FAILED, IommuTable } from './iommu-table.js';
import { REAL_MODE, VIRTUAL_MODE } from './mmu-mode.js';
import { SharedBuffers } from './shared-buffers.js';
import { TceEntries } from './tce-entries.js';
import { VfioGroup } from './vfio-group.js';

const UA = 0x2000_0000_0000;
/** The host keeps the page of a user address at the address XOR 0x300A55000000. */
const HPA_HI = 0x2000 ^ 0x300a;
const HPA_LO = 0x5500_0000;
const MIB = 2 ** 20;

function hardwareTable(pageShift = 12) {
  const buffers = new SharedBuffers();
  const pages = new HostPages(64 * MIB, 16, buffers);
  const table = new IommuTable('t', new DmaWindow(pageShift, 0, 8), pages, buffers);
  const entry = (i: number) => [table.entries.hi(i), table.entries.lo(i)];
  return { pages, table, entry };
}

describe('a table of TCEs', () => {
  it('holds 64 bits of every word', () => {
    const entries = new TceEntries('a table', 4, new SharedBuffers());
    entries.store(2, 0x89ab_cdef | 0, 0x8000_0003 | 0);
    expect([entries.hi(2), entries.lo(2)]).toEqual([0x89ab_cdef | 0, 0x8000_0003 | 0]);
    expect([entries.lo(1), entries.hi(3), entries.lo(3)]).toEqual([0, 0, 0]);
  });

  it.each([-1, 4, 2 ** 31])('stops the host at a store to entry %i instead of dropping it', (entry) => {
    const entries = new TceEntries('a table', 4, new SharedBuffers());
    expect(() => entries.store(entry, 0, 3)).toThrow(HostFault);
    expect(entries.words.every((word) => word === 0)).toBe(true);
  });
});

describe('the exchange of a hardware entry', () => {
  it.each([
    [1, 1],
    [2, 3],
    [3, 3],
    [0, 0],
  ])('stores permission %i as %i: write implies read', (permissions, stored) => {
    const { table, entry } = hardwareTable();
    expect(table.exchange(1, HPA_HI, HPA_LO | 0x5000, permissions, VIRTUAL_MODE)).toBe(0);
    expect(entry(1)).toEqual([HPA_HI, HPA_LO | 0x5000 | stored]);
    expect(table.exchange(1, 0, 0, 0, VIRTUAL_MODE)).toBe(stored);
    expect(entry(1)).toEqual([0, 0]);
  });

  it.each([-1, 8])('stops the host outside the table, at entry %i', (entry) => {
    expect(() => hardwareTable().table.exchange(entry, 0, 0, 0, REAL_MODE)).toThrow(HostFault);
  });

  it('stops the host where the address is not aligned to the IOMMU page', () => {
    const { table, entry } = hardwareTable(16);
    expect(() => table.exchange(1, HPA_HI, HPA_LO | 0x1000, 3, REAL_MODE)).toThrow(HostFault);
    expect(entry(1)).toEqual([0, 0]);
  });

  it('makes the old page dirty if the device could write it, when it goes', () => {
    const { table, pages } = hardwareTable();
    table.exchange(1, HPA_HI, HPA_LO | 0x2_5000, 3, VIRTUAL_MODE);
    table.exchange(2, HPA_HI, HPA_LO | 0x3_5000, 1, VIRTUAL_MODE);
    expect([...pages.dirtyPages()]).toEqual([]);
    table.exchange(1, 0, 0, 0, REAL_MODE);
    table.exchange(2, 0, 0, 0, REAL_MODE);
    expect([...pages.dirtyPages()]).toEqual([UA + 0x2_0000]);
  });

  it('restores the entry where real mode cannot reach the page that would be dirty', () => {
    const { table, pages, entry } = hardwareTable();
    table.exchange(1, HPA_HI, HPA_LO | 0x2_5000, 2, VIRTUAL_MODE);
    pages.setReachableInRealMode(UA + 0x2_0000, false);
    expect(table.exchange(1, 0, 0, 0, REAL_MODE)).toBe(EXCHANGE_FAILED);
    expect(entry(1)).toEqual([HPA_HI, HPA_LO | 0x2_5003]);
    expect([...pages.dirtyPages()]).toEqual([]);
    pages.setReachableInRealMode(UA + 0x2_0000, true);
    expect(table.exchange(1, 0, 0, 0, REAL_MODE)).toBe(3);
  });
});

describe('the guest view', () => {
  it('finds the entry of an address as 64-bit arithmetic does, in windows anywhere', () => {
    const view = fc.record({
      pageShift: fc.constantFrom(12, 16, 24),
      offset: fc.oneof(fc.nat(64), fc.bigInt(0n, 2n ** 40n).map(Number), fc.constant(2 ** 20 - 3)),
      size: fc.integer({ min: 1, max: 5000 }),
    });
    const probe = fc.record({
      page: fc.integer({ min: -6000, max: 12000 }),
      low: fc.oneof(
        { weight: 4, arbitrary: fc.constant(0n) },
        { weight: 1, arbitrary: fc.constantFrom(1n, 2048n) },
      ),
      npages: fc.oneof(fc.nat(20), fc.constantFrom(5000, 2 ** 40, 2 ** 64)),
      wrap: fc.constantFrom(0n, 0n, 0n, 1n << 60n, 1n << 63n),
    });
    fc.assert(
      fc.property(
        view,
        fc.array(probe, { minLength: 20, maxLength: 20 }),
        ({ pageShift, offset, size }, probes) => {
          const table = new GuestView(1, new DmaWindow(pageShift, offset, size), new SharedBuffers());
          for (const { page, low, npages, wrap } of probes) {
            const shift = BigInt(pageShift);
            const ioba = BigInt.asUintN(64, ((BigInt(offset) + BigInt(page)) << shift) + low + wrap);
            const entry = (ioba >> shift) - BigInt(offset);
            const isInside = low === 0n && entry >= 0n && entry + BigInt(npages) <= BigInt(size);
            const [hi, lo] = [Number(BigInt.asIntN(32, ioba >> 32n)), Number(BigInt.asIntN(32, ioba))];
            expect(table.entryOf(hi, lo, npages)).toBe(isInside ? Number(entry) : -1);
          }
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });

  it('is followed by the hardware table attached last before the others, once for each time', () => {
    const { table: a } = hardwareTable();
    const { table: b } = hardwareTable();
    const groups = [0, 1, 2].map((id) => new VfioGroup(id)) as [VfioGroup, VfioGroup, VfioGroup];
    const view = new GuestView(1, new DmaWindow(12, 0, 8), new SharedBuffers());
    view.attach(a, groups[0], true);
    view.attach(a, groups[1], true);
    view.attach(b, groups[2], true);
    expect(view.tables).toEqual([b, a, a]);
    const { given, gone } = view.detach(groups[0]);
    expect([given, gone.map(({ table }) => table)]).toEqual([1, [a]]);
    expect(view.tables).toEqual([b, a]);
    expect(view.attached.map((descriptor) => descriptor.groups)).toEqual([[groups[2]], [groups[1]]]);
  });

  it('counts the references of a shared descriptor and drops it with the last', () => {
    const { table: a } = hardwareTable();
    const { table: b } = hardwareTable();
    const [first, second] = [new VfioGroup(0), new VfioGroup(1)];
    const view = new GuestView(1, new DmaWindow(12, 0, 8), new SharedBuffers());
    expect(view.share(a, first)).toBe(false);
    view.attach(a, first, false);
    view.attach(b, first, false);
    expect(view.share(a, second)).toBe(true);
    const references = () => view.attached.map(({ table, groups }) => [table === a, groups.length]);
    expect(references()).toEqual([
      [false, 1],
      [true, 2],
    ]);
    expect(view.giveBack([null, a], first, 1)).toEqual({ given: 1, gone: [] });
    expect(view.attached[1]?.groups).toEqual([second]);
    expect(view.tables).toEqual([b, a]);
    expect(view.giveBack([a, b], second, 1)).toMatchObject({ given: 1, gone: [{ table: b }] });
    expect(view.giveBack([a], first, 1)).toMatchObject({ given: 1, gone: [{ table: a }] });
    expect(view.giveBack([a], first, 1)).toEqual({ given: 0, gone: [] });
    expect(view.tables).toEqual([]);
  });

  it('gives back one reference of every descriptor where no number is set, and all when it is closed', () => {
    const tables = [hardwareTable().table, hardwareTable().table, hardwareTable().table] as const;
    const group = new VfioGroup(0);
    const view = new GuestView(1, new DmaWindow(12, 0, 8), new SharedBuffers());
    for (const table of tables) view.attach(table, group, false);
    view.share(tables[0], group);
    const some = view.giveBack([tables[0], tables[1]], group, Number.POSITIVE_INFINITY);
    expect([some.given, some.gone.map(({ table }) => table)]).toEqual([2, [tables[1]]]);
    expect(view.tables).toEqual([tables[2], tables[0]]);
    expect(view.detachAll()).toMatchObject({ given: 2, gone: [{ table: tables[2] }, { table: tables[0] }] });
    expect([view.tables, view.attached]).toEqual([[], []]);
  });
});

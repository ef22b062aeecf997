import { describe, expect, it } from 'vitest';
import { DmaWindow } from '../papr/dma-window.js';
import { EBUSY, EFAULT, EINVAL, ENOMEM } from './errno.js';
import { GUEST_VIEW_4_10, type GuestViewPolicy } from './guest-view-policy.js';
import { Host } from './host.js';
import { IommuTable } from './iommu-table.js';
import { LockedMemory } from './locked-memory.js';
import { SharedBuffers } from './shared-buffers.js';
import { VfioContainer } from './vfio-container.js';
import { VfioGroup } from './vfio-group.js';
import { VFIO_4_10, type VfioPolicy } from './vfio-policy.js';

const UA = 0x2000_0000_0000;
const MIB = 2 ** 20;
const PAGE_64K = 65536;

function newHost(pageShift = 16, policy: Partial<GuestViewPolicy> = {}): Host {
  const memory = { pageShift, backingShift: pageShift, bytes: 64 * MIB };
  return new Host(memory, new SharedBuffers(), { ...GUEST_VIEW_4_10, ...policy });
}

/** A container with one group and nothing else. */
function containerOn(host: Host, policy: VfioPolicy = VFIO_4_10): VfioContainer {
  const container = new VfioContainer(host, [], policy);
  container.attachGroup(new VfioGroup(0));
  return container;
}

describe('the account of locked memory', () => {
  it('takes whole pages up to its limit, and keeps what it has when the limit falls', () => {
    const locked = new LockedMemory(16);
    locked.setLimit(3 * PAGE_64K + 1);
    expect([locked.charge(2), locked.charge(2), locked.charge(1)]).toEqual([true, false, true]);
    expect(locked.pages).toBe(3);
    locked.setLimit(0);
    expect([locked.charge(0), locked.charge(1), locked.pages]).toEqual([true, false, 3]);
    locked.giveBack(3);
    expect(locked.pages).toBe(0);
    expect(() => locked.giveBack(1)).toThrow('assertion');
  });
});

describe('a guest view is charged', () => {
  /** ceil(size * 8 / page) pages of entries, and the pages of a header of 88 bytes with 8 for each of those. */
  it.each([
    [16, 1, 2],
    [16, 8192, 2],
    [16, 8193, 3],
    [12, 1, 2],
    [12, 512 * 501, 502],
    [12, 512 * 502, 504],
    [12, 512 * 502 + 1, 505],
  ])('on a host with pages of 2^%i bytes, %i entries: %i pages', (pageShift, size, pages) => {
    const host = newHost(pageShift);
    expect(host.createGuestView(1, { pageShift: 12, offset: 0, size })).toBe(0);
    expect(host.locked.pages).toBe(pages);
    host.destroyGuestView(1);
    expect(host.locked.pages).toBe(0);
  });

  it('by the size that it is rounded up to', () => {
    const host = newHost(16, { roundsSize: true });
    host.createGuestView(1, { pageShift: 12, offset: 0, size: 8193 });
    expect([host.findGuestView(1)?.window.size, host.locked.pages]).toEqual([16384, 3]);
  });

  it.each([
    ['first', -EBUSY],
    ['last', -ENOMEM],
  ] as const)('and a LIOBN that is taken is refused %s', (checksLiobn, ret) => {
    const host = newHost(16, { checksLiobn });
    const window = { pageShift: 12, offset: 0, size: 1 };
    host.locked.setLimit(2 * PAGE_64K);
    expect([host.createGuestView(1, { ...window, size: 0 }), host.locked.pages]).toEqual([-EINVAL, 0]);
    expect(host.createGuestView(1, window)).toBe(0);
    expect(host.createGuestView(1, window)).toBe(ret);
    expect(host.createGuestView(2, window)).toBe(-ENOMEM);
    host.locked.setLimit(8 * PAGE_64K);
    expect(host.createGuestView(1, window)).toBe(-EBUSY);
    expect([host.locked.pages, host.vmReferences]).toEqual([2, 2]);
  });
});

describe('a region is charged', () => {
  it('behind the check for overlaps and ahead of pinning, which gives the charge back', () => {
    const host = newHost();
    const container = containerOn(host);
    host.locked.setLimit(4 * PAGE_64K);
    expect(container.registerMemory(UA, 2 * PAGE_64K)).toBe(0);
    expect(container.registerMemory(UA + PAGE_64K, 16 * PAGE_64K)).toBe(-EINVAL);
    host.pages.setPresent(UA + 3 * PAGE_64K, PAGE_64K, false);
    expect(container.registerMemory(UA + 2 * PAGE_64K, 3 * PAGE_64K)).toBe(-ENOMEM);
    expect(container.registerMemory(UA + 2 * PAGE_64K, 2 * PAGE_64K)).toBe(-EFAULT);
    expect(host.locked.pages).toBe(2);
    expect(container.registerMemory(UA + 4 * PAGE_64K, 2 * PAGE_64K)).toBe(0);
    expect(host.locked.pages).toBe(4);
  });

  it('once, however many containers have it, until the last has unregistered it', () => {
    const host = newHost();
    const containers = [new VfioContainer(host, []), new VfioContainer(host, [])];
    for (const container of containers) expect(container.registerMemory(UA, 4 * PAGE_64K)).toBe(0);
    expect(host.locked.pages).toBe(4);
    const left = containers.map((container) => {
      container.unregisterMemory(UA, 4 * PAGE_64K);
      return host.locked.pages;
    });
    expect(left).toEqual([4, 0]);
  });
});

describe('a hardware table and its userspace view are charged', () => {
  /** 64 MiB of 4 KiB pages: 16384 entries, 128 KiB, 2 pages of 64 KiB. */
  const window = { pageShift: 12, bytes: 64 * MIB, levels: 1 };

  it('the userspace view at the first map, which fails beyond the limit before it maps anything', () => {
    const host = newHost();
    const container = containerOn(host);
    container.registerMemory(UA, PAGE_64K);
    host.locked.setLimit(4 * PAGE_64K);
    expect(container.createWindow('t', window)).toBe(0);
    expect(host.locked.pages).toBe(1 + 2);
    expect(container.mapDma(0, 0, UA, 4096, 3)).toBe(-ENOMEM);
    expect([container.tables[0]?.hasUserspaceView, host.locked.pages]).toEqual([false, 3]);
    host.locked.setLimit(5 * PAGE_64K);
    // It is made even by a map that fails.
    expect(container.mapDma(0, 0, UA + MIB, 4096, 3)).toBe(-EINVAL);
    expect(host.locked.pages).toBe(5);
    expect(container.mapDma(0, 0, UA, 4096, 3)).toBe(0);
    expect(host.locked.pages).toBe(5);
    container.removeWindow(0, 0);
    expect(host.locked.pages).toBe(1);
  });

  it('together where the userspace view comes with the table', () => {
    const host = newHost();
    const container = containerOn(host, { ...VFIO_4_10, createsUserspaceView: 'with-table' });
    host.locked.setLimit(3 * PAGE_64K);
    expect(container.createWindow('t', window)).toBe(-ENOMEM);
    host.locked.setLimit(5 * PAGE_64K);
    expect(container.createWindow('t', window)).toBe(0);
    expect([container.tables[0]?.hasUserspaceView, host.locked.pages]).toEqual([true, 4]);
    container.registerMemory(UA, PAGE_64K);
    expect(container.mapDma(0, 0, UA, 4096, 3)).toBe(0);
    expect(host.locked.pages).toBe(5);
    container.close();
    expect(host.locked.pages).toBe(0);
  });

  it('with every level of the table', () => {
    const host = newHost();
    containerOn(host).createWindow('t', { pageShift: 12, bytes: 2 ** 36, levels: 2 });
    // 2^24 entries: 2048 leaves of 64 KiB and one table above them.
    expect(host.locked.pages).toBe(2049);
  });

  it('and are given back by the container, although a guest view keeps the table', () => {
    const host = newHost();
    const container = containerOn(host);
    container.createWindow('t', window);
    const table = container.tables[0] as IommuTable;
    host.hardwareTables.get(table);
    container.removeWindow(0, 0);
    expect([host.locked.pages, host.hardwareTables.has(table)]).toEqual([0, true]);
  });

  it('where a container comes with tables too; they must be within the limit', () => {
    const host = newHost();
    const table = new IommuTable('t', new DmaWindow(12, 0, 8193), host.pages, host.buffers);
    host.locked.setLimit(PAGE_64K);
    expect(() => new VfioContainer(host, [table])).toThrow('exceed the limit');
    host.locked.setLimit(2 * PAGE_64K);
    new VfioContainer(host, [table]).close();
    expect(host.locked.pages).toBe(0);
  });
});

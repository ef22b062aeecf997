import { describe, expect, it } from 'vitest';
import { TcebenchError } from '../errors.js';
import { DmaWindow } from '../papr/dma-window.js';
import { EBUSY, EINVAL, ENODEV, ENOENT, ENOMEM, ENOSPC, ENOTTY, ENXIO, EPERM } from './errno.js';
import { Host } from './host.js';
import { IommuTable } from './iommu-table.js';
import { SharedBuffers } from './shared-buffers.js';
import { VfioContainer } from './vfio-container.js';
import { VfioGroup } from './vfio-group.js';
import { VFIO_4_10, type VfioPolicy } from './vfio-policy.js';

const UA = 0x2000_0000_0000;
const MIB = 2 ** 20;
const PAGE = 4096;
/** Bit 59 of an address, in its high half. */
const SECOND_HI = 2 ** 27;
const WITH_TABLE: VfioPolicy = { ...VFIO_4_10, createsUserspaceView: 'with-table' };

const newHost = () => new Host({ pageShift: 16, backingShift: 24, bytes: 64 * MIB }, new SharedBuffers());
const request = (pageShift: number, bytes: number, levels = 1) => ({ pageShift, bytes, levels });

/** A container without tables with one group, which brings a default window of 64 MiB if asked to. */
function rig({ hasDefault = false, policy = VFIO_4_10 } = {}) {
  const host = newHost();
  const container = new VfioContainer(host, [], policy);
  const group = new VfioGroup(0, hasDefault ? { name: 'default', bytes: 64 * MIB } : null);
  expect(container.attachGroup(group)).toBe(0);
  const create = (pageShift: number, bytes: number, levels = 1) =>
    container.createWindow('t', request(pageShift, bytes, levels));
  const geometry = () => container.tables.map((table) => table && [table.name, table.pageShift, table.size]);
  return { host, container, group, create, geometry };
}

describe('the default window', () => {
  it('is pending from the first group on, until the first map makes it', () => {
    const { container, geometry } = rig({ hasDefault: true });
    expect(geometry()).toEqual([null, null]);
    expect(container.mapDma(0, 0, UA, PAGE, 3)).toBe(-EPERM);
    expect(geometry()).toEqual([null, null]);
    container.registerMemory(UA, 16 * MIB);
    expect(container.unmapDma(0, 0, PAGE)).toBe(-ENXIO);
    expect(container.mapDma(0, 0, UA + 1, PAGE, 3)).toBe(-EINVAL);
    expect(geometry()).toEqual([['default', 12, 16384], null]);
    expect(container.mapDma(0, 0, UA, PAGE, 3)).toBe(0);
  });

  it('is made ahead of the first window that is asked for, and takes its slot', () => {
    const { create, geometry } = rig({ hasDefault: true });
    expect(create(16, 16 * MIB)).toBe(2 ** 59);
    expect(geometry()).toEqual([
      ['default', 12, 16384],
      ['t', 16, 256],
    ]);
    expect(create(16, 16 * MIB)).toBe(-ENOSPC);
  });

  it('is cancelled by the removal of a window at 0, once', () => {
    const { container, create, geometry } = rig({ hasDefault: true });
    expect(container.removeWindow(0, 0)).toBe(0);
    expect(container.removeWindow(0, 0)).toBe(-EINVAL);
    expect(create(16, 16 * MIB)).toBe(0);
    expect(geometry()).toEqual([['t', 16, 256], null]);
  });

  it('cannot be made when every group has gone, and not where slot 0 is taken when a group comes', () => {
    const { container, group } = rig({ hasDefault: true });
    container.registerMemory(UA, 16 * MIB);
    container.detachGroup(group);
    expect(container.mapDma(0, 0, UA, PAGE, 3)).toBe(-ENODEV);
    const host = newHost();
    const table = new IommuTable('own', new DmaWindow(12, 0, 16), host.pages, host.buffers);
    const taken = new VfioContainer(host, [table]);
    taken.attachGroup(new VfioGroup(1, { name: 'default', bytes: 64 * MIB }));
    expect(taken.createWindow('t', request(16, 16 * MIB))).toBe(2 ** 59);
    expect(taken.tables[0]).toBe(table);
  });

  it('fails the call that needs it', () => {
    const { host, container, create } = rig({ hasDefault: true });
    container.registerMemory(UA, 16 * MIB);
    host.locked.setLimit(16 * MIB);
    expect(container.mapDma(0, 0, UA, PAGE, 3)).toBe(-ENOMEM);
    expect(create(16, 16 * MIB)).toBe(-ENOMEM);
    host.locked.setLimit(64 * MIB);
    expect(create(16, 16 * MIB)).toBe(2 ** 59);
  });
});

describe('VFIO_IOMMU_SPAPR_TCE_CREATE', () => {
  it('needs a group', () => {
    expect(new VfioContainer(newHost(), []).createWindow('t', request(12, 16 * MIB))).toBe(-ENXIO);
  });

  it('puts the first window at 0 and the second at bit 59, and refuses a third', () => {
    const { container, group, create } = rig();
    expect([create(12, 16 * MIB), create(16, 32 * MIB)]).toEqual([0, 2 ** 59]);
    expect(group.tables).toEqual(container.tables);
    expect(container.tables.map((table) => table?.window.iobaOf(0))).toEqual([0, 2 ** 59]);
    // A full container says so ahead of what is wrong with the window.
    expect(create(13, 5)).toBe(-ENOSPC);
    expect(container.removeWindow(0, 0)).toBe(0);
    expect(create(24, 32 * MIB)).toBe(0);
  });

  it.each([
    ['13-bit pages', 13, 16 * MIB, 1],
    ['31-bit pages', 31, 2 ** 40, 1],
    ['no power of two', 12, 16 * MIB + PAGE, 1],
    ['no length', 12, 0, 1],
    ['less than a page', 16, PAGE, 1],
    ['no level', 12, 16 * MIB, 0],
    ['six levels', 12, 16 * MIB, 6],
  ])('refuses a window with %s, ahead of the limit of memory', (_, pageShift, bytes, levels) => {
    const { host, create } = rig();
    host.locked.setLimit(0);
    expect(create(pageShift, bytes, levels)).toBe(-EINVAL);
    expect(create(12, 16 * MIB)).toBe(-ENOMEM);
  });

  it('refuses one whose levels reach beyond 55 bits, behind the limit of memory, and gives that back', () => {
    const { host, create } = rig();
    expect(create(28, 2 ** 57)).toBe(-EINVAL);
    expect(host.locked.pages).toBe(0);
    host.locked.setLimit(2 ** 31);
    expect(create(28, 2 ** 57)).toBe(-ENOMEM);
  });

  it('tells the user of a window that is too large for the model', () => {
    expect(() => rig().create(12, 2 ** 42)).toThrow(TcebenchError);
  });

  it('lets the driver know the process, as a registration does', () => {
    const { container, create } = rig();
    expect(container.unregisterMemory(UA, 65536)).toBe(-EPERM);
    create(12, 16 * MIB);
    expect(container.unregisterMemory(UA, 65536)).toBe(-ENOENT);
  });
});

describe('VFIO_IOMMU_SPAPR_TCE_REMOVE', () => {
  it('needs a group, and a window with that address in it', () => {
    const { container, group, create } = rig();
    create(12, 16 * MIB);
    expect(container.removeWindow(0, 16 * MIB)).toBe(-EINVAL);
    expect(container.removeWindow(SECOND_HI, 0)).toBe(-EINVAL);
    container.detachGroup(group);
    expect(container.removeWindow(0, 0)).toBe(-ENXIO);
    container.attachGroup(group);
    expect(container.removeWindow(0, 16 * MIB - PAGE)).toBe(0);
  });

  it('clears the entries, so that the memory can be unregistered, and frees the table', () => {
    const { host, container, group, create } = rig();
    create(12, 16 * MIB);
    container.registerMemory(UA, 16 * MIB);
    expect(container.mapDma(0, 0x3000, UA, 2 * PAGE, 3)).toBe(0);
    const [table] = container.tables;
    expect(container.unregisterMemory(UA, 16 * MIB)).toBe(-EBUSY);
    expect(container.removeWindow(0, 0)).toBe(0);
    expect([container.tables, group.tables]).toEqual([
      [null, null],
      [null, null],
    ]);
    expect(table && host.hardwareTables.has(table)).toBe(false);
    expect(container.mapDma(0, 0x3000, UA, PAGE, 3)).toBe(-ENXIO);
    expect(container.unregisterMemory(UA, 16 * MIB)).toBe(0);
  });

  it.each([
    ['frees the userspace view of a first map', VFIO_4_10, false],
    ['leaves a userspace view that came with the table', WITH_TABLE, true],
  ])('%s while somebody keeps the table', (_, policy, hasUserspaceView) => {
    const { host, container, create } = rig({ policy });
    create(12, 16 * MIB);
    container.registerMemory(UA, 16 * MIB);
    container.mapDma(0, 0, UA, PAGE, 3);
    const table = container.tables[0] as IommuTable;
    host.hardwareTables.get(table);
    container.removeWindow(0, 0);
    expect([table.references, table.hasUserspaceView]).toEqual([1, hasUserspaceView]);
    expect([table.entries.lo(0), table.userspaceView[0]]).toEqual([0, 0]);
    host.hardwareTables.put(table);
    expect(host.hardwareTables.has(table)).toBe(false);
  });
});

describe('groups of a container', () => {
  it('have its tables, those made later included, and each keeps them by a reference', () => {
    const { container, group, create } = rig();
    create(12, 16 * MIB);
    const second = new VfioGroup(1);
    expect(container.attachGroup(second)).toBe(0);
    create(16, 16 * MIB);
    expect([group.tables, second.tables]).toEqual([container.tables, container.tables]);
    expect(container.tables.map((table) => table?.references)).toEqual([3, 3]);
    expect(container.detachGroup(second)).toBe(0);
    expect(second.tables).toEqual([null, null]);
    expect(container.tables.map((table) => table?.references)).toEqual([2, 2]);
  });

  it('have one container at a time', () => {
    const { host, container, group } = rig();
    const other = new VfioContainer(host, []);
    expect([container.attachGroup(group), other.attachGroup(group)]).toEqual([-EBUSY, -EBUSY]);
    expect(other.detachGroup(group)).toBe(-EINVAL);
    expect([container.detachGroup(group), container.detachGroup(group)]).toEqual([0, -EINVAL]);
    expect(other.attachGroup(group)).toBe(0);
  });
});

describe('a v2 container', () => {
  it('cannot be enabled or disabled', () => {
    const { container } = rig();
    expect([container.enable(), container.disable()]).toEqual([-ENOTTY, -ENOTTY]);
  });

  it('gives everything back when it is closed, in whatever state it is', () => {
    const { host, container, group, create } = rig();
    create(12, 16 * MIB);
    create(16, 16 * MIB);
    container.registerMemory(UA, 16 * MIB);
    container.mapDma(0, 0, UA, 4 * PAGE, 3);
    container.mapDma(SECOND_HI, 0, UA, 65536, 3);
    expect(container.close()).toBe(0);
    expect([host.locked.pages, host.preregistered.regions, group.isAttached]).toEqual([0, [], false]);
  });

  it('cannot put a region that something else still counts: it says how many stay', () => {
    const { host, container } = rig();
    container.registerMemory(UA, 65536);
    container.registerMemory(UA + 65536, 65536);
    host.preregistered.find(UA, 65536)?.mappedInc();
    expect(container.close()).toBe(1);
    expect(host.preregistered.regions.map(({ ua, used, state }) => [ua, used, state])).toEqual([
      [UA, 1, 'live'],
    ]);
    expect(host.locked.pages).toBe(1);
  });
});

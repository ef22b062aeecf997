import { describe, expect, it } from 'vitest';
import { DmaWindow } from '../papr/dma-window.js';
import { INTERIM } from '../path/revisions/interim.js';
import { V3 } from '../path/revisions/v3.js';
import { V3_C5 } from '../path/revisions/v3-review.js';
import { V4_12 } from '../path/revisions/v4-12.js';
import { V4_20, V5_4, V5_19 } from '../path/revisions/v4-20.js';
import type { AttachPolicy } from './attach-policy.js';
import { EBADF, EEXIST, EINVAL, ENODEV, ENOENT, ENXIO } from './errno.js';
import { GUEST_VIEW_4_10 } from './guest-view-policy.js';
import { Host } from './host.js';
import { HostFault } from './host-fault.js';
import { IommuTable } from './iommu-table.js';
import { KvmVfioDevice } from './kvm-vfio-device.js';
import { SharedBuffers } from './shared-buffers.js';
import { VfioContainer } from './vfio-container.js';
import { VfioGroup } from './vfio-group.js';

const MEMORY = { pageShift: 16, backingShift: 16, bytes: 2 ** 26 };
const SMALL = { pageShift: 12, offset: 0x10, size: 16 };
const LARGE = { pageShift: 24, offset: 2 ** 35, size: 4 };

function newHost(isFollowedByHardware = true): Host {
  return new Host(MEMORY, new SharedBuffers(), { ...GUEST_VIEW_4_10, isFollowedByHardware });
}

/** Groups in one container with a small table and a large one, known to the device; a view of each geometry. */
function rig(policy: AttachPolicy, groups = 2, views = [SMALL, LARGE]) {
  const host = newHost();
  const table = (name: string, { pageShift, offset, size }: typeof SMALL) =>
    new IommuTable(name, new DmaWindow(pageShift, offset, size), host.pages, host.buffers);
  const small = table('small', SMALL);
  const large = table('large', LARGE);
  const container = new VfioContainer(host, [small, large]);
  const device = new KvmVfioDevice(host, policy);
  const made = Array.from({ length: groups }, (_, id) => {
    const group = new VfioGroup(id);
    container.attachGroup(group);
    expect(device.groupAdd(group)).toBe(0);
    return group;
  });
  for (const [liobn, view] of views.entries()) expect(host.createGuestView(liobn, view)).toBe(0);
  const set = (id: number, liobn: number) =>
    device.setSpaprTce(made[id] as VfioGroup, host.findGuestView(liobn));
  const references = (liobn: number) =>
    host.findGuestView(liobn)?.attached.map((descriptor) => descriptor.groups.length);
  return { host, small, large, container, device, groups: made, set, references };
}

describe('KVM_DEV_VFIO_GROUP_ADD', () => {
  it('knows a group once, holds a reference of it, and takes none that has no container', () => {
    const host = newHost();
    const device = new KvmVfioDevice(host, V3.attach);
    const group = new VfioGroup(0);
    expect(device.groupAdd(group)).toBe(-EINVAL);
    new VfioContainer(host, []).attachGroup(group);
    expect([device.groupAdd(group), device.groupAdd(group), group.references]).toEqual([0, -EEXIST, 1]);
    expect([device.groupDel(group), device.groupDel(group), group.references]).toEqual([0, -ENOENT, 0]);
  });
});

describe('KVM_DEV_VFIO_GROUP_SET_SPAPR_TCE', () => {
  it.each([
    ['v3', V3, ENODEV],
    ['interim', INTERIM, ENODEV],
    ['v4.12', V4_12, EINVAL],
    ['v4.20', V4_20, EINVAL],
  ])('checks in the order of %s', (_, { attach }, refusal) => {
    const { host, container, device, set } = rig(attach, 1, [SMALL, { ...SMALL, offset: 0x11 }]);
    const stranger = new VfioGroup(9);
    const elsewhere = newHost();
    elsewhere.createGuestView(0, SMALL);
    expect(device.setSpaprTce(stranger, null)).toBe(-EINVAL);
    container.attachGroup(stranger);
    expect(device.setSpaprTce(stranger, null)).toBe(-ENOENT);
    expect(set(0, 7)).toBe(-EBADF);
    device.groupAdd(stranger);
    expect(device.setSpaprTce(stranger, elsewhere.findGuestView(0))).toBe(-refusal);
    expect(set(0, 1)).toBe(-refusal);
    const view = host.findGuestView(0);
    host.destroyGuestView(0);
    expect(device.setSpaprTce(stranger, view)).toBe(-refusal);
  });

  it('is not known to a kernel without KVM_CAP_SPAPR_TCE_VFIO', () => {
    const host = newHost(false);
    const device = new KvmVfioDevice(host, V3.attach);
    expect(device.setSpaprTce(new VfioGroup(0), null)).toBe(-ENXIO);
  });

  /** Whether a small hardware table of these geometries may follow a guest view, in each of the three ways. */
  it.each([
    ['the same', SMALL, [true, true, true]],
    ['a shorter view', { ...SMALL, size: 15 }, [true, false, true]],
    ['a longer view', { ...SMALL, size: 17 }, [true, false, false]],
    ['another offset', { ...SMALL, offset: 0x20 }, [false, false, false]],
    ['larger pages from the same byte', { pageShift: 16, offset: 1, size: 1 }, [false, false, true]],
    ['larger pages beyond the end', { pageShift: 16, offset: 1, size: 2 }, [false, false, false]],
    ['larger pages with equal numbers', { ...SMALL, pageShift: 16 }, [false, false, false]],
  ])('lets a hardware table follow a guest view of %s', (_, view, fits) => {
    const results = [V3, V4_12, V4_20].map(({ attach }) => rig(attach, 1, [view]).set(0, 0) === 0);
    expect(results).toEqual(fits);
  });

  it('takes no hardware table of larger pages than those of the guest view', () => {
    expect(rig(V4_20.attach, 1, [{ pageShift: 16, offset: 2 ** 43, size: 4 }]).set(0, 0)).toBe(-EINVAL);
  });

  it('twice for the same group makes two descriptors in v3 and one of two references when merged (T17)', () => {
    for (const [{ attach }, expected, visits] of [
      [V3, [1, 1], 2],
      [INTERIM, [1, 1], 2],
      [V3_C5, [2], 1],
      [V4_12, [2], 1],
      [V5_4, [2], 1],
    ] as const) {
      const { host, set, references } = rig(attach, 1);
      expect([set(0, 0), set(0, 0)]).toEqual([0, 0]);
      expect(references(0)).toEqual(expected);
      expect(host.findGuestView(0)?.tables).toHaveLength(visits);
    }
  });

  it.each([
    ['v3', V3, 3],
    ['v3+C5', V3_C5, 3],
    ['interim', INTERIM, 3],
    ['v4.12', V4_12, 0],
    ['v5.19', V5_19, 0],
  ])('leaks a group reference for each failure in %s, or none', (_, { attach }, leaked) => {
    const { container, device, groups, set } = rig(attach, 1, [SMALL, { ...SMALL, offset: 0x11 }]);
    const stranger = new VfioGroup(1);
    container.attachGroup(stranger);
    expect([device.setSpaprTce(stranger, null), set(0, 7), set(0, 1)].every((ret) => ret < 0)).toBe(true);
    device.close();
    expect((groups[0]?.references ?? 0) + stranger.references).toBe(leaked);
  });
});

describe('KVM_DEV_VFIO_GROUP_DEL', () => {
  it('asks VFIO for the group first in v3, and only whether KVM knows it when merged', () => {
    const results = [V3, INTERIM, V4_12, V5_4].map(({ attach }) =>
      new KvmVfioDevice(newHost(), attach).groupDel(new VfioGroup(0)),
    );
    expect(results).toEqual([-EINVAL, -EINVAL, -ENOENT, -ENOENT]);
  });

  it('works for a group that its container has let go of since', () => {
    for (const { attach } of [V3, V4_12]) {
      const { container, device, groups } = rig(attach, 1);
      container.close();
      expect([device.groupDel(groups[0] as VfioGroup), groups[0]?.references]).toEqual([0, 0]);
    }
  });

  it.each([
    ['v3', V3],
    ['v3+C5', V3_C5],
  ])('in %s takes every reference of its group from every guest view, even of one unknown', (_, revision) => {
    const { host, small, large, device, groups, set, references } = rig(revision.attach);
    for (const id of [0, 1]) for (const liobn of [0, 1, 0]) expect(set(id, liobn)).toBe(0);
    expect(groups.map((group) => group.references)).toEqual([4, 4]);
    expect(device.groupDel(groups[0] as VfioGroup)).toBe(0);
    expect(groups.map((group) => group.references)).toEqual([0, 4]);
    expect(references(0)?.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(host.findGuestView(0)?.tables).toContain(small);
    expect(host.findGuestView(1)?.tables).toEqual([large]);
    expect(device.groupDel(groups[0] as VfioGroup)).toBe(-ENOENT);
    expect(device.groupDel(groups[1] as VfioGroup)).toBe(0);
    expect(host.guestViews.flatMap(({ tables }) => tables)).toEqual([]);
    expect([small.references, large.references]).toEqual([3, 3]);
  });

  it('in v4.12 gives back one reference of the view made last, and in v5.4 one of every view', () => {
    for (const [{ attach }, left] of [
      [V4_12, [[2], [1]]],
      [V4_20, [[2], [1]]],
      [V5_4, [[1], [1]]],
    ] as const) {
      const { device, groups, set, references } = rig(attach);
      for (const id of [0, 1]) for (const liobn of [0, 1]) expect(set(id, liobn)).toBe(0);
      expect([references(0), references(1)]).toEqual([[2], [2]]);
      expect(device.groupDel(groups[0] as VfioGroup)).toBe(0);
      expect([references(0), references(1)]).toEqual(left);
      expect(device.groupDel(groups[0] as VfioGroup)).toBe(-ENOENT);
      expect([references(0), references(1)]).toEqual(left);
      expect(device.groupDel(groups[1] as VfioGroup)).toBe(0);
      const gone = left[0][0] === 1;
      expect([references(0), references(1)]).toEqual([gone ? [] : [2], []]);
    }
  });

  it('leaves the tables to the groups that are not deleted, in every revision (I20)', () => {
    for (const { attach } of [V3, V3_C5, INTERIM, V4_12, V4_20, V5_4, V5_19]) {
      const { host, small, device, groups, set } = rig(attach, 4);
      for (const id of [0, 1, 2, 3]) set(id, 0);
      for (const id of [2, 0, 3]) {
        device.groupDel(groups[id] as VfioGroup);
        expect(new Set(host.findGuestView(0)?.tables)).toEqual(new Set([small]));
      }
      device.groupDel(groups[1] as VfioGroup);
      expect(host.findGuestView(0)?.tables).toEqual([]);
    }
  });

  it('finds nothing where the window went first: the guest view keeps the table until it closes (4.4)', () => {
    for (const [{ attach }, kept] of [
      [V3, false],
      [V4_12, true],
      [V5_4, true],
    ] as const) {
      const { host, small, container, device, groups, set } = rig(attach, 1);
      set(0, 0);
      expect(container.removeWindow(0, 0x10000)).toBe(0);
      expect([small.references, host.hardwareTables.has(small)]).toEqual([1, true]);
      expect(device.groupDel(groups[0] as VfioGroup)).toBe(0);
      expect(host.findGuestView(0)?.tables).toEqual(kept ? [small] : []);
      host.destroyGuestView(0);
      expect([small.references, host.hardwareTables.has(small)]).toEqual([0, false]);
    }
  });
});

describe('references of hardware tables', () => {
  it('are those of the slot, each group and each descriptor', () => {
    for (const [{ attach }, references] of [
      [V3, 1 + 3 + 3],
      [V3_C5, 1 + 3 + 1],
      // One for each group beyond the first that nobody gives back.
      [V4_12, 1 + 3 + 1 + 2],
    ] as const) {
      const { small, large, set } = rig(attach, 3);
      for (const id of [0, 1, 2]) set(id, 0);
      expect([small.references, large.references]).toEqual([references, 4]);
    }
  });

  it.each([
    ['v3', V3, 0],
    ['v3+C5', V3_C5, 0],
    ['v4.12', V4_12, 3],
    ['v5.19', V5_19, 3],
  ])('leak g - 1 for a table that g groups share, or none (%s)', (_, { attach }, leaked) => {
    const { host, small, large, container, device, set } = rig(attach, 4);
    for (const id of [0, 1, 2, 3]) set(id, 0);
    host.destroyGuestView(0);
    device.close();
    container.close();
    expect([small.references, large.references]).toEqual([leaked, 0]);
    expect([host.hardwareTables.has(small), host.hardwareTables.has(large)]).toEqual([leaked > 0, false]);
  });

  it('bring a dying table back in v3, until the host frees it; later kernels refuse (R6)', () => {
    const pending = ({ attach }: { attach: AttachPolicy }) => {
      const made = rig(attach, 1);
      const { table } = made.container.beginRemoveWindow(0, 0x10000);
      expect([table, made.small.references]).toEqual([made.small, 0]);
      return made;
    };
    const v3 = pending(V3);
    expect([v3.set(0, 0), v3.small.references]).toEqual([0, 1]);
    expect(v3.host.findGuestView(0)?.tables).toEqual([v3.small]);
    expect(() => v3.container.endRemoveWindow(v3.small)).toThrow(HostFault);
    const merged = pending(V4_12);
    expect([merged.set(0, 0), merged.small.references]).toEqual([-EINVAL, 0]);
    merged.container.endRemoveWindow(merged.small);
    expect([merged.container.tables[0], merged.groups[0]?.tables[0]]).toEqual([null, null]);
    const closed = pending(V3);
    closed.set(0, 0);
    closed.host.destroyGuestView(0);
    expect(() => closed.container.endRemoveWindow(closed.small)).toThrow('twice');
  });
});

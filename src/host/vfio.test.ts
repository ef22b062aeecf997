import { describe, expect, it } from 'vitest';
import { DmaWindow } from '../papr/dma-window.js';
import { EBUSY, EINVAL, ENOENT, ENXIO, EPERM } from './errno.js';
import { Host } from './host.js';
import { HostFault } from './host-fault.js';
import { IommuTable } from './iommu-table.js';
import { SharedBuffers } from './shared-buffers.js';
import { VfioContainer } from './vfio-container.js';
import { VFIO_4_10 } from './vfio-policy.js';

const UA = 0x2000_0000_0000;
const MIB = 2 ** 20;
const PAGE = 4096;
const DDW_HI = 2 ** 27;

/** A container with nothing in its first slot of tables, a 4 KiB window in the second. */
function rig({ backingShift = 16, enabled = true } = {}) {
  const host = new Host({ pageShift: 16, backingShift, bytes: 64 * MIB }, new SharedBuffers());
  const small = new IommuTable('small', new DmaWindow(12, 0x10, 16), host.pages, host.buffers);
  const large = new IommuTable('large', new DmaWindow(24, 2 ** 35, 4), host.pages, host.buffers);
  const container = new VfioContainer(host, [null, small]);
  const ddw = new VfioContainer(host, [small, large]);
  if (enabled) for (const each of [container, ddw]) each.registerMemory(UA, 32 * MIB);
  const mapped = () => host.preregistered.regions[0]?.mapped;
  return { host, small, large, container, ddw, mapped };
}

describe('VFIO_IOMMU_MAP_DMA', () => {
  it('checks in the order of the driver', () => {
    const { container } = rig({ enabled: false });
    expect(container.mapDma(1, 0, UA + 1, 1, 0)).toBe(-EPERM);
    container.registerMemory(UA, 16 * MIB);
    expect(container.mapDma(1, 0, UA + 1, 1, 0)).toBe(-ENXIO);
    expect(container.mapDma(0, 0x10000, UA + 1, PAGE, 3)).toBe(-EINVAL);
    expect(container.mapDma(0, 0x10000, UA, PAGE + 1, 3)).toBe(-EINVAL);
    expect(container.mapDma(0, 0x10000, UA, PAGE, 0)).toBe(-EINVAL);
    expect(container.mapDma(0, 0x10800, UA, PAGE, 3)).toBe(-EINVAL);
    expect(container.tables[1]?.hasUserspaceView).toBe(false);
    expect(container.mapDma(0, 0x10000, UA + 32 * MIB, PAGE, 3)).toBe(-EINVAL);
    expect(container.tables[1]?.hasUserspaceView).toBe(true);
  });

  it('stays enabled when its memory is unregistered', () => {
    const { container } = rig();
    container.unregisterMemory(UA, 32 * MIB);
    expect(container.mapDma(0, 0x10000, UA, PAGE, 3)).toBe(0);
  });

  it('takes back what it has mapped when a page fails', () => {
    const { container, small, mapped } = rig();
    expect(container.mapDma(0, 0x10000, UA + 32 * MIB - 2 * PAGE, 3 * PAGE, 3)).toBe(-EINVAL);
    expect([mapped(), small.entries.lo(0), small.entries.lo(1), small.userspaceView[0]]).toEqual([
      1, 0, 0, 0,
    ]);
  });

  it('stops with success at a region that is being removed', () => {
    const { container, ddw, small, host } = rig();
    ddw.unregisterMemory(UA, 32 * MIB);
    expect(container.beginUnregister(UA, 32 * MIB).region).not.toBeNull();
    expect(container.mapDma(0, 0x10000, UA, 2 * PAGE, 3)).toBe(0);
    expect([small.entries.lo(0), host.preregistered.regions[0]?.mapped]).toEqual([0, 0]);
  });

  it('maps no page behind one of a region that is being removed', () => {
    const { host, small } = rig({ enabled: false });
    const container = new VfioContainer(host, [small]);
    container.registerMemory(UA, 65536);
    container.registerMemory(UA + 65536, 65536);
    container.beginUnregister(UA, 65536);
    expect(container.mapDma(0, 0x10000, UA + 65536 - PAGE, 2 * PAGE, 3)).toBe(0);
    expect([small.entries.lo(0), small.entries.lo(1)]).toEqual([0, 0]);
  });

  it('refuses an IOMMU page larger than the pages behind it, after it has looked for the region', () => {
    const { ddw, large } = rig({ backingShift: 16 });
    expect(ddw.mapDma(DDW_HI, 0, UA, 16 * MIB, 3)).toBe(-EPERM);
    expect(large.hasUserspaceView).toBe(true);
    expect(ddw.mapDma(DDW_HI, 0, UA + 32 * MIB, 16 * MIB, 3)).toBe(-EINVAL);
    expect(rig({ backingShift: 24 }).ddw.mapDma(DDW_HI, 0, UA, 16 * MIB, 3)).toBe(0);
  });

  it('stops the host when it runs over the end of the table', () => {
    const { container } = rig();
    expect(() => container.mapDma(0, 0x1f000, UA, 2 * PAGE, 3)).toThrow(HostFault);
  });
});

describe('VFIO_IOMMU_UNMAP_DMA', () => {
  it('clears what is mapped, and checks its whole range', () => {
    const { container, small, mapped } = rig();
    container.mapDma(0, 0x11000, UA, 2 * PAGE, 3);
    expect(mapped()).toBe(3);
    expect(container.unmapDma(0, 0x10800, PAGE)).toBe(-EINVAL);
    expect(container.unmapDma(0, 0x10000, PAGE + 1)).toBe(-EINVAL);
    expect(container.unmapDma(0, 0x1f000, 2 * PAGE)).toBe(-EINVAL);
    expect(container.unmapDma(0, 0x20000, PAGE)).toBe(-ENXIO);
    expect(container.unmapDma(0, 0x10000, 16 * PAGE)).toBe(0);
    expect([mapped(), small.entries.lo(1), small.userspaceView[2]]).toEqual([1, 0, 0]);
  });

  it('is refused before anything was registered', () => {
    expect(rig({ enabled: false }).container.unmapDma(0, 0x10000, PAGE)).toBe(-EPERM);
  });
});

describe('VFIO_IOMMU_SPAPR_(UN)REGISTER_MEMORY', () => {
  it('takes multiples of the host page only, and no range that wraps', () => {
    const { container } = rig({ enabled: false });
    expect(container.registerMemory(UA + PAGE, 16 * MIB)).toBe(-EINVAL);
    expect(container.registerMemory(UA, 16 * MIB + PAGE)).toBe(-EINVAL);
    expect(container.registerMemory(2 ** 64 - 65536, 65536)).toBe(-EINVAL);
    expect(container.unregisterMemory(UA + PAGE, 16 * MIB)).toBe(-EINVAL);
  });

  it('counts one user for each container, and one registration for each of them', () => {
    const { container, ddw, host } = rig();
    expect(host.preregistered.regions[0]?.used).toBe(2);
    expect(container.registerMemory(UA, 32 * MIB)).toBe(-EBUSY);
    expect(container.unregisterMemory(UA, 16 * MIB)).toBe(-ENOENT);
    expect(container.unregisterMemory(UA, 32 * MIB)).toBe(0);
    expect(container.unregisterMemory(UA, 32 * MIB)).toBe(-ENOENT);
    expect(host.preregistered.regions[0]?.used).toBe(1);
    ddw.mapDma(0, 0x10000, UA, PAGE, 3);
    expect(ddw.unregisterMemory(UA, 32 * MIB)).toBe(-EBUSY);
    ddw.unmapDma(0, 0x10000, PAGE);
    expect(ddw.unregisterMemory(UA, 32 * MIB)).toBe(0);
    expect(host.preregistered.regions).toEqual([]);
  });

  it('keeps a region on the list until its removal has ended', () => {
    const { container, ddw, host } = rig();
    expect(ddw.beginUnregister(UA, 32 * MIB)).toEqual({ result: 0, region: null });
    const { region } = container.beginUnregister(UA, 32 * MIB);
    expect(host.preregistered.lookup(UA, PAGE)).toBe(region);
    if (region !== null) container.endUnregister(region);
    expect(host.preregistered.lookup(UA, PAGE)).toBeNull();
    expect(container.registerMemory(UA, 32 * MIB)).toBe(0);
  });
});

describe('the driver of 4.12', () => {
  const POLICY = { ...VFIO_4_10, misplacedIova: 1, countsPages: false };

  it('gives 1 for an iova out of place, behind every other check', () => {
    const { host, small } = rig({ enabled: false });
    const container = new VfioContainer(host, [small], POLICY);
    expect(container.mapDma(0, 0x10800, UA, PAGE, 3)).toBe(-EPERM);
    container.registerMemory(UA, 32 * MIB);
    expect(container.mapDma(0, 0x10800, UA + 1, PAGE, 3)).toBe(-EINVAL);
    expect(container.mapDma(0, 0x10800, UA, PAGE, 3)).toBe(1);
    expect(small.hasUserspaceView).toBe(false);
    expect(container.unmapDma(0, 0x10800, PAGE + 1)).toBe(-EINVAL);
    expect(container.unmapDma(0, 0x10800, PAGE)).toBe(1);
  });

  it('looks at the first page of an unmap only, unless it counts them', () => {
    const { host, small } = rig();
    const last = 0x1f000;
    const ranges = (countsPages: boolean) => {
      const container = new VfioContainer(host, [small], { ...POLICY, countsPages });
      container.registerMemory(UA, 32 * MIB);
      return () => container.unmapDma(0, last, 2 * PAGE);
    };
    expect(ranges(false)).toThrow(HostFault);
    expect(ranges(true)()).toBe(1);
  });
});

describe('VFIO_IOMMU_SPAPR_UNREGISTER_MEMORY', () => {
  it('needs a container that has tried to register, whatever it names', () => {
    const { host, small } = rig();
    const container = new VfioContainer(host, [small]);
    expect(container.unregisterMemory(UA + 1, PAGE)).toBe(-EPERM);
    expect(container.beginUnregister(UA, 32 * MIB)).toEqual({ result: -EPERM, region: null });
    expect(container.registerMemory(UA + 1, PAGE)).toBe(-EINVAL);
    expect(container.unregisterMemory(UA, 32 * MIB)).toBe(-ENOENT);
  });
});

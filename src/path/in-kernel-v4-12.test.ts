import { describe, expect, it } from 'vitest';
import { GPA_TO_UA, GUEST_VIEW_STORES, LIST_READS, TCE_EXCHANGES } from '../cost/operations.js';
import { Host } from '../host/host.js';
import { HostFault } from '../host/host-fault.js';
import { IommuTable } from '../host/iommu-table.js';
import { KvmVfioDevice } from '../host/kvm-vfio-device.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import { VfioContainer } from '../host/vfio-container.js';
import { VfioGroup } from '../host/vfio-group.js';
import { DmaWindow } from '../papr/dma-window.js';
import { H_CLOSED, H_PARAMETER, H_SUCCESS, H_TOO_HARD } from '../papr/hcall-return.js';
import { InKernelHandlers } from './in-kernel.js';
import type { ModePolicy } from './revisions/mode-policy.js';
import { V4_12, V4_12_NPAGES } from './revisions/v4-12.js';

// Addresses by the rules of the simulated memory: hpa = ua XOR 0x300A55000000, gpa 0 at the first user address.
const UA = 0x2000_0000_0000;
const hpaLo = (gpa: number) => (gpa ^ 0x5500_0000) | 0;

const LIOBN = 0x8000_0001;
const MIB = 2 ** 20;
const SIZE = 16;
const LIST = 0x10_0000;
/** In the second region, which stands behind the first. */
const SECOND = 8 * MIB;
/** In the slot, in no region. */
const UNREGISTERED = 16 * MIB;
const NO_SLOT = 32 * MIB;
const REAL = V4_12.real ?? V4_12.virtual;

/** Tables of `tables` groups on one LIOBN, their userspace views made, nothing mapped; two regions of 8 MiB. */
function rig(mode: ModePolicy, tables = 1) {
  const host = new Host({ pageShift: 12, backingShift: 12, bytes: 64 * MIB }, new SharedBuffers());
  const window = new DmaWindow(12, 0, SIZE);
  host.memslots.add(0, UA, 32 * MIB);
  host.createGuestView(LIOBN, window);
  const device = new KvmVfioDevice(host, V4_12.attach);
  const made = Array.from({ length: tables }, (_, group) => {
    const table = new IommuTable(`${group}`, window, host.pages, host.buffers);
    const container = new VfioContainer(host, [table], V4_12.vfio);
    for (const ua of [UA, UA + SECOND]) container.registerMemory(ua, 8 * MIB);
    const member = new VfioGroup(group);
    container.attachGroup(member);
    expect(device.groupAdd(member)).toBe(0);
    expect(device.setSpaprTce(member, host.findGuestView(LIOBN))).toBe(0);
    table.allocateUserspaceView();
    return { table, container };
  });
  const handlers = new InKernelHandlers(host, mode);
  const put = (entry: number, tce: number) => handlers.putTce(LIOBN, 0, entry << 12, 0, tce);
  const indirect = (entry: number, ...tces: readonly number[]) => {
    for (const [i, tce] of tces.entries()) host.storeWord(LIST + i * 8, 0, tce);
    return handlers.putTceIndirect(LIOBN, 0, entry << 12, 0, LIST, tces.length);
  };
  const stuff = (entry: number, value: number, npages: number) =>
    handlers.stuffTce(LIOBN, 0, entry << 12, 0, value, npages);
  const view = () => {
    const entries = host.findGuestView(LIOBN)?.entries;
    return Array.from({ length: SIZE }, (_, i) => entries?.lo(i));
  };
  const hardware = (i = 0) => Array.from({ length: SIZE }, (_, e) => made[i]?.table.entries.lo(e));
  const mapped = () => host.preregistered.regions.map((region) => region.mapped);
  const remove = (ua: number) => {
    for (const { container } of made.slice(1)) container.unregisterMemory(ua, 8 * MIB);
    return made[0]?.container.beginUnregister(ua, 8 * MIB);
  };
  return { host, made, handlers, put, indirect, stuff, view, hardware, mapped, remove };
}

/** A table of SIZE words with these at the front. */
const words = (...first: readonly number[]) => Array.from({ length: SIZE }, (_, i) => first[i] ?? 0);

describe.each([
  ['real', REAL],
  ['virtual', V4_12.virtual],
])('v4.12 in %s mode', (_, mode) => {
  it('takes any value without permission bits for a clear and keeps it in the guest view', () => {
    const { put, stuff, view, hardware, mapped } = rig(mode);
    put(0, 0x5003);
    put(1, 0x6003);
    expect(put(0, 0xdead04)).toBe(H_SUCCESS);
    expect(stuff(1, 0xbeef08, 2)).toBe(H_SUCCESS);
    expect(view()).toEqual(words(0xdead04, 0xbeef08, 0xbeef08));
    expect(hardware()).toEqual(words());
    expect(mapped()).toEqual([1, 1]);
    expect(stuff(0, 0xbeef01, 1)).toBe(H_PARAMETER);
    expect(put(0, 0x5803)).toBe(H_PARAMETER);
  });

  it('tells a bad address from memory that is not registered', () => {
    const { put, indirect, hardware } = rig(mode);
    expect(put(0, NO_SLOT | 3)).toBe(H_PARAMETER);
    expect(put(0, UNREGISTERED | 3)).toBe(H_TOO_HARD);
    expect(indirect(0, NO_SLOT | 3)).toBe(H_PARAMETER);
    expect(indirect(0, NO_SLOT)).toBe(H_PARAMETER);
    expect(indirect(0, UNREGISTERED | 3)).toBe(H_TOO_HARD);
    expect(hardware()).toEqual(words());
  });

  it('looks an address up before it looks for the userspace view', () => {
    const { host, handlers, made } = rig(mode, 0);
    const window = new DmaWindow(12, 0, SIZE);
    const container = new VfioContainer(host, [new IommuTable('n', window, host.pages, host.buffers)]);
    const device = new KvmVfioDevice(host, V4_12.attach);
    const group = new VfioGroup(9);
    container.attachGroup(group);
    device.groupAdd(group);
    device.setSpaprTce(group, host.findGuestView(LIOBN));
    expect(made).toEqual([]);
    expect(handlers.putTce(LIOBN, 0, 0, 0, NO_SLOT | 3)).toBe(H_PARAMETER);
    expect(handlers.putTce(LIOBN, 0, 0, 0, 0x5003)).toBe(H_TOO_HARD);
    expect(handlers.putTce(LIOBN, 0, 0, 0, 0)).toBe(H_SUCCESS);
  });

  it.each([
    ['misaligned', 0x7803, H_PARAMETER],
    ['in no slot', NO_SLOT | 3, H_PARAMETER],
    ['not registered', UNREGISTERED | 3, H_TOO_HARD],
  ])('leaves the entries before one that is %s in hardware and guest view', (_what, bad, code) => {
    const { indirect, view, hardware, mapped } = rig(mode, 2);
    expect(indirect(0, 0x5003, 0x6001, bad, 0x8003)).toBe(code);
    expect(view()).toEqual(words(0x5003, 0x6001));
    for (const table of [0, 1]) expect(hardware(table)).toEqual(words(hpaLo(0x5003), hpaLo(0x6001)));
    expect(mapped()).toEqual([5, 1]);
  });

  it('maps an entry of a list without permission bits, for good', () => {
    const { indirect, stuff, mapped, hardware } = rig(mode);
    expect(indirect(0, 0x5000, 0)).toBe(H_SUCCESS);
    expect(hardware()).toEqual(words(hpaLo(0x5000), hpaLo(0)));
    expect(stuff(0, 0, 2)).toBe(H_SUCCESS);
    expect(mapped()).toEqual([3, 1]);
    expect(() => indirect(0, 0x5004)).toThrow(HostFault);
  });

  it('swallows a region in removal: clears the first entry of the request and reports only the last map', () => {
    const { put, indirect, remove, view, hardware, mapped } = rig(mode);
    expect(remove(UA + SECOND)?.region).not.toBeNull();
    expect(put(5, SECOND | 3)).toBe(H_SUCCESS);
    expect(indirect(0, 0x5003, SECOND | 3, 0x6003)).toBe(H_SUCCESS);
    expect(view()).toEqual(words(0x5003, SECOND | 3, 0x6003, 0, 0, SECOND | 3));
    expect(hardware()).toEqual(words(0, 0, hpaLo(0x6003)));
    expect(mapped()).toEqual([3, 0]);
    expect(indirect(0, 0x5003, SECOND | 3)).toBe(H_CLOSED);
  });

  it('translates each address once, reads each word once, and updates each table once', () => {
    const { host, indirect } = rig(mode, 2);
    const before = host.counts.slice();
    indirect(0, 0x5003, 0x6003, 0x7003);
    const added = (operation: number) => (host.counts[operation] ?? 0) - (before[operation] ?? 0);
    // Reaching the list is one more.
    expect(added(GPA_TO_UA)).toBe(3 + 1);
    expect(added(LIST_READS)).toBe(3);
    expect(added(TCE_EXCHANGES)).toBe(2 * 3);
    expect(added(GUEST_VIEW_STORES)).toBe(3);
  });

  it('puts back a mapping that it cannot uncount', () => {
    const { put, made, hardware, view, host } = rig(mode);
    put(0, 0x5002);
    const table = made[0]?.table;
    if (table !== undefined) table.userspaceView[0] = UA + UNREGISTERED;
    const before = host.counts[TCE_EXCHANGES] ?? 0;
    expect(put(0, 0)).toBe(H_TOO_HARD);
    expect(hardware()).toEqual(words(hpaLo(0x5003)));
    expect(view()).toEqual(words(0x5002));
    expect((host.counts[TCE_EXCHANGES] ?? 0) - before).toBe(2);
  });

  it('stops a STUFF at H_TOO_HARD, before the guest view', () => {
    const { put, stuff, made, view } = rig(mode);
    for (const entry of [0, 1, 2]) put(entry, 0x5003);
    const table = made[0]?.table;
    if (table !== undefined) table.userspaceView[1] = UA + UNREGISTERED;
    expect(stuff(0, 0, 3)).toBe(H_TOO_HARD);
    expect(view()).toEqual(words(0x5003, 0x5003, 0x5003));
    expect([0, 1, 2].map((entry) => (table?.entries.lo(entry) ?? 0) & 3)).toEqual([0, 3, 3]);
  });

  it('checks the first page of a range only: behind the window the host would crash', () => {
    const { indirect, stuff, view } = rig(mode);
    expect(() => indirect(SIZE - 1, 0x5003, 0x6003)).toThrow(HostFault);
    expect(view()[SIZE - 1]).toBe(0x5003);
    expect(() => stuff(SIZE - 1, 0, 2)).toThrow(HostFault);
    expect(() => rig(mode, 0).stuff(SIZE - 1, 0, 2)).toThrow(HostFault);
    expect(stuff(SIZE, 0, 0)).toBe(H_PARAMETER);
  });
});

describe.each([
  ['real', V4_12_NPAGES.real ?? V4_12_NPAGES.virtual],
  ['virtual', V4_12_NPAGES.virtual],
])('v4.12+npages in %s mode', (_, mode) => {
  it('checks every page of a range', () => {
    const { indirect, stuff, hardware } = rig(mode);
    expect(indirect(SIZE - 1, 0x5003, 0x6003)).toBe(H_PARAMETER);
    expect(stuff(SIZE - 1, 0, 2)).toBe(H_PARAMETER);
    expect(stuff(SIZE, 0, 0)).toBe(H_SUCCESS);
    expect(stuff(SIZE + 1, 0, 0)).toBe(H_PARAMETER);
    expect(hardware()).toEqual(words());
  });
});

describe('the list of an H_PUT_TCE_INDIRECT of v4.12', () => {
  const list = (mode: ModePolicy, registered: boolean, present: boolean) => {
    const { host, handlers, hardware } = rig(mode);
    const gpa = registered ? LIST : UNREGISTERED;
    host.storeWord(gpa, 0, 0x5003);
    host.pages.setPresent(UA + gpa, 4096, present);
    return [handlers.putTceIndirect(LIOBN, 0, 0, 0, gpa, 1), hardware()[0]];
  };
  const MAPPED = [H_SUCCESS, hpaLo(0x5003)];
  const REFUSED = [H_TOO_HARD, 0];

  it.each([
    ['real mode reads the pinned page', REAL, true, false, MAPPED],
    ['real mode falls back to the page table', REAL, false, true, MAPPED],
    ['which has no absent page', REAL, false, false, REFUSED],
    ['virtual mode reads by user address', V4_12.virtual, false, true, MAPPED],
    ['and asks for each word, so that an absent page is no crash', V4_12.virtual, true, false, REFUSED],
  ])('%s', (_, mode, registered, present, expected) => {
    expect(list(mode, registered, present)).toEqual(expected);
  });
});

describe('an exchange that fails in real mode', () => {
  it('sends a clear on to virtual mode, which does it', () => {
    const real = rig(REAL);
    real.put(0, 0x5003);
    real.host.pages.setReachableInRealMode(UA + 0x5000, false);
    expect(real.put(0, 0)).toBe(H_TOO_HARD);
    expect(real.stuff(0, 0, 1)).toBe(H_TOO_HARD);
    expect(real.hardware()).toEqual(words(hpaLo(0x5003)));
    const virtual = new InKernelHandlers(real.host, V4_12.virtual);
    expect(virtual.putTce(LIOBN, 0, 0, 0, 0)).toBe(H_SUCCESS);
    expect(real.hardware()).toEqual(words());
    expect(real.mapped()).toEqual([1, 1]);
  });
});

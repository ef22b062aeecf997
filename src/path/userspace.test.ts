import { describe, expect, it } from 'vitest';
import { VFIO_IOCTLS } from '../cost/operations.js';
import { Host } from '../host/host.js';
import { IommuTable } from '../host/iommu-table.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import { VfioContainer } from '../host/vfio-container.js';
import { DmaWindow } from '../papr/dma-window.js';
import { H_PARAMETER, H_SUCCESS } from '../papr/hcall-return.js';
import { UserspaceHandlers } from './userspace.js';

const UA = 0x2000_0000_0000;
const LIOBN = 0x8000_0001;
const MIB = 2 ** 20;
const LIST = 0x10_0000;
const SIZE = 16;

/** A LIOBN as user space serves it, followed by some containers; its window begins at page 0x10. */
function monitor({ containers = 1, register = true } = {}) {
  const host = new Host({ pageShift: 16, backingShift: 16, bytes: 64 * MIB }, new SharedBuffers());
  host.memslots.add(0, UA, 32 * MIB);
  const window = new DmaWindow(12, 0x10, SIZE);
  const tables = Array.from(
    { length: containers },
    (_, i) => new IommuTable(`${i}`, window, host.pages, host.buffers),
  );
  const followers = tables.map((table) => new VfioContainer(host, [table]));
  if (register) for (const container of followers) container.registerMemory(UA, 16 * MIB);
  const handlers = new UserspaceHandlers(host);
  const entries = handlers.addTable(LIOBN, window, followers);
  const put = (ioba: number, tce: number) => handlers.putTce(LIOBN, 0, ioba, 0, tce);
  const hardware = tables.map((table) => table.entries);
  return { host, handlers, entries, hardware, put };
}

describe('H_PUT_TCE in user space', () => {
  it('refuses an unknown LIOBN, or one with high bits', () => {
    const { handlers } = monitor();
    expect(handlers.putTce(LIOBN + 1, 0, 0x10000, 0, 0)).toBe(H_PARAMETER);
    expect(handlers.putTce(LIOBN + 2 ** 32, 0, 0x10000, 0, 0)).toBe(H_PARAMETER);
  });

  it('masks the address down to its page instead of refusing it', () => {
    const { put, entries } = monitor();
    expect(put(0x12fff, 0x5003)).toBe(H_SUCCESS);
    expect(entries.lo(2)).toBe(0x5003);
  });

  it('refuses an index outside the table', () => {
    const { put } = monitor();
    expect(put(0xf000, 0x5003)).toBe(H_PARAMETER);
    expect(put(0x20000, 0x5003)).toBe(H_PARAMETER);
    expect(put(0x1f000, 0x5003)).toBe(H_SUCCESS);
  });

  it('stores the value as it is and maps the page it is cut to, always with read permission', () => {
    const { put, entries, hardware, host } = monitor();
    expect(put(0x11000, 0x5806)).toBe(H_SUCCESS);
    expect(entries.lo(1)).toBe(0x5806);
    expect(hardware[0]?.lo(1)).toBe((0x5000 ^ 0x5500_0000) | 3);
    expect(host.preregistered.regions[0]?.mapped).toBe(2);
  });

  it('tells every container, with one ioctl for each', () => {
    const { put, hardware, host } = monitor({ containers: 3 });
    put(0x11000, 0x5003);
    expect(hardware.map((entries) => entries.lo(1) & 3)).toEqual([3, 3, 3]);
    put(0x11000, 0);
    expect(hardware.map((entries) => entries.lo(1))).toEqual([0, 0, 0]);
    expect(host.counts[VFIO_IOCTLS]).toBe(6);
    expect(host.preregistered.regions[0]?.mapped).toBe(1);
  });

  it.each([
    ['memory that is not registered', 0x0100_0003, 1],
    ['an address in no slot', 0x1000_0003, 0],
  ])('succeeds for %s, whatever VFIO says', (_, tce, errors) => {
    const { put, entries, hardware, handlers } = monitor();
    expect(put(0x11000, tce)).toBe(H_SUCCESS);
    expect(entries.lo(1)).toBe(tce);
    expect(hardware[0]?.lo(1)).toBe(0);
    expect(handlers.vfioErrors).toBe(errors);
  });

  it('succeeds where the container was never enabled', () => {
    const { put, handlers } = monitor({ register: false });
    expect(put(0x11000, 0x5003)).toBe(H_SUCCESS);
    expect(put(0x11000, 0)).toBe(H_SUCCESS);
    expect(handlers.vfioErrors).toBe(2);
  });
});

describe('H_PUT_TCE_INDIRECT in user space', () => {
  const indirect = ({ handlers }: ReturnType<typeof monitor>, ioba: number, list: number, npages: number) =>
    handlers.putTceIndirect(LIOBN, 0, ioba, 0, list, npages);

  it('refuses an unknown LIOBN, more than 512 TCEs, and a list off its 4 KiB', () => {
    const made = monitor();
    expect(made.handlers.putTceIndirect(LIOBN + 1, 0, 0x10000, 0, LIST, 1)).toBe(H_PARAMETER);
    expect(indirect(made, 0x10000, LIST, 513)).toBe(H_PARAMETER);
    expect(indirect(made, 0x10000, LIST + 8, 1)).toBe(H_PARAMETER);
  });

  it('puts one TCE after the other and stops at the first that is refused', () => {
    const made = monitor();
    for (let i = 0; i < 4; i++) made.host.storeWord(LIST + i * 8, 0, 0x5003 + i * 0x1000);
    expect(indirect(made, 0x1e000, LIST, 4)).toBe(H_PARAMETER);
    expect([made.entries.lo(14), made.entries.lo(15)]).toEqual([0x5003, 0x6003]);
  });

  it('treats an entry without permission as a clear, unlike the kernel', () => {
    const made = monitor();
    made.put(0x11000, 0x5003);
    made.host.storeWord(LIST, 0, 0x7000);
    expect(indirect(made, 0x11000, LIST, 1)).toBe(H_SUCCESS);
    expect(made.hardware[0]?.lo(1)).toBe(0);
    expect(made.host.preregistered.regions[0]?.mapped).toBe(1);
  });

  it('returns H_PARAMETER for no TCEs at all', () => {
    expect(indirect(monitor(), 0x10000, LIST, 0)).toBe(H_PARAMETER);
  });
});

describe('H_STUFF_TCE in user space', () => {
  const stuff = ({ handlers }: ReturnType<typeof monitor>, ioba: number, value: number, npages: number) =>
    handlers.stuffTce(LIOBN, 0, ioba, 0, value, npages);

  it('refuses an unknown LIOBN and more pages than the table has', () => {
    const made = monitor();
    expect(made.handlers.stuffTce(LIOBN + 1, 0, 0x10000, 0, 0, 1)).toBe(H_PARAMETER);
    expect(stuff(made, 0x10000, 0, SIZE + 1)).toBe(H_PARAMETER);
    expect(stuff(made, 0x10000, 0, SIZE)).toBe(H_SUCCESS);
    expect(stuff(made, 0x10000, 0, 0)).toBe(H_PARAMETER);
  });

  it('takes poison, and permissions too', () => {
    const made = monitor();
    expect(stuff(made, 0x10000, 0xbad0, 2)).toBe(H_SUCCESS);
    expect([made.entries.lo(0), made.entries.lo(1)]).toEqual([0xbad0, 0xbad0]);
    expect(stuff(made, 0x10000, 0x5003, 2)).toBe(H_SUCCESS);
    expect(made.host.preregistered.regions[0]?.mapped).toBe(3);
  });

  it('stops at the end of the table', () => {
    const made = monitor();
    made.put(0x1f000, 0x5003);
    expect(stuff(made, 0x1f000, 0, 2)).toBe(H_PARAMETER);
    expect(made.entries.lo(15)).toBe(0);
  });
});

describe('H_GET_TCE in user space', () => {
  it('reads its table, and refuses what is outside or unknown', () => {
    const { handlers, put } = monitor();
    put(0x11000, 0x5003);
    expect(handlers.getTce(LIOBN, 0, 0x11fff)).toBe(H_SUCCESS);
    expect([handlers.resultHi, handlers.resultLo]).toEqual([0, 0x5003]);
    expect(handlers.getTce(LIOBN, 0, 0x20000)).toBe(H_PARAMETER);
    expect(handlers.getTce(LIOBN + 1, 0, 0x10000)).toBe(H_PARAMETER);
  });

  it('reads the guest view of KVM through its mmap where KVM keeps one', () => {
    const { host } = monitor();
    const window = new DmaWindow(12, 0, SIZE);
    host.createGuestView(7, window);
    const handlers = new UserspaceHandlers(host);
    handlers.addTable(7, window, []);
    handlers.putTce(7, 0, 0x3000, 0, 0x5003);
    expect(host.findGuestView(7)?.entries.lo(3)).toBe(0x5003);
  });
});

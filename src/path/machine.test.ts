import { describe, expect, it } from 'vitest';
import { SharedBuffers } from '../host/shared-buffers.js';
import { H_SUCCESS } from '../papr/hcall-return.js';
import { buildMachine, type Machine } from './machine.js';
import { V3 } from './revisions/v3.js';
import { V4_12 } from './revisions/v4-12.js';

const MIB = 2 ** 20;
const LIST = MIB;
const SPEC = {
  ramBytes: 32 * MIB,
  path: 'real',
  listPages: [LIST],
  windows: [
    { liobn: 0x8000_0001, pageShift: 12, offset: 0, size: 64 },
    { liobn: 0x8000_0002, pageShift: 16, offset: 2 ** 43, size: 64 },
  ],
} as const;

const put = ({ ladder }: Machine, entry: number, tce: number) =>
  ladder.putTce(0x8000_0001, 0, entry << 12, 0, tce);

describe('a machine built twice over the same buffers', () => {
  function twice(): readonly [Machine, Machine] {
    const first = buildMachine(SPEC, V3);
    put(first, 0, 0x5003);
    put(first, 1, 0x6003);
    return [first, buildMachine(SPEC, V3, new SharedBuffers(first.host.buffers.all))];
  }

  it('is one machine: each sees what the other has mapped, counted and made', () => {
    const [first, second] = twice();
    expect(second.region.mapped).toBe(3);
    expect(put(second, 2, 0x7003)).toBe(H_SUCCESS);
    expect(second.ladder.endedIn).toEqual({ real: 1, virtual: 0, userspace: 0 });
    expect(put(second, 0, 0)).toBe(H_SUCCESS);
    expect(first.region.mapped).toBe(3);
    for (const part of [
      (m: Machine) => m.tables[0]?.guestView,
      (m: Machine) => m.tables[0]?.hardware.entries,
    ]) {
      expect(part(first)?.words).toEqual(part(second)?.words);
      expect([part(first)?.lo(0), (part(first)?.lo(2) ?? 0) & 3]).toEqual([0, 3]);
    }
    expect([...first.host.pages.dirtyPages()]).toEqual([...second.host.pages.dirtyPages()]);
    expect([...first.host.pages.dirtyPages()]).toHaveLength(1);
  });

  it('reads the lists that the other has written in shared list pages', () => {
    const [first, second] = twice();
    first.host.storeWord(LIST, 0, 0x9003);
    expect(second.ladder.putTceIndirect(0x8000_0001, 0, 0x3000, 0, LIST, 1)).toBe(H_SUCCESS);
    expect(first.tables[0]?.guestView.lo(3)).toBe(0x9003);
  });

  it('keeps the registrations of each build to itself', () => {
    const [first, second] = twice();
    expect(second.region.used).toBe(first.region.used);
  });

  it('cannot be built from another description', () => {
    const [first] = twice();
    const other = { ...SPEC, windows: SPEC.windows.map((window) => ({ ...window, size: 32 })) };
    expect(() => buildMachine(other, V3, new SharedBuffers(first.host.buffers.all))).toThrow(
      'shared machine',
    );
  });
});

describe('a window of a machine', () => {
  it('on v4.12 has whole host pages of entries, in the guest view and in hardware alike', () => {
    const { ladder, tables } = buildMachine(SPEC, V4_12);
    // 64 KiB of 8 bytes an entry.
    for (const { hardware, guestView } of tables)
      expect([hardware.size, guestView.size]).toEqual([8192, 8192]);
    expect(ladder.putTce(0x8000_0001, 0, 1 << 12, 0, 0x5003)).toBe(H_SUCCESS);
    expect(ladder.putTce(0x8000_0001, 0, 1 << 12, 0, 0x6003)).toBe(H_SUCCESS);
    expect(ladder.endedIn).toEqual({ real: 1, virtual: 0, userspace: 1 });
    expect(tables[0]?.hardware.userspaceView[1]).toBe(0x2000_0000_6000);
  });

  it('on v4.12 can be taken away and come again', () => {
    const machine = buildMachine(SPEC, V4_12);
    put(machine, 0, 0x5003);
    machine.removeWindow(0x8000_0001);
    expect(machine.region.mapped).toBe(1);
    machine.addWindow(SPEC.windows[0]);
    expect(machine.tables.at(-1)?.guestView.lo(0)).toBe(0);
    expect(put(machine, 0, 0x5003)).toBe(H_SUCCESS);
    expect(machine.region.mapped).toBe(2);
  });

  it('above 4 GiB takes its own addresses and no others', () => {
    const { ladder, tables } = buildMachine(SPEC, V3);
    const [hi, end] = [2 ** 27, 64 * 65536];
    expect(ladder.putTce(0x8000_0002, hi, end - 65536, 0, 0x1_0003)).toBe(H_SUCCESS);
    expect(ladder.putTce(0x8000_0002, hi, end, 0, 0x1_0003)).toBe(-4);
    expect(ladder.putTce(0x8000_0002, hi - 1, -65536, 0, 0x1_0003)).toBe(-4);
    expect(ladder.putTce(0x8000_0002, 0, 0, 0, 0x1_0003)).toBe(-4);
    expect(tables[1]?.guestView.lo(63)).toBe(0x1_0003);
  });
});

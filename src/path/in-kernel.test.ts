import { describe, expect, it } from 'vitest';
import { GUEST_VIEW_STORES, TCE_EXCHANGES } from '../cost/operations.js';
import { EBUSY } from '../host/errno.js';
import { H_HARDWARE, H_PARAMETER, H_SUCCESS, H_TOO_HARD } from '../papr/hcall-return.js';
import {
  HPA_HI,
  hpaLo,
  LIOBN,
  LIST,
  MIB,
  machine,
  REAL,
  readyMachine,
  UA,
} from './in-kernel-machine.test-helper.js';
import { V3 } from './revisions/v3.js';

describe.each([
  ['real', REAL],
  ['virtual', V3.virtual],
])('v3 in %s mode', (_, mode) => {
  it('T1: hands over every call for a LIOBN that KVM does not know', () => {
    const { handlers } = machine({ mode });
    expect(handlers.putTce(LIOBN + 1, 0, 0, 0, 3)).toBe(H_TOO_HARD);
    expect(handlers.putTceIndirect(LIOBN + 1, 0, 0, 0, LIST + 8, 513)).toBe(H_TOO_HARD);
    expect(handlers.stuffTce(LIOBN + 1, 0, 1, 0, 3, 1)).toBe(H_TOO_HARD);
    expect(handlers.getTce(LIOBN + 1, 0, 1)).toBe(H_TOO_HARD);
  });

  it('T2: without hardware table stores the TCE in the guest view only', () => {
    const { put, view, table, mapped } = machine({ mode, groups: 0 });
    expect(put(1, 0x5003)).toBe(H_SUCCESS);
    expect(view()?.lo(1)).toBe(0x5003);
    expect(table.entries.lo(1)).toBe(0);
    expect(mapped()).toBe(1);
  });

  it('T3: hands over the first map of a fresh table, until user space has mapped a page', () => {
    const { put, userMap, view, mapped } = machine({ mode });
    expect(put(1, 0x5003)).toBe(H_TOO_HARD);
    expect(view()?.lo(1)).toBe(0);
    expect(userMap(1, 0x5000)).toBe(0);
    expect(mapped()).toBe(2);
  });

  it('T4, T5, T6: maps, maps over a live entry and clears, counting every mapping once', () => {
    const { put, userMap, view, table, mapped } = machine({ mode });
    userMap(1, 0x5000);
    expect(put(2, 0x6003)).toBe(H_SUCCESS);
    expect(mapped()).toBe(3);
    expect([table.entries.hi(2), table.entries.lo(2)]).toEqual([HPA_HI, hpaLo(0x6000) | 3]);
    expect(table.userspaceView[2]).toBe(UA + 0x6000);
    expect(put(2, 0x7001)).toBe(H_SUCCESS);
    expect(mapped()).toBe(3);
    expect(put(2, 0)).toBe(H_SUCCESS);
    expect(mapped()).toBe(2);
    expect([table.entries.hi(2), table.entries.lo(2), table.userspaceView[2], view()?.lo(2)]).toEqual([
      0, 0, 0, 0,
    ]);
  });

  it('T7: refuses bits between the page and the permissions, in a clear too', () => {
    const { put } = readyMachine({ mode });
    expect(put(0, 0x5007)).toBe(H_PARAMETER);
    expect(put(0, 0x804)).toBe(H_PARAMETER);
  });

  it('T8, T9: takes lists of 512 TCEs at most, at a multiple of 4 KiB', () => {
    const { indirect } = readyMachine({ mode, size: 1024 });
    expect(indirect(0, LIST, 512)).toBe(H_SUCCESS);
    expect(indirect(0, LIST, 513)).toBe(H_PARAMETER);
    expect(indirect(0, LIST + 8, 1)).toBe(H_PARAMETER);
  });

  it('T10: refuses poison once hardware is attached, takes it without', () => {
    const attached = readyMachine({ mode });
    expect(attached.stuff(0, 0x1000, 2)).toBe(H_PARAMETER);
    expect(attached.view()?.lo(0)).toBe(0);
    const emulated = machine({ mode, groups: 0 });
    expect(emulated.stuff(0, 0x1000, 2)).toBe(H_SUCCESS);
    expect(emulated.view()?.lo(1)).toBe(0x1000);
    expect(emulated.stuff(0, 0x1001, 2)).toBe(H_PARAMETER);
  });

  it('T11: tells the guest of an address in no slot', () => {
    const { put, view } = readyMachine({ mode });
    expect(put(1, 0x1000_0003)).toBe(H_HARDWARE);
    expect(view()?.lo(1)).toBe(0);
  });

  it('T12: tells the guest of memory that is not registered', () => {
    const { put, view } = readyMachine({ mode });
    expect(put(1, 0x0100_0003)).toBe(H_HARDWARE);
    expect(view()?.lo(1)).toBe(0);
  });

  it('T13: tells the guest of a region that is being removed', () => {
    const { put, container, table, mapped } = readyMachine({ mode });
    expect(container.beginUnregister(UA, 16 * MIB).region?.mapped).toBe(0);
    expect(put(1, 0x5003)).toBe(H_HARDWARE);
    expect(mapped()).toBe(0);
    expect(table.entries.lo(1)).toBe(0);
  });

  it('T14: exchanges an entry once for each of four groups on one table, with the end state of one', () => {
    const four = readyMachine({ mode, groups: 4 });
    const one = readyMachine({ mode });
    const before = four.host.counts.slice();
    expect(four.put(1, 0x5003)).toBe(H_SUCCESS);
    expect(one.put(1, 0x5003)).toBe(H_SUCCESS);
    expect((four.host.counts[TCE_EXCHANGES] ?? 0) - (before[TCE_EXCHANGES] ?? 0)).toBe(4);
    expect(four.table.entries.words).toEqual(one.table.entries.words);
    expect(four.table.userspaceView).toEqual(one.table.userspaceView);
    expect(four.mapped()).toBe(2);
  });

  it('T15: a clear that finds no region has cleared hardware and leaves the guest view', () => {
    const { put, host, table, view } = readyMachine({ mode });
    put(1, 0x5003);
    for (const region of host.preregistered.regions) host.preregistered.unlink(region);
    expect(put(1, 0)).toBe(H_HARDWARE);
    expect(table.entries.lo(1)).toBe(0);
    expect(view()?.lo(1)).toBe(0x5003);
  });

  it('T16: a mapped region stays registered', () => {
    const { put, container, host } = readyMachine({ mode });
    put(1, 0x5003);
    expect(container.unregisterMemory(UA, 16 * MIB)).toBe(-EBUSY);
    expect(host.preregistered.regions[0]?.used).toBe(1);
    put(1, 0);
    expect(container.unregisterMemory(UA, 16 * MIB)).toBe(0);
    expect(host.preregistered.regions).toEqual([]);
  });

  it('T20: an entry without permission in a list is mapped, counted, and not valid', () => {
    const { indirect, writeList, table, view, mapped, put } = readyMachine({ mode });
    writeList(0x5003, 0x6000);
    expect(indirect(0, LIST, 2)).toBe(H_SUCCESS);
    expect([table.entries.hi(1), table.entries.lo(1)]).toEqual([HPA_HI, hpaLo(0x6000)]);
    expect(view()?.lo(1)).toBe(0x6000);
    expect(mapped()).toBe(3);
    put(0, 0);
    put(1, 0);
    expect(mapped()).toBe(2);
  });

  it('checks a whole list before its first entry, and stops at the first that fails', () => {
    const { indirect, writeList, table, view, mapped } = readyMachine({ mode });
    writeList(0x5003, 0x6003, 0x7804);
    expect(indirect(0, LIST, 3)).toBe(H_PARAMETER);
    expect(mapped()).toBe(1);
    writeList(0x5003, 0x1000_0003, 0x7003);
    expect(indirect(0, LIST, 3)).toBe(H_HARDWARE);
    expect(mapped()).toBe(2);
    expect([table.entries.lo(0) & 3, table.entries.lo(1), view()?.lo(0)]).toEqual([3, 0, 0]);
  });

  it('answers a call of no pages with success after its checks, and touches nothing', () => {
    const { indirect, stuff, host } = readyMachine({ mode });
    const before = host.counts.slice();
    expect(indirect(16, LIST, 0)).toBe(H_SUCCESS);
    expect(stuff(16, 0, 0)).toBe(H_SUCCESS);
    expect(indirect(17, LIST, 0)).toBe(H_PARAMETER);
    expect(stuff(17, 0, 0)).toBe(H_PARAMETER);
    expect(host.counts[GUEST_VIEW_STORES]).toBe(before[GUEST_VIEW_STORES]);
    expect(host.counts[TCE_EXCHANGES]).toBe(before[TCE_EXCHANGES]);
  });

  it('refuses what leaves a hardware table smaller than the window', () => {
    const { put, indirect, stuff, writeList, mapped } = readyMachine({ mode, hardwareSize: 4 });
    expect(put(3, 0x5003)).toBe(H_SUCCESS);
    expect(put(4, 0x5003)).toBe(H_PARAMETER);
    expect(put(4, 0)).toBe(H_PARAMETER);
    writeList(0x5003, 0x6003);
    expect(indirect(3, LIST, 2)).toBe(H_PARAMETER);
    expect(stuff(3, 0, 2)).toBe(H_PARAMETER);
    expect(mapped()).toBe(2);
  });

  it('reads big-endian lists: bytes in the other order give another page', () => {
    const { indirect, host, view } = readyMachine({ mode });
    const swapped = 0x0350_0000;
    host.storeWord(LIST, swapped, 0);
    expect(indirect(0, LIST, 1)).toBe(H_HARDWARE);
    host.storeWord(LIST, 0, 0x5003);
    expect(indirect(0, LIST, 1)).toBe(H_SUCCESS);
    expect(view()?.lo(0)).toBe(0x5003);
  });
});

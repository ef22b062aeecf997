import { describe, expect, it } from 'vitest';
import { Host } from '../host/host.js';
import { HostFault } from '../host/host-fault.js';
import { VIRTUAL_MODE } from '../host/mmu-mode.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import { DmaWindow } from '../papr/dma-window.js';
import { H_HARDWARE, H_SUCCESS, H_TOO_HARD } from '../papr/hcall-return.js';
import { InKernelHandlers } from './in-kernel.js';
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
import type { ModePolicy } from './revisions/mode-policy.js';
import { V3 } from './revisions/v3.js';

describe('a list at an absent user address', () => {
  function absentList(groups: number, mode: ModePolicy) {
    const made = readyMachine({ groups, mode });
    made.writeList(0x5003);
    made.host.pages.setPresent(UA + LIST, 65536, false);
    return made;
  }

  it('is read all the same by real mode, which knows its pinned page', () => {
    const { indirect, view } = absentList(1, REAL);
    expect(indirect(0, LIST, 1)).toBe(H_SUCCESS);
    expect(view()?.lo(0)).toBe(0x5003);
  });

  it('stops the host in the hardware part of virtual mode, which reads it by a plain pointer', () => {
    expect(() => absentList(1, V3.virtual).indirect(0, LIST, 1)).toThrow(HostFault);
  });

  it('is handed over by virtual mode where there is no hardware part', () => {
    expect(absentList(0, V3.virtual).indirect(0, LIST, 1)).toBe(H_TOO_HARD);
  });

  it('does not matter where nothing is read of it', () => {
    expect(absentList(1, V3.virtual).indirect(0, LIST, 0)).toBe(H_SUCCESS);
  });
});

describe('a list while nothing is registered', () => {
  function unregistered(backingShift: number) {
    const host = new Host({ pageShift: 16, backingShift, bytes: 64 * MIB }, new SharedBuffers());
    host.memslots.add(0, UA, 32 * MIB);
    host.createGuestView(LIOBN, new DmaWindow(12, 0, 16));
    host.storeWord(LIST, 0, 0x5003);
    const indirect = (mode: ModePolicy) =>
      new InKernelHandlers(host, mode).putTceIndirect(LIOBN, 0, 0, 0, LIST, 1);
    return { host, indirect };
  }

  it('is found by the page table in real mode, unless its page is larger than the host page', () => {
    expect(unregistered(16).indirect(REAL)).toBe(H_SUCCESS);
    expect(unregistered(24).indirect(REAL)).toBe(H_TOO_HARD);
    expect(unregistered(24).indirect(V3.virtual)).toBe(H_SUCCESS);
  });

  it('is not found there by real mode where its page is absent', () => {
    const { host, indirect } = unregistered(16);
    host.pages.setPresent(UA + LIST, 65536, false);
    expect(indirect(REAL)).toBe(H_TOO_HARD);
  });
});

describe('a valid entry of a table without userspace view', () => {
  it.each([
    ['real', REAL, H_SUCCESS],
    ['virtual', V3.virtual, H_HARDWARE],
  ])('is cleared in %s mode, and that is success in real mode only', (_, mode, code) => {
    const { put, table, mapped } = machine({ mode });
    table.exchange(1, HPA_HI, hpaLo(0x5000), 3, VIRTUAL_MODE);
    expect(put(1, 0)).toBe(code);
    expect([table.entries.lo(1), mapped()]).toEqual([0, 1]);
  });
});

describe('a page whose descriptor real mode cannot reach', () => {
  function unreachable() {
    const made = readyMachine();
    made.put(1, 0x5003);
    made.host.pages.setReachableInRealMode(UA + 0x5000, false);
    return made;
  }

  it('fails the map over it with H_TOO_HARD, the clear with H_HARDWARE, and leaves the entry', () => {
    const { put, view, table, mapped } = unreachable();
    const entry = [HPA_HI, hpaLo(0x5000) | 3];
    expect(put(1, 0x0010_6003)).toBe(H_TOO_HARD);
    expect([table.entries.hi(1), table.entries.lo(1)]).toEqual(entry);
    expect(put(1, 0)).toBe(H_HARDWARE);
    expect([table.entries.hi(1), table.entries.lo(1)]).toEqual(entry);
    expect([view()?.lo(1), mapped()]).toEqual([0x5003, 2]);
  });

  it('leaves the hardware entry behind an H_STUFF_TCE that clears the guest view', () => {
    const { stuff, view, table, mapped } = unreachable();
    expect(stuff(1, 0, 1)).toBe(H_SUCCESS);
    expect([view()?.lo(1), table.entries.lo(1) & 3, mapped()]).toEqual([0, 3, 2]);
  });

  it('does not matter where the device could not write, nor in virtual mode', () => {
    const { put, host, mapped } = unreachable();
    const virtual = new InKernelHandlers(host, V3.virtual);
    expect(virtual.putTce(LIOBN, 0, 0x1000, 0, 0x5001)).toBe(H_SUCCESS);
    expect(put(1, 0)).toBe(H_SUCCESS);
    expect(mapped()).toBe(1);
  });
});

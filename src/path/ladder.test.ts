import { describe, expect, it } from 'vitest';
import { REAL_MODE_HCALLS, USERSPACE_EXITS, VIRTUAL_EXITS } from '../cost/operations.js';
import { Host } from '../host/host.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import { VfioContainer } from '../host/vfio-container.js';
import { DmaWindow } from '../papr/dma-window.js';
import { H_HARDWARE, H_SUCCESS, H_TOO_HARD, HOST_FAULT } from '../papr/hcall-return.js';
import { InKernelHandlers } from './in-kernel.js';
import { type EndedIn, Ladder } from './ladder.js';
import { buildMachine, type Machine, type PathId } from './machine.js';
import { V3 } from './revisions/v3.js';
import { UserspaceHandlers } from './userspace.js';

const UA = 0x2000_0000_0000;
const LIOBN = 0x8000_0001;
const MIB = 2 ** 20;
const LIST = MIB;
const UNREGISTERED = 16 * MIB;

function machine(path: PathId = 'real'): Machine {
  const windows = [{ liobn: LIOBN, pageShift: 12, offset: 0, size: 64 }];
  return buildMachine({ ramBytes: 32 * MIB, windows, path }, V3);
}

/** A machine whose first map is behind it, its counters at zero. */
function readyMachine(path: PathId = 'real'): Machine {
  const made = machine(path);
  put(made, 0, 3);
  put(made, 0, 0);
  made.host.counts.fill(0);
  Object.assign(made.ladder.endedIn, { real: 0, virtual: 0, userspace: 0 } satisfies EndedIn);
  return made;
}

function put({ ladder }: Machine, entry: number, tce: number): number {
  return ladder.putTce(LIOBN, 0, entry << 12, 0, tce);
}

/** An emulated device's LIOBN on a host with 16 of 32 MiB registered. */
function partlyRegistered(): { host: Host; ladder: Ladder } {
  const host = new Host({ pageShift: 16, backingShift: 16, bytes: 32 * MIB }, new SharedBuffers());
  const window = new DmaWindow(12, 0, 64);
  host.memslots.add(0, UA, 32 * MIB);
  host.createGuestView(LIOBN, window);
  new VfioContainer(host, []).registerMemory(UA, 16 * MIB);
  const userspace = new UserspaceHandlers(host);
  userspace.addTable(LIOBN, window, []);
  const real = V3.real === null ? null : new InKernelHandlers(host, V3.real);
  return { host, ladder: new Ladder(host, real, new InKernelHandlers(host, V3.virtual), userspace) };
}

/** Calls that real mode answered, exits to virtual mode, exits to user space. */
function rungs({ host: { counts } }: Machine): readonly (number | undefined)[] {
  return [counts[REAL_MODE_HCALLS], counts[VIRTUAL_EXITS], counts[USERSPACE_EXITS]];
}

const IN_REAL: EndedIn = { real: 1, virtual: 0, userspace: 0 };
const IN_VIRTUAL: EndedIn = { real: 0, virtual: 1, userspace: 0 };
const IN_USERSPACE: EndedIn = { real: 0, virtual: 0, userspace: 1 };

describe('a hypercall of v3 goes down the ladder', () => {
  it('to user space where KVM keeps no table of the LIOBN', () => {
    const made = machine('userspace');
    expect(put(made, 1, 0x5003)).toBe(H_SUCCESS);
    expect(made.ladder.endedIn).toEqual(IN_USERSPACE);
    expect(rungs(made)).toEqual([0, 1, 1]);
  });

  it('to user space for the first map of a hardware table, and for no later one', () => {
    const made = machine();
    expect(put(made, 1, 0x5003)).toBe(H_SUCCESS);
    expect(made.ladder.endedIn).toEqual(IN_USERSPACE);
    for (let entry = 2; entry < 10; entry++) expect(put(made, entry, 0x5003)).toBe(H_SUCCESS);
    expect(made.ladder.endedIn).toEqual({ real: 8, virtual: 0, userspace: 1 });
    expect(rungs(made)).toEqual([8, 1, 1]);
  });

  it('once for each hardware table, not once for the machine', () => {
    const windows = [LIOBN, LIOBN + 1, LIOBN + 2].map((liobn) => ({
      liobn,
      pageShift: 12,
      offset: 0,
      size: 8,
    }));
    const { ladder } = buildMachine({ ramBytes: MIB, windows, path: 'real' }, V3);
    for (const { liobn } of windows) {
      ladder.putTce(liobn, 0, 0, 0, 0x5003);
      ladder.putTce(liobn, 0, 0x1000, 0, 0x5003);
    }
    expect(ladder.endedIn).toEqual({ real: 3, virtual: 0, userspace: 3 });
  });

  it('nowhere for the clear of a clear entry, even before the first map', () => {
    const made = machine();
    expect(put(made, 1, 0)).toBe(H_SUCCESS);
    expect(made.ladder.endedIn).toEqual(IN_REAL);
    expect(rungs(made)).toEqual([1, 0, 0]);
  });

  it('to virtual mode where real mode cannot exchange an entry', () => {
    const made = readyMachine();
    put(made, 1, 0x5003);
    made.host.pages.setReachableInRealMode(UA + 0x5000, false);
    Object.assign(made.ladder.endedIn, { real: 0 });
    expect(put(made, 1, 0x2_6003)).toBe(H_SUCCESS);
    expect(made.ladder.endedIn).toEqual(IN_VIRTUAL);
    expect(made.region.mapped).toBe(2);
  });

  it('to virtual mode where the list is not in registered memory', () => {
    const { ladder, host } = partlyRegistered();
    host.storeWord(UNREGISTERED, 0, 0x5003);
    expect(ladder.putTceIndirect(LIOBN, 0, 0, 0, UNREGISTERED, 1)).toBe(H_SUCCESS);
    expect(ladder.endedIn).toEqual(IN_VIRTUAL);
    expect(host.findGuestView(LIOBN)?.entries.lo(0)).toBe(0x5003);
  });

  it('to user space where the list of an emulated device is absent at its user address', () => {
    const { ladder, host } = partlyRegistered();
    host.storeWord(UNREGISTERED, 0, 0x5003);
    host.pages.setPresent(UA + UNREGISTERED, 65536, false);
    expect(ladder.putTceIndirect(LIOBN, 0, 0, 0, UNREGISTERED, 1)).toBe(H_SUCCESS);
    expect(ladder.endedIn).toEqual(IN_USERSPACE);
  });

  it('to user space where the list is in no memory slot', () => {
    const made = readyMachine();
    expect(made.ladder.putTceIndirect(LIOBN, 0, 0, 0, 0x7000_0000, 1)).toBe(H_SUCCESS);
    expect(made.ladder.endedIn).toEqual(IN_USERSPACE);
  });

  it('nowhere for the errors that v3 tells the guest itself', () => {
    const made = readyMachine();
    expect(put(made, 1, 0x7000_0003)).toBe(H_HARDWARE);
    expect(made.ladder.endedIn).toEqual(IN_REAL);
    expect(rungs(made)).toEqual([1, 0, 0]);
  });

  it('from virtual mode on where there is no real mode', () => {
    const made = readyMachine('virtual');
    expect(put(made, 1, 0x5003)).toBe(H_SUCCESS);
    expect(made.ladder.endedIn).toEqual(IN_VIRTUAL);
    expect(rungs(made)).toEqual([0, 1, 0]);
  });
});

describe('a rung starts from scratch', () => {
  it('over what the rung above has done of a list, and counts stay right', () => {
    const made = readyMachine();
    const { ladder, host, region, tables } = made;
    put(made, 1, 0x2_5003);
    host.pages.setReachableInRealMode(UA + 0x2_0000, false);
    for (let i = 0; i < 3; i++) host.storeWord(LIST + i * 8, 0, 0x10_0003 + i * 0x1000);
    expect(ladder.putTceIndirect(LIOBN, 0, 0, 0, LIST, 3)).toBe(H_SUCCESS);
    expect(ladder.endedIn.virtual).toBe(1);
    expect(region.mapped).toBe(4);
    expect(Array.from(tables[0]?.hardware.userspaceView.slice(0, 4) ?? [])).toEqual([
      UA + 0x10_0000,
      UA + 0x10_1000,
      UA + 0x10_2000,
      0,
    ]);
  });
});

describe('H_GET_TCE', () => {
  it('is answered by real mode, and by user space where there is none or no guest view', () => {
    for (const [path, ended] of [
      ['real', IN_REAL],
      ['virtual', IN_USERSPACE],
      ['userspace', IN_USERSPACE],
    ] as const) {
      const made = readyMachine(path);
      put(made, 1, 0x5003);
      Object.assign(made.ladder.endedIn, { real: 0, virtual: 0, userspace: 0 });
      expect(made.ladder.getTce(LIOBN, 0, 0x1000)).toBe(H_SUCCESS);
      expect([made.ladder.resultHi, made.ladder.resultLo]).toEqual([0, 0x5003]);
      expect(made.ladder.endedIn).toEqual(ended);
    }
  });
});

describe('the guest', () => {
  it('never sees H_TOO_HARD', () => {
    for (const path of ['real', 'virtual', 'userspace'] as const) {
      const { ladder } = machine(path);
      const codes = [
        ladder.putTce(LIOBN, 0, 0, 0, 3),
        ladder.putTce(LIOBN + 1, 0, 0, 0, 3),
        ladder.putTceIndirect(LIOBN, 0, 0, 0, 0x7000_0000, 1),
        ladder.stuffTce(LIOBN + 1, 0, 0, 0, 0, 1),
        ladder.getTce(LIOBN + 1, 0, 0),
      ];
      expect(codes).not.toContain(H_TOO_HARD);
    }
  });

  it('is told of a crash of the host, which is counted and explained', () => {
    // A slot that is not aligned as the IOMMU page is: the hypercall does not look, the exchange does.
    const windows = [{ liobn: LIOBN, pageShift: 24, offset: 0, size: 4 }];
    const odd = buildMachine({ ramBytes: 64 * MIB, windows, path: 'real' }, V3);
    odd.ladder.putTce(LIOBN, 0, 0, 0, 3);
    odd.host.memslots.add(2 ** 30, UA + 65536, 32 * MIB);
    expect(odd.ladder.putTce(LIOBN, 0, 0, 0x0, 0x4000_0003)).toBe(HOST_FAULT);
    expect(odd.ladder.putTce(LIOBN, 0, 0, 0x0, 0x4000_0003)).toBe(HOST_FAULT);
    expect(odd.ladder.hostFaults).toBe(2);
    expect(odd.ladder.firstHostFault).toContain('unaligned host address in entry 0');
  });

  it('gets every other exception of ours as what it is', () => {
    const { ladder, host } = readyMachine();
    host.findGuestView = () => {
      throw new TypeError('ours');
    };
    expect(() => ladder.putTce(LIOBN, 0, 0, 0, 3)).toThrow(TypeError);
  });
});

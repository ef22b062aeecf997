import { describe, expect, it } from 'vitest';
import { OPERATIONS, type Operation, type OperationCounts } from '../cost/operations.js';
import { Host } from '../host/host.js';
import { IommuTable } from '../host/iommu-table.js';
import { KvmVfioDevice } from '../host/kvm-vfio-device.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import { VfioContainer } from '../host/vfio-container.js';
import { VfioGroup } from '../host/vfio-group.js';
import { DmaWindow } from '../papr/dma-window.js';
import { H_HARDWARE, H_PARAMETER, H_SUCCESS } from '../papr/hcall-return.js';
import { InKernelHandlers } from './in-kernel.js';
import { Ladder } from './ladder.js';
import { V3 } from './revisions/v3.js';
import { UserspaceHandlers } from './userspace.js';

const UA = 0x2000_0000_0000;
const LIOBN = 0x8000_0001;
const MIB = 2 ** 20;
const LIST = MIB;
const N = 8;

/** A LIOBN with `groups` groups in one container, or `containers` containers where KVM keeps no table of it. */
function rig({ groups = 0, containers = 1 }) {
  const host = new Host({ pageShift: 16, backingShift: 16, bytes: 64 * MIB }, new SharedBuffers());
  host.memslots.add(0, UA, 64 * MIB);
  const window = new DmaWindow(12, 0, 64);
  const followers = Array.from({ length: containers }, (_, i) => {
    const container = new VfioContainer(host, [new IommuTable(`${i}`, window, host.pages, host.buffers)]);
    container.registerMemory(UA, 64 * MIB);
    container.mapDma(0, 0, UA, 4096, 3);
    container.unmapDma(0, 0, 4096);
    return container;
  });
  const device = new KvmVfioDevice(host, V3.attach);
  if (groups > 0) host.createGuestView(LIOBN, window);
  for (let id = 0; id < groups; id++) {
    const group = new VfioGroup(id);
    followers[0]?.attachGroup(group);
    device.groupAdd(group);
    device.setSpaprTce(group, host.findGuestView(LIOBN));
  }
  const userspace = new UserspaceHandlers(host);
  userspace.addTable(LIOBN, window, followers);
  const real = V3.real === null ? null : new InKernelHandlers(host, V3.real);
  const ladder = new Ladder(host, real, new InKernelHandlers(host, V3.virtual), userspace);
  for (let i = 0; i < N; i++) host.storeWord(LIST + i * 8, 0, 0x10_0003 + i * 0x1000);
  const put = (tce: number) => ladder.putTce(LIOBN, 0, 0, 0, tce);
  const indirect = () => ladder.putTceIndirect(LIOBN, 0, 0, 0, LIST, N);
  const stuff = () => ladder.stuffTce(LIOBN, 0, 0, 0, 0, N);
  return { host, put, indirect, stuff };
}

/** What a call adds to the counts, operations that it does not take left out. */
function costOf(
  { host }: { host: Host },
  call: () => number,
  code = H_SUCCESS,
): Partial<Record<Operation, number>> {
  const before: OperationCounts = host.counts.slice();
  expect(call()).toBe(code);
  const added = OPERATIONS.map(
    (operation, i) => [operation, (host.counts[i] ?? 0) - (before[i] ?? 0)] as const,
  );
  return Object.fromEntries(added.filter(([, times]) => times !== 0));
}

/** A call that real mode answers, and the look for its list, both once for any number of TCEs. */
const CALL = { realModeHcalls: 1 };
const LIST_FOUND = { gpaToUa: 1, regionLookups: 1, uaToHpa: 1 };

function sum(...costs: readonly Partial<Record<Operation, number>>[]): Partial<Record<Operation, number>> {
  const total: Partial<Record<Operation, number>> = {};
  for (const cost of costs) {
    for (const operation of OPERATIONS) {
      const times = (total[operation] ?? 0) + (cost[operation] ?? 0);
      if (times !== 0) total[operation] = times;
    }
  }
  return total;
}

function times(n: number, cost: Partial<Record<Operation, number>>): Partial<Record<Operation, number>> {
  return Object.fromEntries(Object.entries(cost).map(([operation, count]) => [operation, count * n]));
}

describe.each([1, 2, 3])('v3 in real mode with %i groups on one table', (g) => {
  /** A mapped TCE; only the first visit can find the entry empty, every later one replaces the work of it. */
  const mapped = (w: 0 | 1) => ({
    gpaToUa: g,
    regionLookups: g + w + (g - 1),
    uaToHpa: g,
    mappedUpdates: g + w + (g - 1),
    tceExchanges: g,
    tceInvalidates: g,
    guestViewStores: 1,
  });
  /** A cleared TCE: the first visit does the work, the others exchange nothing for nothing. */
  const cleared = (w: 0 | 1) => ({
    regionLookups: w,
    mappedUpdates: w,
    tceExchanges: g,
    tceInvalidates: g,
    guestViewStores: 1,
  });

  it('takes for a put what the table of the model says', () => {
    const made = rig({ groups: g });
    expect(costOf(made, () => made.put(0x5003))).toEqual(sum(CALL, mapped(0)));
    expect(costOf(made, () => made.put(0x6003))).toEqual(sum(CALL, mapped(1)));
    expect(costOf(made, () => made.put(0))).toEqual(sum(CALL, cleared(1)));
    expect(costOf(made, () => made.put(0))).toEqual(sum(CALL, cleared(0)));
  });

  it('reads every word of a list twice for each group and once more for the guest view', () => {
    const made = rig({ groups: g });
    const perTce = (w: 0 | 1) => sum(mapped(w), { listReads: 2 * g + 1 });
    expect(costOf(made, made.indirect)).toEqual(sum(CALL, LIST_FOUND, times(N, perTce(0))));
    expect(costOf(made, made.indirect)).toEqual(sum(CALL, LIST_FOUND, times(N, perTce(1))));
  });

  it('counts of a list that fails only what was done', () => {
    const made = rig({ groups: g });
    const fails = (entry: number, tce: number, code: number) => {
      for (let i = 0; i < N; i++) made.host.storeWord(LIST + i * 8, 0, i === entry ? tce : 0x5003);
      return costOf(made, made.indirect, code);
    };
    const first = {
      gpaToUa: 1,
      regionLookups: 1,
      uaToHpa: 1,
      mappedUpdates: 1,
      tceExchanges: 1,
      tceInvalidates: 1,
    };
    const inNoSlot = { listReads: N + 3, gpaToUa: 1 };
    expect(fails(2, 0x7000_0003, H_HARDWARE)).toEqual(sum(CALL, LIST_FOUND, times(2, first), inNoSlot));
    expect(fails(2, 0x5803, H_PARAMETER)).toEqual(sum(CALL, LIST_FOUND, { listReads: 3 }));
  });

  it('clears a range entry by entry', () => {
    const made = rig({ groups: g });
    made.indirect();
    expect(costOf(made, made.stuff)).toEqual(sum(CALL, times(N, cleared(1))));
    expect(costOf(made, made.stuff)).toEqual(sum(CALL, times(N, cleared(0))));
  });
});

describe.each([1, 2])('user space with %i containers', (c) => {
  const EXIT = { virtualExits: 1, userspaceExits: 1 };
  const mapped = (w: 0 | 1) => ({
    vfioIoctls: c,
    pagePins: c,
    gpaToUa: c,
    regionLookups: c * (1 + w),
    uaToHpa: c * (1 + w),
    mappedUpdates: c * (1 + w),
    tceExchanges: c,
    tceInvalidates: c,
    guestViewStores: 1,
  });
  const cleared = {
    vfioIoctls: c,
    regionLookups: c,
    uaToHpa: c,
    mappedUpdates: c,
    tceExchanges: c,
    tceInvalidates: c,
    guestViewStores: 1,
  };

  it('takes one exit for a call and one ioctl for each TCE and container', () => {
    const made = rig({ containers: c });
    expect(costOf(made, () => made.put(0x5003))).toEqual(sum(EXIT, mapped(0)));
    expect(costOf(made, () => made.put(0x6003))).toEqual(sum(EXIT, mapped(1)));
    expect(costOf(made, () => made.put(0))).toEqual(sum(EXIT, cleared));
    expect(costOf(made, made.indirect)).toEqual(sum(EXIT, times(N, { ...mapped(0), listReads: 1 })));
    expect(costOf(made, made.stuff)).toEqual(sum(EXIT, times(N, cleared)));
  });
});

import { describe, expect, it } from 'vitest';
import { Host } from '../host/host.js';
import { IommuTable } from '../host/iommu-table.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import { VfioContainer } from '../host/vfio-container.js';
import { DmaWindow } from '../papr/dma-window.js';
import { H_HARDWARE, H_PARAMETER, H_SUCCESS } from '../papr/hcall-return.js';
import { InKernelHandlers } from './in-kernel.js';
import { Ladder } from './ladder.js';
import {
  type Cost,
  costOf,
  countFailures,
  countingRig,
  N,
  withoutZeros,
} from './operation-formulas.test-helper.js';
import { REVISIONS } from './revisions/revisions.js';
import { V3 } from './revisions/v3.js';
import { V4_20 } from './revisions/v4-20.js';
import { UserspaceHandlers } from './userspace.js';

const UA = 0x2000_0000_0000;
const LIOBN = 0x8000_0001;
const MIB = 2 ** 20;
const LIST = MIB;

const MODES = REVISIONS.flatMap((revision) => [
  ...(revision.real === null ? [] : [[revision.id, 'real', revision] as const]),
  [revision.id, 'virtual', revision] as const,
]);

describe('the work of a call is what the formulas say, for 1 to 8 groups on 1 to as many tables', () => {
  it.each(MODES)('%s in %s mode', (id, mode, revision) => {
    expect(countFailures(revision, id, mode === 'real')).toEqual([]);
  });
});

/** Operations of several costs together. */
function sum(...costs: readonly Cost[]): Cost {
  const total: Record<string, number> = {};
  for (const cost of costs) {
    for (const [operation, times] of Object.entries(cost)) total[operation] = (total[operation] ?? 0) + times;
  }
  return withoutZeros(total);
}

const times = (n: number, cost: Cost): Cost =>
  Object.fromEntries(Object.entries(cost).map(([operation, count]) => [operation, count * n]));

/** The look of real mode for its list, and a call that it answers. */
const LIST_FOUND: Cost = { gpaToUa: 1, regionLookups: 1, uaToHpa: 1 };
const LIST_CALL: Cost = { realModeHcalls: 1, ...LIST_FOUND };

describe('a list that fails costs only what was done', () => {
  const failing = (revision: typeof V3, g: number, entry: number, tce: number) => {
    const { host, calls } = countingRig(revision, { g, u: 1, f: 1 }, true);
    for (let i = 0; i < N; i++) host.storeWord(LIST + i * 8, 0, i === entry ? tce : 0x5003);
    return costOf(host, calls.indirect);
  };
  const mapped: Cost = {
    gpaToUa: 1,
    regionLookups: 1,
    uaToHpa: 1,
    mappedUpdates: 1,
    tceExchanges: 1,
    tceInvalidates: 1,
  };

  it.each([1, 2, 3])('in v3 with %i groups, where the first table ends it', (g) => {
    expect(failing(V3, g, 2, 0x7000_0003)).toEqual({
      code: H_HARDWARE,
      cost: sum(LIST_CALL, times(2, mapped), { listReads: N + 3, gpaToUa: 1 }),
    });
    expect(failing(V3, g, 2, 0x5803)).toEqual({ code: H_PARAMETER, cost: sum(LIST_CALL, { listReads: 3 }) });
  });

  it('in v4.20, where the validation ends it before the first map', () => {
    const validated: Cost = { listReads: 3, gpaToUa: 3, regionLookups: 2, uaToHpa: 2 };
    const exits: Cost = { virtualExits: 1, userspaceExits: 1 };
    // Both modes do it, virtual mode without a region for the list; user space knows no such LIOBN.
    expect(failing(V4_20, 1, 2, 0x7000_0003)).toEqual({
      code: H_PARAMETER,
      cost: sum(exits, LIST_FOUND, { gpaToUa: 1 }, times(2, validated)),
    });
  });
});

/** A LIOBN that KVM does not know, with `containers` containers in user space. */
function userspaceRig(containers: number) {
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
  const userspace = new UserspaceHandlers(host);
  userspace.addTable(LIOBN, window, followers);
  const real = V3.real === null ? null : new InKernelHandlers(host, V3.real);
  const ladder = new Ladder(host, real, new InKernelHandlers(host, V3.virtual), userspace);
  for (let i = 0; i < N; i++) host.storeWord(LIST + i * 8, 0, 0x10_0003 + i * 0x1000);
  const put = (tce: number) => costOf(host, () => ladder.putTce(LIOBN, 0, 0, 0, tce));
  const indirect = () => costOf(host, () => ladder.putTceIndirect(LIOBN, 0, 0, 0, LIST, N));
  const stuff = () => costOf(host, () => ladder.stuffTce(LIOBN, 0, 0, 0, 0, N));
  return { put, indirect, stuff };
}

describe.each([1, 2, 3, 4, 5, 6, 7, 8])('user space with %i containers', (u) => {
  const EXIT = { virtualExits: 1, userspaceExits: 1 };
  const perContainer = (w: 0 | 1): Cost => ({
    vfioIoctls: 1,
    pagePins: 1,
    gpaToUa: 1,
    regionLookups: 1 + w,
    uaToHpa: 1 + w,
    mappedUpdates: 1 + w,
    tceExchanges: 1,
    tceInvalidates: 1,
  });
  const mapped = (w: 0 | 1) => sum(times(u, perContainer(w)), { guestViewStores: 1 });
  const cleared = (w: 0 | 1) =>
    sum(
      times(u, {
        vfioIoctls: 1,
        regionLookups: w,
        uaToHpa: w,
        mappedUpdates: w,
        tceExchanges: 1,
        tceInvalidates: 1,
      }),
      {
        guestViewStores: 1,
      },
    );
  const success = (...costs: readonly Cost[]) => ({ code: H_SUCCESS, cost: sum(EXIT, ...costs) });

  it('takes one exit for a call and one ioctl for each TCE and container', () => {
    const { put, indirect, stuff } = userspaceRig(u);
    expect(put(0x5003)).toEqual(success(mapped(0)));
    expect(put(0x6003)).toEqual(success(mapped(1)));
    expect(put(0)).toEqual(success(cleared(1)));
    expect(put(0)).toEqual(success(cleared(0)));
    expect(indirect()).toEqual(success(times(N, sum(mapped(0), { listReads: 1 }))));
    expect(indirect()).toEqual(success(times(N, sum(mapped(1), { listReads: 1 }))));
    expect(stuff()).toEqual(success(times(N, cleared(1))));
    expect(stuff()).toEqual(success(times(N, cleared(0))));
  });
});

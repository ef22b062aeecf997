import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TCE_EXCHANGES } from '../cost/operations.js';
import { Host } from '../host/host.js';
import { IommuTable } from '../host/iommu-table.js';
import { KvmVfioDevice } from '../host/kvm-vfio-device.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import { VfioContainer } from '../host/vfio-container.js';
import { VfioGroup } from '../host/vfio-group.js';
import { DmaWindow } from '../papr/dma-window.js';
import { InKernelHandlers } from './in-kernel.js';
import type { Revision } from './revisions/revision.js';
import { V3 } from './revisions/v3.js';
import { V3_C5 } from './revisions/v3-review.js';

const UA = 0x2000_0000_0000;
const MIB = 2 ** 20;
const LIOBN = 1;
const SIZE = 16;
const LIST = 2 * MIB;
const GROUPS = 3;

/** Some groups on one hardware table; 4 MiB registered of 8 in a slot. */
function machine(revision: Revision) {
  const host = new Host({ pageShift: 12, backingShift: 12, bytes: 16 * MIB }, new SharedBuffers());
  const window = new DmaWindow(12, 0, SIZE);
  const table = new IommuTable('t', window, host.pages, host.buffers);
  const container = new VfioContainer(host, [table], revision.vfio);
  const device = new KvmVfioDevice(host, revision.attach);
  host.memslots.add(0, UA, 8 * MIB);
  host.createGuestView(LIOBN, window);
  container.registerMemory(UA, 4 * MIB);
  container.mapDma(0, 0, UA, 4096, 3);
  const groups = Array.from({ length: GROUPS }, (_, id) => {
    const group = new VfioGroup(id);
    container.attachGroup(group);
    device.groupAdd(group);
    device.setSpaprTce(group, host.findGuestView(LIOBN));
    return group;
  });
  const handlers = new InKernelHandlers(host, revision.real ?? revision.virtual);
  const run = ({ op, entry, tces }: Call): number => {
    const ioba = entry * 4096;
    if (op === 'put') return handlers.putTce(LIOBN, 0, ioba, 0, tces[0] ?? 0);
    if (op === 'stuff') return handlers.stuffTce(LIOBN, 0, ioba, 0, 0, tces.length);
    if (op === 'indirect') {
      for (const [i, tce] of tces.entries()) host.storeWord(LIST + i * 8, 0, tce);
      return handlers.putTceIndirect(LIOBN, 0, ioba, 0, LIST, tces.length);
    }
    const group = groups[entry % GROUPS] as VfioGroup;
    if (op === 'set') return device.setSpaprTce(group, host.findGuestView(LIOBN));
    return op === 'add' ? device.groupAdd(group) : device.groupDel(group);
  };
  const state = () => ({
    guestView: [...(host.findGuestView(LIOBN)?.entries.words ?? [])],
    hardware: [...table.entries.words],
    userspaceView: [...table.userspaceView],
    mapped: host.preregistered.regions.map((region) => region.mapped),
    groups: groups.map(({ references }) => references),
  });
  return { host, run, state };
}

interface Call {
  readonly op: 'put' | 'stuff' | 'indirect' | 'set' | 'add' | 'del';
  readonly entry: number;
  readonly tces: readonly number[];
}

/** Addresses in both halves of the slot and behind it, with stray bits now and then. */
const address = fc.record({ page: fc.nat(2100), stray: fc.constantFrom(0, 0, 0, 0, 4) });
const tce = (permissions: readonly number[]) =>
  fc
    .tuple(address, fc.constantFrom(...permissions))
    .map(([{ page, stray }, bits]) => page * 4096 + stray + bits);
const entry = fc.nat(SIZE);
const call: fc.Arbitrary<Call> = fc.oneof(
  fc.record({ op: fc.constant('put' as const), entry, tces: fc.tuple(tce([0, 1, 2, 3])) }),
  fc.record({
    op: fc.constant('indirect' as const),
    entry,
    tces: fc.array(tce([1, 2, 3]), { maxLength: 5 }),
  }),
  fc.record({ op: fc.constant('stuff' as const), entry, tces: fc.array(fc.constant(0), { maxLength: 5 }) }),
  fc.record({ op: fc.constantFrom('set', 'add', 'del'), entry, tces: fc.constant([]) }),
);

describe('one descriptor for each table, instead of one for each call', () => {
  it('changes no code, no entry, no count and no reference, only the work (I15, I16)', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 30 }), (calls) => {
        const [each, shared] = [machine(V3), machine(V3_C5)];
        for (const step of calls) {
          const before = [each, shared].map(({ host }) => host.counts[TCE_EXCHANGES] ?? 0);
          const visits = [each, shared].map(({ host }) => host.findGuestView(LIOBN)?.tables.length ?? 0);
          const code = each.run(step);
          expect(shared.run(step)).toBe(code);
          expect(shared.state()).toEqual(each.state());
          const [many = 0, one = 0] = [each, shared].map(
            ({ host }, i) => (host.counts[TCE_EXCHANGES] ?? 0) - (before[i] ?? 0),
          );
          expect(visits[1]).toBe(Math.min(visits[0] ?? 0, 1));
          if (code === 0) expect(many).toBe(one * (visits[0] ?? 0));
        }
      }),
      { seed: 15, numRuns: 200 },
    );
  });

  it('changes the count of a listed entry without permission: each visit counts it again', () => {
    const [each, shared] = [machine(V3), machine(V3_C5)].map(({ run, state }) => {
      expect(run({ op: 'indirect', entry: 1, tces: [0x5000] })).toBe(0);
      return state().mapped;
    });
    expect([each, shared]).toEqual([[2 + GROUPS], [2 + 1]]);
  });
});

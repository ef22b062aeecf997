import { OPERATIONS, type Operation, type OperationCounts } from '../cost/operations.js';
import { Host } from '../host/host.js';
import { IommuTable } from '../host/iommu-table.js';
import { KvmVfioDevice } from '../host/kvm-vfio-device.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import { VfioContainer } from '../host/vfio-container.js';
import { VfioGroup } from '../host/vfio-group.js';
import { DmaWindow } from '../papr/dma-window.js';
import { InKernelHandlers } from './in-kernel.js';
import { Ladder } from './ladder.js';
import type { Revision } from './revisions/revision.js';
import { UserspaceHandlers } from './userspace.js';

/** What some calls cost; operations that they do not take are left out or zero. */
export type Cost = Partial<Record<Operation, number>>;

/** The shape behind one LIOBN. */
export interface Shape {
  /** Groups. */
  readonly g: number;
  /** Different hardware tables among them. */
  readonly u: number;
  /** Hardware entries for each entry of the guest view. */
  readonly f: number;
}

/** 1 where the entry was valid before. */
type Was = 0 | 1;

const LIOBN = 0x8000_0001;
const UA = 0x2000_0000_0000;
const MIB = 2 ** 20;
const LIST = MIB;
/** TCEs of a list. */
export const N = 5;

/** How one family of revisions goes about a TCE: per TCE and list, by the specification's table of work. */
interface Family {
  /** Visits of hardware tables for an entry: one for each group, or one for each different table. */
  readonly visits: 'groups' | 'tables';
  readonly gpaToUa: 'visit' | 'once' | 'validated';
  /** Words read of a list of n; v is the number of visits. */
  readonly listReads: (n: number, v: number) => number;
  readonly invalidates: 'exchange' | 'tce' | 'hcall';
  /** Guest view stores of a list of n. */
  readonly listStores: (n: number) => number;
}

const V3: Family = {
  visits: 'groups',
  gpaToUa: 'visit',
  listReads: (n, v) => (2 * v + 1) * n,
  invalidates: 'exchange',
  listStores: (n) => n,
};
/** Its one index for two loops leaves the loop after the first word, and one store behind the range. */
const INTERIM: Family = { ...V3, listReads: (n) => n + 1, listStores: () => 1 };
const V4_12: Family = { ...V3, visits: 'tables', gpaToUa: 'once', listReads: (n) => n };
const V4_20: Family = { ...V4_12, gpaToUa: 'validated', listReads: (n) => 2 * n };

const FAMILIES: Readonly<Record<string, Family>> = {
  v3: V3,
  'v3+C5': { ...V3, visits: 'tables' },
  'v3+C11': V3,
  'v3+C13': { ...V3, gpaToUa: 'once', listReads: (n) => n },
  'v3+codes': V3,
  interim: INTERIM,
  'interim-fixed': { ...V3, listReads: (n) => 2 * n },
  'v4.12': V4_12,
  'v4.12+npages': V4_12,
  'v4.20': V4_20,
  'v5.4': { ...V4_20, invalidates: 'hcall' },
  'v5.19': { ...V4_20, invalidates: 'tce' },
};

/** The calls whose work the table tells. */
export type Kind = 'put' | 'put 0' | 'indirect' | 'stuff';

/** What one call costs by the formulas, its exit left out. */
function formula(id: string, { g, u, f }: Shape, kind: Kind, w: Was, isReal: boolean): Cost {
  const family = FAMILIES[id];
  if (family === undefined) throw new Error(`no formula for ${id}`);
  const n = kind === 'put' || kind === 'put 0' ? 1 : N;
  const v = family.visits === 'groups' ? g : u;
  // A visit after the first finds the work of the first: it always replaces, or has nothing left to clear.
  const replaced = w * u + (v - u);
  const invalidates = { exchange: n * v * f, tce: n * v, hcall: v }[family.invalidates];
  const both = { tceExchanges: n * v * f, tceInvalidates: invalidates };
  if (kind === 'put 0' || kind === 'stuff') {
    const cleared = n * w * u * f;
    return { ...both, regionLookups: cleared, mappedUpdates: cleared, guestViewStores: n };
  }
  const validated = family.gpaToUa === 'validated' ? u : 0;
  const list = kind === 'indirect' ? 1 : 0;
  const found = isReal ? list : 0;
  return {
    ...both,
    listReads: list * family.listReads(n, v),
    gpaToUa: n * { visit: v, once: 1, validated: 2 }[family.gpaToUa] + list,
    regionLookups: n * ((v + replaced) * f + validated) + found,
    uaToHpa: n * (v * f + validated) + found,
    mappedUpdates: n * (v + replaced) * f,
    guestViewStores: list === 1 ? family.listStores(n) : 1,
  };
}

/** `u` tables in a container each, followed by `g` groups, the last container having those that are left. */
export function countingRig(revision: Revision, { g, u, f }: Shape, isReal: boolean) {
  const host = new Host({ pageShift: 16, backingShift: 16, bytes: 16 * MIB }, new SharedBuffers());
  host.memslots.add(0, UA, 16 * MIB);
  const viewShift = 12 + Math.log2(f);
  const window = new DmaWindow(12, 0, 64 * f);
  const containers = Array.from({ length: u }, (_, i) => {
    const table = new IommuTable(`${i}`, window, host.pages, host.buffers);
    table.allocateUserspaceView();
    const container = new VfioContainer(host, [table], revision.vfio);
    container.registerMemory(UA, 16 * MIB);
    return container;
  });
  host.createGuestView(LIOBN, new DmaWindow(viewShift, 0, 64));
  const device = new KvmVfioDevice(host, revision.attach);
  for (let id = 0; id < g; id++) {
    const group = new VfioGroup(id);
    containers[Math.min(id, u - 1)]?.attachGroup(group);
    if (device.groupAdd(group) !== 0 || device.setSpaprTce(group, host.findGuestView(LIOBN)) !== 0) {
      throw new Error('the group does not attach');
    }
  }
  const real = isReal && revision.real !== null ? new InKernelHandlers(host, revision.real) : null;
  const virtual = new InKernelHandlers(host, revision.virtual);
  const ladder = new Ladder(host, real, virtual, new UserspaceHandlers(host));
  const writeList = (first: number) => {
    for (let i = 0; i < N; i++) host.storeWord(LIST + i * 8, 0, first + i * 0x1_0000 + 3);
  };
  writeList(0x10_0000);
  const calls: Readonly<Record<Kind, () => number>> = {
    put: () => ladder.putTce(LIOBN, 0, 0, 0, 0x5_0003),
    'put 0': () => ladder.putTce(LIOBN, 0, 0, 0, 0),
    indirect: () => ladder.putTceIndirect(LIOBN, 0, 0, 0, LIST, N),
    stuff: () => ladder.stuffTce(LIOBN, 0, 0, 0, 0, N),
  };
  const [first] = containers;
  /** An ioctl that maps four pages. */
  const mapFour = () => first?.mapDma(0, 0, UA, 4 * 4096, 3) ?? -1;
  return { host, ladder, calls, mapFour };
}

/** What a call adds to the counts, and its code. */
export function costOf(host: Host, call: () => number): { readonly code: number; readonly cost: Cost } {
  const before: OperationCounts = host.counts.slice();
  const code = call();
  const added = OPERATIONS.map(
    (operation, i) => [operation, (host.counts[i] ?? 0) - (before[i] ?? 0)] as const,
  );
  return { code, cost: withoutZeros(Object.fromEntries(added)) };
}

/** Leaves out what is zero, in the order of the operations. */
export function withoutZeros(cost: Cost): Cost {
  return Object.fromEntries(OPERATIONS.filter((operation) => cost[operation]).map((o) => [o, cost[o]]));
}

/** In this order, what each call finds: nothing, then the work of the one before. */
const SEQUENCE: readonly (readonly [Kind, Was])[] = [
  ['put', 0],
  ['put', 1],
  ['put 0', 1],
  ['put 0', 0],
  ['indirect', 0],
  ['indirect', 1],
  ['stuff', 1],
  ['stuff', 0],
];

/**
 * Compares what a revision does with the formulas of the revision of that id, in one mode, for 1 to 8 groups on 1 to as
 * many tables. Gives the first difference of each call.
 */
export function countFailures(revision: Revision, id: string, isReal: boolean): readonly string[] {
  const failures = ioctlFailures(revision, id);
  for (const shape of shapesOf(id)) {
    const { host, calls } = countingRig(revision, shape, isReal);
    for (const [kind, w] of SEQUENCE) {
      const { code, cost } = costOf(host, calls[kind]);
      const exit: Cost = isReal ? { realModeHcalls: 1 } : { virtualExits: 1 };
      const expected = withoutZeros({ ...exit, ...formula(id, shape, kind, w, isReal) });
      if (code === 0 && JSON.stringify(cost) === JSON.stringify(expected)) continue;
      const { g, u, f } = shape;
      const place = `${id}: ${kind}, w=${w}, g=${g}, u=${u}, f=${f}`;
      failures.push(`${place}: code ${code}, ${JSON.stringify(cost)}, not ${JSON.stringify(expected)}`);
    }
    if (failures.length > 0) return failures;
  }
  return failures;
}

/** An ioctl invalidates once for each page, later once in all. */
function ioctlFailures(revision: Revision, id: string): string[] {
  const { host, mapFour } = countingRig(revision, { g: 1, u: 1, f: 1 }, false);
  const { cost } = costOf(host, mapFour);
  const expected = { exchange: 4, tce: 1, hcall: 1 }[FAMILIES[id]?.invalidates ?? 'exchange'];
  return cost.tceInvalidates === expected
    ? []
    : [`${id}: map of 4 pages, ${cost.tceInvalidates} invalidations`];
}

function shapesOf(id: string): readonly Shape[] {
  const shapes: Shape[] = [];
  for (let g = 1; g <= 8; g++) for (let u = 1; u <= g; u++) shapes.push({ g, u, f: 1 });
  const isFinerPossible = FAMILIES[id]?.gpaToUa === 'validated';
  return isFinerPossible ? [...shapes, { g: 1, u: 1, f: 16 }, { g: 2, u: 2, f: 16 }] : shapes;
}

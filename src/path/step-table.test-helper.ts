import { TCE_EXCHANGES, TCE_INVALIDATES } from '../cost/operations.js';
import type { ModePolicy } from './revisions/mode-policy.js';
import { type SpecCall, SpecModel } from './spec-model.test-helper.js';
import { SPEC_KERNELS, type SpecColumn, type SpecKernel } from './spec-tables.test-helper.js';
import {
  describeState,
  type Geometry,
  HOLE,
  LIOBN,
  LIST,
  NEW,
  OFFSET,
  OLD,
  SMALL,
  STRADDLING,
  StepRig,
  UA,
  UNREGISTERED,
} from './step-rig.test-helper.js';

/** The entry in the middle of every request. */
const E = 5;
const [R, W, RW] = [1, 2, 3];

/** A step made to fail. `touches`: which hardware table it is done to. */
interface Fault {
  readonly name: string;
  readonly inject: (rig: StepRig, touches: number) => void;
  /** Not of kernels whose userspace view is in linear memory, made with the table. */
  readonly onlyWithLateUserspaceView?: true;
  /** Whether what comes before the first entry is tried under it. */
  readonly meetsEdges?: true;
}

const FAULTS: readonly Fault[] = [
  { name: 'no fault', inject: () => {}, meetsEdges: true },
  { name: 'userspace view missing', inject: ({ tables }, i) => tables[i]?.leaves.fill(0) },
  {
    name: 'userspace view out of reach',
    inject: ({ tables }, i) => tables[i]?.setUserspaceViewReachable(false),
    onlyWithLateUserspaceView: true,
  },
  { name: 'old page out of reach', inject: (rig) => rig.hideFromRealMode(OLD) },
  {
    name: 'exchange fails',
    inject: ({ tables }, i) => {
      const table = tables[i];
      if (table !== undefined) table.failsExchange = true;
    },
  },
  { name: 'region dying', inject: ({ container }) => container.beginUnregister(UA + 2 ** 20, 2 ** 20) },
  { name: 'new region out of reach', inject: (rig) => hideRegion(rig, NEW) },
  { name: 'old region out of reach', inject: (rig) => hideRegion(rig, OLD) },
  { name: 'region of the list out of reach', inject: (rig) => hideRegion(rig, LIST), meetsEdges: true },
  {
    name: 'region of the old mapping gone',
    inject: ({ tables, geometry: { viewShift, tableShift } }, i) => {
      const table = tables[i];
      if (table !== undefined) table.userspaceView[E << (viewShift - tableShift)] = UA + UNREGISTERED;
    },
  },
  {
    name: 'list page absent',
    inject: ({ host }) => host.pages.setPresent(UA + LIST, 4096, false),
    meetsEdges: true,
  },
  {
    name: 'nothing registered',
    inject: ({ host: { preregistered } }) => {
      for (const region of preregistered.regions) preregistered.unlink(region);
    },
    meetsEdges: true,
  },
];

function hideRegion({ host: { preregistered } }: StepRig, gpa: number): void {
  const region = preregistered.lookup(UA + gpa, 1);
  if (region !== null) preregistered.setReachableInRealMode(region, false);
}

/** Which entries around the middle one map the old page before, and how. */
const BEFORE = [
  { name: 'over valid entries', permissions: RW },
  { name: 'over entries that the device may read', permissions: R },
  { name: 'over empty entries', permissions: 0 },
];

interface NamedCall extends SpecCall {
  readonly list?: readonly number[];
}

/** Words for one entry: good ones, and one for each thing that can be wrong with an address. */
const WORDS = [
  NEW + RW,
  NEW + R,
  NEW + W,
  OLD + RW,
  HOLE + RW,
  UNREGISTERED + RW,
  SMALL + RW,
  STRADDLING + R,
  NEW + 0x800 + RW,
  0,
  NEW,
  NEW + 0x804,
  HOLE,
  UNREGISTERED,
  SMALL,
];

const CALL = { liobn: LIOBN, word: 0, npages: 1 };

/** Calls around the middle entry, and calls at the edges of what a handler accepts. */
function callsOf({ viewShift, size }: Geometry): {
  inside: readonly NamedCall[];
  edges: readonly NamedCall[];
} {
  const at = (index: number) => (OFFSET + index) * 2 ** viewShift;
  const put = (index: number, word: number): NamedCall => ({ ...CALL, name: 'put', ioba: at(index), word });
  const list = (index: number, ...words: readonly number[]): NamedCall => ({
    ...CALL,
    name: 'indirect',
    ioba: at(index),
    word: LIST,
    npages: words.length,
    list: words,
  });
  const stuff = (index: number, word: number, npages: number): NamedCall => ({
    ...CALL,
    name: 'stuff',
    ioba: at(index),
    word,
    npages,
  });
  const get = { ...CALL, name: 'get' as const, ioba: at(E) };
  const good = [OLD + RW, NEW + 0x1_0000 + RW] as const;
  const inside = [
    ...WORDS.map((word) => put(E, word)),
    ...WORDS.map((word) => list(E - 1, good[0], word, good[1])),
    ...[HOLE + RW, UNREGISTERED + RW, NEW + R, HOLE].map((word) => list(E, word, good[1])),
    ...[HOLE + RW, UNREGISTERED + RW, NEW + R, 0].map((word) => list(E - 1, good[1], word)),
    ...[0, NEW, NEW + 0x804, RW].map((word) => stuff(E - 1, word, 3)),
    stuff(E, 0, 1),
    get,
  ];
  const edges = [
    ...[-1, size - 1, size].flatMap((index) => [put(index, NEW + R), list(index, NEW + R, NEW + R)]),
    ...[-1, size - 1, size, size + 1].flatMap((index) => [0, 1, 2].map((npages) => stuff(index, 0, npages))),
    { ...list(size), npages: 0 },
    { ...list(size + 1), npages: 0 },
    { ...list(E), npages: 513 },
    { ...list(E, NEW + R), word: LIST + 8 },
    { ...list(E, NEW + R), word: HOLE },
    { ...list(E, NEW + R), word: UNREGISTERED },
    ...[put(E, NEW + R), list(E, NEW + R), stuff(E, 0, 1), get].flatMap((call) => [
      { ...call, ioba: call.ioba + 8 },
      { ...call, liobn: LIOBN + 1 },
    ]),
    { ...get, ioba: at(size) },
  ];
  return { inside, edges };
}

/** In which shape of view and tables a kernel is tried. */
function geometriesOf(kernel: SpecKernel): readonly Geometry[] {
  const base = { name: '4K pages', viewShift: 12, tableShift: 12, backingShift: 12, size: 16, tables: 1 };
  const large = { ...base, name: '64K pages', viewShift: 16, tableShift: 16, backingShift: 16 };
  const all: Geometry[] = [
    base,
    { ...base, name: 'no table', tables: 0 },
    { ...base, name: '2 tables', tables: 2 },
    large,
  ];
  if (kernel.era === 'v3' || kernel.era === 'v3-inner')
    all.push({ ...base, name: 'smaller table', tableSize: 6 });
  if (kernel.era === '4.20') {
    all.push({ ...large, name: '64K pages, table of 4K', tableShift: 12 });
    all.push({ ...base, name: 'leaves on demand', leafShift: 2 });
  }
  if (kernel.viewPagesOnDemand) {
    all.push({ ...base, name: 'view pages on demand', size: 1024, growsOnDemand: true });
  }
  return all;
}

/**
 * Makes every step of every hypercall fail in one mode of a revision and compares code and state with what the tables
 * of the specification say of the revision of that id. Gives the first `most` differences.
 */
export function stepFailures(policy: ModePolicy, id: string, most = 5): readonly string[] {
  const kernel = SPEC_KERNELS[id];
  const column = policy.mode === 0 ? kernel?.virtual : kernel?.real;
  if (kernel === undefined || column === undefined || column === null) return [`no table of ${id}`];
  const trials = allTrials.get(kernel) ?? [...trialsOf(kernel)];
  allTrials.set(kernel, trials);
  const failures: string[] = [];
  for (let i = 0; i < trials.length; i++) {
    // All over the trials, a prime apart, so that a difference is found early wherever it shows.
    const trial = trials[(i * STRIDE) % trials.length] as Trial;
    const failure = compare(policy, kernel, column, trial);
    if (failure !== null) failures.push(failure);
    if (failures.length >= most) break;
  }
  return failures;
}

const STRIDE = 7919;
const allTrials = new Map<SpecKernel, readonly Trial[]>();

/** One call in one state. */
interface Trial {
  readonly geometry: Geometry;
  readonly fault: Fault;
  readonly before: (typeof BEFORE)[number];
  readonly call: NamedCall;
  /** The hardware table that the fault is in. */
  readonly touches: number;
}

function* trialsOf(kernel: SpecKernel): Generator<Trial> {
  for (const geometry of geometriesOf(kernel)) {
    const { inside, edges } = callsOf(geometry);
    for (const fault of FAULTS) {
      if (fault.onlyWithLateUserspaceView && kernel.userspaceViewFromCreation) continue;
      const calls = fault.meetsEdges ? [...inside, ...edges] : inside;
      for (const before of BEFORE) {
        for (const call of calls) {
          for (let touches = 0; touches < Math.max(1, geometry.tables); touches++) {
            yield { geometry, fault, before, call, touches };
          }
        }
      }
    }
  }
}

function compare(
  policy: ModePolicy,
  kernel: SpecKernel,
  column: SpecColumn,
  { geometry, fault, before, call, touches }: Trial,
): string | null {
  const rig = new StepRig(policy, geometry);
  if (before.permissions !== 0) for (const i of [E - 1, E, E + 1]) rig.premap(i, OLD + before.permissions);
  rig.writeList(call.list ?? []);
  fault.inject(rig, touches);
  const expected = rig.state();
  const model = new SpecModel(expected, kernel, column);
  const expectedCode = outcome(() => model.call(call));
  rig.host.counts.fill(0);
  const code = rig.call(call);
  const { [TCE_EXCHANGES]: exchanges, [TCE_INVALIDATES]: invalidates } = rig.host.counts;
  // Later kernels gather their invalidations; formulas hold them.
  const invalidatesEach = kernel.era !== '4.20' || kernel === SPEC_KERNELS['v4.20'];
  const actual = rig.state();
  rig.release();
  const isSame =
    code === expectedCode &&
    (code === 'crash' ||
      (describeState(actual) === describeState(expected) &&
        exchanges === model.exchanges &&
        (!invalidatesEach || invalidates === exchanges))) &&
    (call.name !== 'get' || code !== 0 || rig.value === model.value);
  if (isSame) return null;
  const list = call.list?.map((word) => word.toString(16)).join(' ') ?? '';
  return [
    `${geometry.name}, ${fault.name} (table ${touches}), ${before.name}: ${call.name}`,
    `at ${call.ioba.toString(16)} of ${call.word.toString(16)} x${call.npages} [${list}]`,
    `expected ${expectedCode} and ${model.exchanges} exchanges, got ${code} and ${exchanges}\n  expected ${describeState(expected)}\n  got      ${describeState(actual)}`,
  ].join(' ');
}

function outcome(call: () => number): number | 'crash' {
  try {
    return call();
  } catch (error) {
    if (error instanceof TypeError) throw error;
    return 'crash';
  }
}

import fc from 'fast-check';

/** What a scenario is made of, in few and small parameters, so that a counterexample shrinks to something readable. */
export interface Plan {
  readonly machine: MachinePlan;
  readonly steps: readonly StepPlan[];
}

/** The machine before the first step. */
export interface MachinePlan {
  readonly hostPageShift: 12 | 16;
  readonly pageShift: 12 | 16;
  /** Backing of guest memory: the host page, or 16 MiB. */
  readonly hasHugeBacking: boolean;
  /** log2 of the entries of a window: 3 to 6, or 10. */
  readonly sizeShift: number;
  /** First page of the window. */
  readonly offset: number;
  /** Containers, each with a hardware table for the window and its groups. */
  readonly groups: readonly number[];
  /** Whether the first container's table is shorter than the window. */
  readonly isShort: boolean;
  /** Whether a second LIOBN has the same window. */
  readonly hasSecondLiobn: boolean;
  /** How many regions are registered: A and B are adjacent, C stands alone. */
  readonly regions: number;
  /** Whether user space has mapped something before, so that the userspace views exist. */
  readonly hasUserspaceViews: boolean;
}

/** A page of guest memory: one of 11 units of 64 KiB, the last two in no slot, and a 4 KiB page of it. */
export interface Place {
  readonly unit: number;
  readonly page: number;
}

/** A TCE of a place, with bits that no TCE should have. */
export interface TcePlan {
  readonly place: Place;
  readonly permissions: number;
  readonly stray: number;
}

/** Where a request begins: so many pages behind the start of the window, or before its end. */
export interface EdgePlan {
  readonly edge: 'start' | 'end';
  readonly page: number;
  /** What is added to the address, so that it begins no page. */
  readonly skew: number;
}

const MODES = ['auto', 'real', 'virtual'] as const;
type Mode = (typeof MODES)[number];

interface HcallPlan extends EdgePlan {
  readonly mode: Mode;
  readonly liobn: number;
  readonly isRepeated: boolean;
}

/** One step; it stands for one operation or a few. */
export type StepPlan =
  | ({ readonly kind: 'put'; readonly tce: TcePlan } & HcallPlan)
  | ({ readonly kind: 'stuff'; readonly tce: TcePlan | null; readonly npages: number } & HcallPlan)
  | ({
      readonly kind: 'indirect';
      readonly tces: readonly TcePlan[];
      readonly npages: number;
      readonly list: number;
    } & HcallPlan)
  | ({ readonly kind: 'get' } & HcallPlan)
  | ({
      readonly kind: 'vfioMap';
      readonly place: Place;
      readonly container: number;
      readonly npages: number;
    } & EdgePlan)
  | ({ readonly kind: 'vfioUnmap'; readonly container: number; readonly npages: number } & EdgePlan)
  | {
      readonly kind: 'register' | 'unregister' | 'unregisterBegin';
      readonly region: number;
      readonly container: number;
    }
  | { readonly kind: 'unregisterEnd' }
  | { readonly kind: 'rmPage'; readonly place: Place; readonly available: boolean }
  | { readonly kind: 'rmView'; readonly container: number; readonly available: boolean }
  | { readonly kind: 'groupDel' | 'attach'; readonly group: number; readonly liobn: number }
  | { readonly kind: 'destroyTable' | 'createTable'; readonly liobn: number }
  | { readonly kind: 'memslotDel' | 'teardown' };

/** The kinds of steps. */
export type StepKind = StepPlan['kind'];

/** One of several, with weights; shrinks to the first. */
function weighted<T>(...branches: readonly (readonly [weight: number, arbitrary: fc.Arbitrary<T>])[]) {
  const weights = branches.map(([weight, arbitrary]) => ({ weight, arbitrary }));
  return fc.oneof({ withCrossShrink: true }, ...weights);
}

/** A value that is nearly always the first. */
function mostly<T>(weight: number, first: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return weighted([weight, fc.constant(first)], [1, fc.constantFrom(...others)]);
}

const place: fc.Arbitrary<Place> = fc.record({
  unit: weighted(
    [4, fc.integer({ min: 0, max: 1 })],
    [3, fc.integer({ min: 2, max: 6 })],
    [1, fc.integer({ min: 7, max: 10 })],
  ),
  page: fc.constantFrom(0, 1, 15),
});

const tce: fc.Arbitrary<TcePlan> = fc.record({
  place,
  permissions: weighted([5, fc.constantFrom(3, 1, 2)], [1, fc.constant(0)]),
  stray: mostly(14, 0, 4, 0x800, 0x1000),
});

const edge = {
  edge: mostly(4, 'start' as const, 'end' as const),
  page: weighted([8, fc.integer({ min: 0, max: 3 })], [1, fc.constant(-1)]),
  skew: mostly(30, 0, 1, 0x800),
};

const hcall = {
  ...edge,
  mode: fc.constantFrom(...MODES),
  liobn: mostly(6, 0, 1),
  isRepeated: mostly(3, false, true),
};

const npages = weighted([10, fc.integer({ min: 1, max: 4 })], [1, fc.constantFrom(0, 511, 512, 513)]);

const container = fc.integer({ min: 0, max: 1 });
const group = fc.integer({ min: 0, max: 3 });
const liobn = fc.integer({ min: 0, max: 1 });
const region = { region: fc.integer({ min: 0, max: 2 }), container: fc.constant(0) };
const kindOf = <K extends StepKind>(kind: K) => fc.constant(kind);

const STEPS: Readonly<Record<StepKind, fc.Arbitrary<StepPlan>>> = {
  put: fc.record({ kind: kindOf('put'), tce, ...hcall }),
  stuff: fc.record({
    kind: kindOf('stuff'),
    tce: weighted([5, fc.constant(null)], [1, tce]),
    npages,
    ...hcall,
  }),
  indirect: fc.record({
    kind: kindOf('indirect'),
    tces: fc.array(tce, { minLength: 1, maxLength: 4 }),
    npages,
    list: weighted([6, fc.constant(0)], [1, fc.integer({ min: 1, max: 3 })]),
    ...hcall,
  }),
  get: fc.record({ kind: kindOf('get'), ...hcall }),
  vfioMap: fc.record({
    kind: kindOf('vfioMap'),
    place,
    container,
    npages: fc.integer({ min: 1, max: 2 }),
    ...edge,
  }),
  vfioUnmap: fc.record({
    kind: kindOf('vfioUnmap'),
    container,
    npages: fc.integer({ min: 1, max: 2 }),
    ...edge,
  }),
  register: fc.record({ kind: kindOf('register'), ...region }),
  unregister: fc.record({ kind: kindOf('unregister'), ...region }),
  unregisterBegin: fc.record({ kind: kindOf('unregisterBegin'), ...region }),
  unregisterEnd: fc.record({ kind: kindOf('unregisterEnd') }),
  rmPage: fc.record({
    kind: kindOf('rmPage'),
    place: fc.record({ unit: fc.constantFrom(0, 1), page: fc.constantFrom(0, 1) }),
    available: fc.boolean(),
  }),
  rmView: fc.record({ kind: kindOf('rmView'), container, available: fc.boolean() }),
  groupDel: fc.record({ kind: kindOf('groupDel'), group, liobn }),
  attach: fc.record({ kind: kindOf('attach'), group, liobn }),
  destroyTable: fc.record({ kind: kindOf('destroyTable'), liobn }),
  createTable: fc.record({ kind: kindOf('createTable'), liobn }),
  memslotDel: fc.record({ kind: kindOf('memslotDel') }),
  teardown: fc.record({ kind: kindOf('teardown') }),
};

/** Which kinds of steps come how often where nothing else is asked for. */
export const USUAL: Readonly<Record<StepKind, number>> = {
  put: 8,
  stuff: 4,
  indirect: 8,
  get: 1,
  vfioMap: 2,
  vfioUnmap: 1,
  register: 1,
  unregister: 2,
  unregisterBegin: 1,
  unregisterEnd: 1,
  rmPage: 1,
  rmView: 1,
  groupDel: 1,
  attach: 1,
  destroyTable: 1,
  createTable: 1,
  memslotDel: 1,
  teardown: 1,
};

const machine: fc.Arbitrary<MachinePlan> = fc.record({
  hostPageShift: mostly(7, 12 as const, 16 as const),
  pageShift: mostly(4, 12 as const, 16 as const),
  hasHugeBacking: fc.boolean(),
  sizeShift: weighted([8, fc.integer({ min: 3, max: 6 })], [1, fc.constant(10)]),
  offset: mostly(2, 0, 0x10, 2 ** 39),
  groups: fc.array(weighted([4, fc.integer({ min: 1, max: 2 })], [1, fc.integer({ min: 3, max: 8 })]), {
    minLength: 1,
    maxLength: 2,
  }),
  isShort: mostly(5, false, true),
  hasSecondLiobn: mostly(3, false, true),
  regions: fc.integer({ min: 0, max: 3 }),
  hasUserspaceViews: weighted([1, fc.constant(false)], [4, fc.constant(true)]),
});

/** Memory, group and userspace view of one window, all of it whole. */
const WHOLE_MACHINE: Partial<MachinePlan> = {
  hostPageShift: 12,
  hasHugeBacking: false,
  groups: [1],
  isShort: false,
  hasSecondLiobn: false,
  regions: 3,
  hasUserspaceViews: true,
};

/** Which kinds of steps come how often. */
export type StepWeights = Readonly<Partial<Record<StepKind, number>>>;

/**
 * Plans of at most `maxSteps` steps; `kinds` weighs the kinds of steps, those that it leaves out never come. `isWhole`:
 * nothing of the machine is missing.
 */
export function plans(maxSteps: number, kinds: StepWeights = USUAL, isWhole = false): fc.Arbitrary<Plan> {
  const steps = Object.entries(kinds).map(([kind, weight]) => ({
    weight,
    arbitrary: STEPS[kind as StepKind],
  }));
  const made = isWhole ? machine.map((plan) => ({ ...plan, ...WHOLE_MACHINE })) : machine;
  return fc.record({
    machine: made,
    steps: fc.array(fc.oneof(...steps), { minLength: 1, maxLength: maxSteps }),
  });
}

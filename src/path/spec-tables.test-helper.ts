import { type MmuMode, REAL_MODE, VIRTUAL_MODE } from '../host/mmu-mode.js';

const S = 0;
const CLOSED = 2;
const H = -1;
const P = -4;
const T = 9999;
/** The step does not exist there. */
const GONE = null;

type Code = number | null;
type Columns = readonly [
  v3Rm: Code,
  v3: Code,
  iRm: Code,
  i: Code,
  r412: Code,
  v412: Code,
  r420: Code,
  v420: Code,
];

/** The step of putting one TCE into one hardware table that fails, in order, and the code. */
const MAP = {
  //               v3 RM, VM | interim RM, VM | 4.12 RM, VM | 4.20 RM, VM
  noUserspaceView: [T, T, T, T, T, T, T, T],
  noSlot: [H, H, P, P, P, P, P, P],
  noRegion: [H, H, T, T, T, T, T, T],
  noHostAddress: [H, H, H, H, H, H, T, T],
  userspaceViewOutOfReach: [H, GONE, H, GONE, H, GONE, GONE, GONE],
  regionDying: [H, H, H, H, CLOSED, CLOSED, T, T],
  exchangeFailed: [T, T, T, T, T, H, T, T],
} as const satisfies Record<string, Columns>;

/** Dropping the count of what used to be mapped. */
const MAPPED_DEC = {
  noUserspaceView: [S, H, H, H, T, T, T, T],
  userspaceViewOutOfReach: [S, GONE, T, GONE, H, GONE, GONE, GONE],
  noRegion: [H, H, T, T, T, T, T, T],
} as const satisfies Record<string, Columns>;

/** Clearing one entry: its exchange fails. */
const UNMAP_EXCHANGE: Columns = [H, H, H, H, T, H, T, T];

/** What one mode of one kernel does, as the tables of the specification have it. */
export interface SpecColumn {
  readonly mode: MmuMode;
  readonly map: Readonly<Record<keyof typeof MAP, Code>>;
  readonly mappedDec: Readonly<Record<keyof typeof MAPPED_DEC, Code>>;
  readonly unmapExchange: Code;
  /** Whether virtual mode reads the list by a plain pointer while it works on hardware. */
  readonly plainPointer: boolean;
}

/** Which handlers a kernel has; each era is written out on its own in the naive model. */
export type Era = 'v3' | 'v3-inner' | 'interim' | 'interim-fixed' | '4.12' | '4.20';

/** One revision as the specification describes it. */
export interface SpecKernel {
  readonly era: Era;
  readonly real: SpecColumn | null;
  readonly virtual: SpecColumn;
  /** Whether the window check counts the pages. */
  readonly countsPages: boolean;
  /** Which entry a failing request clears by force. */
  readonly forceClears: 'entry' | 'entry + i';
  readonly viewPagesOnDemand: boolean;
  readonly userspaceViewFromCreation: boolean;
}

function column(place: number, mode: MmuMode, plainPointer = false): SpecColumn {
  const at = <Row extends string>(rows: Record<Row, Columns>) =>
    Object.fromEntries(Object.entries<Columns>(rows).map(([row, codes]) => [row, codes[place]])) as Record<
      Row,
      Code
    >;
  return {
    mode,
    map: at(MAP),
    mappedDec: at(MAPPED_DEC),
    unmapExchange: UNMAP_EXCHANGE[place] as Code,
    plainPointer,
  };
}

const V3_RM = column(0, REAL_MODE);
const V3_VM = column(1, VIRTUAL_MODE, true);
const V420_RM = column(6, REAL_MODE);
const V420_VM = column(7, VIRTUAL_MODE);
/** From about 5.0 on, virtual mode takes a missing userspace view for a success. */
const V50_VM: SpecColumn = { ...V420_VM, mappedDec: { ...V420_VM.mappedDec, noUserspaceView: S } };

const V3: SpecKernel = {
  era: 'v3',
  real: V3_RM,
  virtual: V3_VM,
  countsPages: true,
  forceClears: 'entry',
  viewPagesOnDemand: false,
  userspaceViewFromCreation: false,
};
const INTERIM: SpecKernel = {
  ...V3,
  era: 'interim',
  real: column(2, REAL_MODE),
  virtual: column(3, VIRTUAL_MODE),
};
const V412: SpecKernel = {
  ...V3,
  era: '4.12',
  real: column(4, REAL_MODE),
  virtual: column(5, VIRTUAL_MODE),
  countsPages: false,
};
const V420: SpecKernel = {
  ...V412,
  era: '4.20',
  real: V420_RM,
  virtual: V420_VM,
  userspaceViewFromCreation: true,
};
const V54: SpecKernel = { ...V420, virtual: V50_VM, viewPagesOnDemand: true };

/** Every revision by its id. */
export const SPEC_KERNELS: Readonly<Record<string, SpecKernel>> = {
  v3: V3,
  'v3+C5': V3,
  'v3+C11': { ...V3, virtual: { ...V3_VM, plainPointer: false } },
  'v3+C13': { ...V3, era: 'v3-inner' },
  // C7 and C17, C9, C14, C15 of the review; with the rest of v3's codes it was content.
  'v3+codes': {
    ...V3,
    real: {
      ...V3_RM,
      map: { ...V3_RM.map, noSlot: P, noHostAddress: T, userspaceViewOutOfReach: T },
      mappedDec: { ...V3_RM.mappedDec, noUserspaceView: H, userspaceViewOutOfReach: T },
    },
    virtual: { ...V3_VM, map: { ...V3_VM.map, noSlot: P } },
  },
  interim: INTERIM,
  'interim-fixed': { ...INTERIM, era: 'interim-fixed' },
  'v4.12': V412,
  'v4.12+npages': { ...V412, countsPages: true },
  'v4.20': V420,
  'v5.4': V54,
  'v5.19': { ...V54, real: null, forceClears: 'entry + i' },
};

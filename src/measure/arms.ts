import type { MachineSpec, MachineWindow } from '../path/machine.js';
import type { ExitKind, MeasuredPart } from '../result/measure-document.js';

/** What one arm measures; plain data, sent to the arm's workers. */
export interface ArmSpec {
  readonly id: string;
  readonly path: 'userspace' | 'real';
  readonly multiTce: boolean;
  readonly exit: ExitKind;
  /** What is timed: a whole hypercall, its hand-over alone to handlers that do nothing, or its handler alone. */
  readonly part: MeasuredPart;
  /** Threads that issue hypercalls at once, each on its own part of the window. */
  readonly vcpus: number;
  /** Whether the vCPUs map pages of one region, so that all change one count; else each has its own. */
  readonly sharesRegion: boolean;
  /** Whether tables and counts are changed by atomic steps, as several threads without a lock must. */
  readonly isForManyWriters: boolean;
  /** Entries of one map, and of the unmap that follows it. */
  readonly tcesPerMap: number;
  /** Maps and unmaps timed together: one where each call is long, else as many as take 10 us and more. */
  readonly mapsPerSample: number;
  /** Maps and unmaps done beside them and not counted: a known slow-down, to test the measurement itself. */
  readonly extraMaps: number;
}

/** TCEs of a whole 64 KiB page, the unit of a card's receive buffers on a 64K guest. */
const TCES_OF_A_PAGE = 16;

/** Hypercalls of this many entries take long enough to be timed. */
const TCES_PER_SAMPLE = 256;

/** Calls timed together where another thread must spin, in TCEs. */
const TCES_PER_SPIN_SAMPLE = 16;

const BASE = {
  path: 'userspace',
  multiTce: false,
  exit: 'none',
  part: 'whole',
  vcpus: 1,
  sharesRegion: false,
  isForManyWriters: false,
  tcesPerMap: 1,
  mapsPerSample: TCES_PER_SAMPLE,
  extraMaps: 0,
} as const;

/** The same work as the first arm, in workers of its own: how different identical arms look here. */
export const TWIN_ID = 'single-real/again';

const EXITS: readonly ExitKind[] = ['none', 'lock', 'spin', 'block'];

/** The arms of one vCPU: both paths, every exit, and each hand-over and the handler alone. */
export const MEASURED_ARMS: readonly ArmSpec[] = [
  arm('single-real', { path: 'real' }),
  arm(TWIN_ID, { path: 'real' }),
  ...EXITS.map((exit) => arm(`single-userspace/${exit}`, { exit })),
  ...EXITS.filter((exit) => exit !== 'none').map((exit) => arm(`empty/${exit}`, { exit, part: 'handOver' })),
  arm('handler/userspace', { part: 'handler' }),
  arm('multi-real', { path: 'real', multiTce: true }),
  ...EXITS.map((exit) => arm(`multi-userspace/${exit}`, { exit, multiTce: true })),
];

/**
 * How the paths scale: the in-kernel path with regions of their own and with one region, and the userspace path
 * under the one lock. All in-kernel ones work on tables for several writers, also that of one vCPU. A hand-over to a thread needs two threads for each vCPU and is not among them.
 */
export function vcpuArms(vcpus: number): readonly ArmSpec[] {
  if (vcpus === 1) return [];
  const inKernel = { path: 'real', isForManyWriters: true } as const;
  return [
    arm('single-real/vcpus-1', inKernel),
    arm(`single-real/vcpus-${vcpus}`, { ...inKernel, vcpus }),
    arm(`single-real/shared-region/vcpus-${vcpus}`, { ...inKernel, vcpus, sharesRegion: true }),
    arm(`single-userspace/lock/vcpus-${vcpus}`, { exit: 'lock', vcpus }),
  ];
}

function arm(id: string, own: Partial<ArmSpec>): ArmSpec {
  const spec = { ...BASE, id, ...own };
  const tcesPerMap = spec.multiTce ? TCES_OF_A_PAGE : 1;
  const tces = spec.exit === 'spin' ? TCES_PER_SPIN_SAMPLE : TCES_PER_SAMPLE;
  return { ...spec, tcesPerMap, mapsPerSample: spec.exit === 'block' ? 1 : tces / tcesPerMap };
}

/** Where the guest of each vCPU keeps its TCE list: a page each, from here on. */
const LIST_GPA = 0x10000;
const LIST_BYTES = 0x1000;

export const LIOBN = 0x80000000;

/** IOMMU pages of the window: 1 GiB of 4K pages. */
const WINDOW_ENTRIES = 2 ** 18;
export const PAGE_SHIFT = 12;

/** Guest RAM comes in pieces of the size of the pages behind it; all vCPUs together have about 256 MiB. */
const RAM_PIECE_BYTES = 2 ** 24;
const RAM_PIECES = 16;

/** The most vCPUs that an arm can have. */
export const MAX_VCPUS = 64;

/** The part of the window and of guest RAM that belongs to one vCPU, in IOMMU pages. */
export interface VcpuShare {
  readonly firstEntry: number;
  readonly entries: number;
  readonly firstPage: number;
  readonly pages: number;
  readonly listGpa: number;
}

/** The share of the vCPU of this number. */
export function shareOf({ vcpus }: ArmSpec, vcpu: number): VcpuShare {
  const entries = Math.floor(WINDOW_ENTRIES / vcpus / TCES_OF_A_PAGE) * TCES_OF_A_PAGE;
  const pages = ramBytesPerVcpu(vcpus) >>> PAGE_SHIFT;
  const listGpa = LIST_GPA + vcpu * LIST_BYTES;
  return { firstEntry: vcpu * entries, entries, firstPage: vcpu * pages, pages, listGpa };
}

function ramBytesPerVcpu(vcpus: number): number {
  return Math.max(1, Math.floor(RAM_PIECES / vcpus)) * RAM_PIECE_BYTES;
}

/** The machine of an arm: a 1 GiB window of 4K pages, and its guest's RAM in one region or one for each vCPU. */
export function machineOf(spec: ArmSpec): MachineSpec & { readonly windows: readonly MachineWindow[] } {
  const { vcpus, path, sharesRegion } = spec;
  return {
    ramBytes: vcpus * ramBytesPerVcpu(vcpus),
    regions: sharesRegion ? 1 : vcpus,
    windows: [{ liobn: LIOBN, pageShift: PAGE_SHIFT, offset: 0, size: WINDOW_ENTRIES }],
    path,
    listPages: Array.from({ length: vcpus }, (_, vcpu) => shareOf(spec, vcpu).listGpa),
  };
}

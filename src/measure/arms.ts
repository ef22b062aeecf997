import type { CallStream } from '../papr/call-stream.js';
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
  /** Calls to make again and again; null: the synthetic stream, a map and its unmap at a time. */
  readonly stream: CallStream | null;
  /** TCEs of a call: of every one, or of a stream in the mean. */
  readonly tcesPerCall: number;
  /** Calls of one step, which are never timed apart: a map with its unmap, or one call of a stream. */
  readonly callsPerStep: number;
  /** Steps timed together: few where each call is long, else as many as take 10 us and more. */
  readonly stepsPerSample: number;
  /** Steps done beside them and not counted: a known slow-down, to test the measurement itself. */
  readonly extraSteps: number;
}

/** Calls that are timed together and divided by. */
export function callsPerSample({ callsPerStep, stepsPerSample }: ArmSpec): number {
  return callsPerStep * stepsPerSample;
}

/** TCEs of a whole 64 KiB page, the unit of a card's receive buffers on a 64K guest. */
export const TCES_OF_A_PAGE = 16;

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
  stream: null,
  extraSteps: 0,
} as const;

/** What the id of an arm ends with that does the work of another one in workers of its own: identical arms. */
export const TWIN_SUFFIX = '/again';

const EXITS: readonly ExitKind[] = ['none', 'lock', 'spin', 'block'];
const HAND_OVERS = EXITS.filter((exit) => exit !== 'none');

/** The arms of one vCPU on the synthetic stream: both paths, every exit, and each hand-over and the handler alone. */
export const MEASURED_ARMS: readonly ArmSpec[] = [
  ...pathArms(null, 'single'),
  arm('multi-real', { path: 'real', multiTce: true }),
  ...EXITS.map((exit) => arm(`multi-userspace/${exit}`, { exit, multiTce: true })),
];

/** The same on the calls of a log or a card; `single` or `multi` by whether they are batched. */
export function streamArms(stream: CallStream): readonly ArmSpec[] {
  return pathArms(stream, kindOf(stream));
}

/**
 * How the paths scale: the in-kernel path with regions of their own and with one region, and the userspace path under
 * the one lock, with each exit. All in-kernel ones work on tables for several writers, also that of one vCPU.
 */
export function vcpuArms(vcpus: number, stream: CallStream | null = null): readonly ArmSpec[] {
  if (vcpus === 1) return [];
  const kind = kindOf(stream);
  const common = { multiTce: kind === 'multi', stream };
  const inKernel = { ...common, path: 'real', isForManyWriters: true } as const;
  return [
    arm(`${kind}-real/vcpus-1`, inKernel),
    arm(`${kind}-real/vcpus-${vcpus}`, { ...inKernel, vcpus }),
    arm(`${kind}-real/shared-region/vcpus-${vcpus}`, { ...inKernel, vcpus, sharesRegion: true }),
    ...HAND_OVERS.map((exit) => arm(`${kind}-userspace/${exit}/vcpus-${vcpus}`, { ...common, exit, vcpus })),
  ];
}

/** Batching as arm ids name it. */
export function kindOf(arm: { readonly multiTce: boolean } | null): 'single' | 'multi' {
  return arm?.multiTce === true ? 'multi' : 'single';
}

function pathArms(stream: CallStream | null, kind: 'single' | 'multi'): ArmSpec[] {
  const common = { stream, multiTce: kind === 'multi' };
  return [
    arm(`${kind}-real`, { ...common, path: 'real' }),
    arm(`${kind}-real${TWIN_SUFFIX}`, { ...common, path: 'real' }),
    ...EXITS.map((exit) => arm(`${kind}-userspace/${exit}`, { ...common, exit })),
    ...HAND_OVERS.map((exit) => arm(`empty/${exit}`, { ...common, exit, part: 'handOver' })),
    arm('handler/userspace', { ...common, part: 'handler' }),
  ];
}

function arm(id: string, own: Partial<ArmSpec>): ArmSpec {
  const spec = { ...BASE, id, ...own };
  const { stream, exit, multiTce } = spec;
  const tcesPerMap = multiTce ? TCES_OF_A_PAGE : 1;
  const tcesPerCall = stream === null ? tcesPerMap : stream.tceOps / stream.calls;
  const tces = exit === 'spin' ? TCES_PER_SPIN_SAMPLE : TCES_PER_SAMPLE;
  const callsPerStep = stream === null ? 2 : 1;
  const steps = Math.max(1, Math.round((2 * tces) / tcesPerCall / callsPerStep));
  return { ...spec, tcesPerCall, callsPerStep, stepsPerSample: exit === 'block' ? 2 / callsPerStep : steps };
}

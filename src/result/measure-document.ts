/**
 * How user space gets a hypercall. `none`: no exit, the vCPU's thread calls the handler. `lock`: the vCPU's thread
 * takes the one big lock for the handler, as under QEMU. `spin`: another thread that looks all the time. `block`:
 * another thread that sleeps and must be woken.
 */
export type ExitKind = 'none' | 'lock' | 'spin' | 'block';

/** What of a hypercall is timed: all of it, the hand-over to handlers that do nothing, or the handler alone. */
export type MeasuredPart = 'whole' | 'handOver' | 'handler';

/** Why a measurement ended; the last two leave a partial one. */
export type EndedBy = 'forks' | 'until' | 'maxTime' | 'interrupt' | 'lostWorker';

/** Percentiles of a distribution, in nanoseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Latency of a map with its unmap, issued at a fixed rate whatever the calls before them took. */
export interface PacedLatency {
  /** The intended rate of each vCPU. */
  readonly callsPerSec: number;
  readonly calls: number;
  /** Share of the calls that began later than the next one was due. */
  readonly lateShare: number;
  /** From when the work really began: what a closed loop would have shown. */
  readonly serviceNs: Percentiles;
  /** From when it was due: coordinated omission is corrected. */
  readonly responseNs: Percentiles;
}

/** One arm of a measurement: wall-clock time of our handlers on this machine. */
export interface MeasuredArm {
  readonly id: string;
  readonly clock: 'measured';
  readonly path: 'userspace' | 'real';
  readonly multiTce: boolean;
  readonly exit: ExitKind;
  readonly part: MeasuredPart;
  readonly vcpus: number;
  readonly sharesRegion: boolean;
  /** TCEs set or cleared by one call; of a stream in the mean. */
  readonly tcesPerCall: number;
  /** Calls timed together, a map and its unmap or more: percentiles are of such samples, divided by their calls. */
  readonly callsPerSample: number;
  readonly slices: number;
  readonly calls: number;
  /**
   * One median per slice is the unit of analysis: `median` over slices, `low` and `high` the 95 % interval of that
   * median by order statistics, `p99` the median over slices of each slice's 99th percentile.
   */
  readonly nsPerCall: {
    readonly median: number;
    readonly low: number;
    readonly high: number;
    readonly p99: number;
  };
  /** All vCPUs together, in a closed loop, by the wall clock: what other processes took of the machine counts. */
  readonly callsPerSec: number;
  /** Over all samples of all slices; a closed loop, so this is service time. */
  readonly sampleNsPerCall: Percentiles;
  readonly paced: PacedLatency | null;
}

/** What a comparison of two arms says; `unclear` where there is too little data for a test of this confidence. */
export type ComparisonVerdict = 'more' | 'less' | 'same' | 'unclear';

/** Two arms measured side by side. */
export interface MeasuredComparison {
  readonly metric: 'nsPerCall' | 'callsPerSec';
  readonly base: string;
  readonly arm: string;
  /** `arm / base`, with the interval by the bootstrap over pairs. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly test: string;
  readonly assumption: string;
  readonly p: number;
  readonly pairs: number;
  readonly verdict: ComparisonVerdict;
}

/** Whether an exit costs what its parts cost. */
export interface Additivity {
  readonly arm: string;
  readonly nsPerCall: number;
  readonly handlerNs: number;
  readonly handOverNs: number;
  /** The exit over the sum of its parts. */
  readonly ratio: number;
}

/** What the one lock allows. */
export interface LockBound {
  readonly arm: string;
  /** The handler alone: what must be under the lock. */
  readonly lockedNs: number;
  /** Its share of a whole call of one vCPU. */
  readonly lockedShare: number;
  /** No number of vCPUs gets beyond this. */
  readonly boundCallsPerSec: number;
  readonly callsPerSec: number;
}

/** Calls of a log or of a card, which the arms make again and again. */
export interface MeasuredStream {
  readonly source: string;
  readonly calls: number;
  readonly tcesPerCall: number;
  readonly multiTce: boolean;
}

/** The result of a measurement. */
export interface MeasureDocument {
  readonly schema: 'tcebench.measure/1';
  readonly clock: 'measured';
  readonly version: string;
  /** null: a synthetic stream, a map and its unmap at the next addresses. */
  readonly stream: MeasuredStream | null;
  readonly arms: readonly MeasuredArm[];
  /** Of comparisons and of what is below. */
  readonly confidence: number;
  /** What pairs are made of: medians of whole workers, or of slices, which speak of these workers only. */
  readonly unit: 'fork' | 'slice';
  readonly forks: number;
  readonly comparisons: readonly MeasuredComparison[];
  /** Shares: identical arms differ less than this here; null where too little was measured. */
  readonly noiseFloor: number | null;
  /** The smallest slow-down that four of five such measurements would call different. */
  readonly smallestDetectableChange: number | null;
  readonly additivity: readonly Additivity[];
  readonly lockBounds: readonly LockBound[];
  readonly endedBy: EndedBy;
  readonly partial: boolean;
  readonly warnings: readonly string[];
}

/** The median of one slice of one arm, in the order in which the slices ran. */
export interface MeasuredSlice {
  readonly armId: string;
  /** Which generation of workers. */
  readonly fork: number;
  /** Counted over all forks. */
  readonly slice: number;
  readonly calls: number;
  readonly medianNs: number;
  readonly p99Ns: number;
  readonly callsPerSec: number;
}

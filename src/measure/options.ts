import type { MeasuredStream } from '../result/measure-document.js';
import type { ArmSpec } from './arms.js';
import type { OnWorker } from './vcpu-worker.js';

/** What, how long and in which order to measure. */
export interface MeasureOptions {
  readonly seed: number;
  readonly version: string;
  /** Absent: all of `MEASURED_ARMS`. */
  readonly arms?: readonly ArmSpec[];
  /** Where the calls of the arms come from; absent: the synthetic stream. */
  readonly stream?: MeasuredStream;
  /** What the user should know of them. */
  readonly notes?: readonly string[];
  /** Threads that can run at once here; absent: not known. */
  readonly cores?: number;
  /**
   * How often every arm starts anew, with fresh workers: the same code in another worker may be compiled otherwise
   * and lie elsewhere in memory, so a comparison needs several.
   */
  readonly forks: number;
  /** Slices of each arm in each of its workers that count; warm-up comes before. */
  readonly slices: number;
  readonly sliceMilliseconds: number;
  /**
   * Goes on with new workers until the interval of every arm's median is this narrow, as a share of the median, or
   * {@link maxSeconds} are over; {@link forks} is then the least.
   */
  readonly until?: number;
  readonly maxSeconds?: number;
  /** Also issues calls at this fixed rate, each vCPU, and records their latency from when they were due. */
  readonly callsPerSec?: number;
  /** Ends the measurement after the slice that is under way; complete workers are kept and the result is marked. */
  readonly signal?: AbortSignal;
  /** Told after each fork how many are done, of how many at least. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Told of each worker as it starts; for tests of what happens when one dies. */
  readonly onWorker?: OnWorker;
}

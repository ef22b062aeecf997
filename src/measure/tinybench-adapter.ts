import { Bench } from 'tinybench';
import { MS_TO_NS } from './timer.js';

/** One slice of one arm: wall time of each sample, in nanoseconds. */
export interface SliceTiming {
  readonly samples: number;
  readonly medianNs: number;
  readonly p99Ns: number;
  /** All samples together, and what lay between them. */
  readonly totalMs: number;
  /** Every sample in milliseconds, by rising length. */
  readonly sortedMs: readonly number[];
}

/** So many samples are taken however long they last. */
const LEAST_SAMPLES = 8;

/**
 * Times a synchronous function for about `milliseconds`; the only user of tinybench. `async: false` keeps it from
 * calling it once more to look for a promise. It should take 10 us or more: the timer's grain is 30 ns.
 */
export function timeSlice(sample: () => void, milliseconds: number): SliceTiming {
  const bench = new Bench({
    time: milliseconds,
    iterations: LEAST_SAMPLES,
    warmup: false,
    retainSamples: true,
    throws: true,
  });
  bench.add('slice', sample, { async: false });
  const began = performance.now();
  let ended = began;
  bench.tasks[0]?.addEventListener('cycle', () => {
    ended = performance.now();
  });
  bench.runSync();
  const result = bench.tasks[0]?.result;
  if (result?.state !== 'completed') throw new Error('a timed slice did not complete');
  const { latency } = result;
  return {
    samples: latency.samplesCount,
    medianNs: latency.p50 * MS_TO_NS,
    p99Ns: latency.p99 * MS_TO_NS,
    totalMs: ended - began,
    sortedMs: latency.samples ?? [],
  };
}

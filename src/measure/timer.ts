import { performance } from 'node:perf_hooks';
import { median } from '../stats/quantile.js';

/** Nanoseconds of a millisecond, which Node's clocks count in. */
export const MS_TO_NS = 1e6;

/** The timer that everything here is measured with. */
export interface TimerFacts {
  /** The smallest step between two readings that differ. */
  readonly grainNs: number;
  /** What one reading takes, half the time at most. */
  readonly readNs: number;
}

const READINGS = 20_000;
const BATCHES = 50;

/** Looks at the timer for some ten milliseconds. */
export function timerFacts(now: () => number = () => performance.now()): TimerFacts {
  let grainMs = Number.POSITIVE_INFINITY;
  let last = now();
  for (let i = 0; i < READINGS; i++) {
    const next = now();
    if (next > last) grainMs = Math.min(grainMs, next - last);
    last = next;
  }
  const perBatch = READINGS / BATCHES;
  const batches = Array.from({ length: BATCHES }, () => {
    const began = now();
    for (let i = 1; i < perBatch; i++) now();
    return (now() - began) / perBatch;
  });
  return { grainNs: grainMs * MS_TO_NS, readNs: median(batches) * MS_TO_NS };
}

import { performance } from 'node:perf_hooks';
import type { PacedHistograms } from './arm-histograms.js';
import type { PacedReply } from './protocol.js';
import { MS_TO_NS } from './timer.js';

/**
 * Does `work` at a fixed rate for a while, whatever the time it takes. What comes late begins at once, and its
 * response time counts from the intended moment: a closed loop would simply have asked later, and hidden the wait
 * that everybody behind a stuck call has (coordinated omission). Spins until each moment.
 */
export function paceSlice(
  work: () => void,
  { service, response }: PacedHistograms,
  workPerSec: number,
  milliseconds: number,
  now: () => number = () => performance.now(),
): PacedReply {
  const intervalMs = 1000 / workPerSec;
  const count = Math.max(1, Math.floor(milliseconds / intervalMs));
  const first = now();
  let lateCalls = 0;
  for (let i = 0; i < count; i++) {
    const intended = first + i * intervalMs;
    let start = now();
    if (start - intended > intervalMs) lateCalls++;
    while (start < intended) start = now();
    work();
    const end = now();
    service.record(wholeNs(end - start));
    response.record(wholeNs(end - intended));
  }
  return { calls: count, lateCalls };
}

/** A time as a histogram takes it: whole numbers from 1 on. */
export function wholeNs(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds * MS_TO_NS));
}

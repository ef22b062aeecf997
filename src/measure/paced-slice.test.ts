import { createHistogram } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { paceSlice } from './paced-slice.js';

describe('work at a fixed rate', () => {
  it('counts the wait behind a stuck call, which service time hides', () => {
    // A clock that only the work moves on, and the wait for the next moment by 0.1 ms a look.
    let time = 0;
    let calls = 0;
    const histograms = { service: createHistogram(), response: createHistogram() };
    const work = () => {
      time += calls++ === 2 ? 5 : 0.2;
    };
    const reply = paceSlice(work, histograms, 1000, 10, () => {
      time += 0.0001;
      return time;
    });
    expect(reply.calls).toBe(10);
    // Call 2 takes 5 ms; those due at 3, 4, 5, 6 ms begin 4.0, 3.2, 2.4, 1.6 ms late.
    expect(reply.lateCalls).toBe(4);
    const ms = (histogram: typeof histograms.service, percent: number) => histogram.percentile(percent) / 1e6;
    // One of ten was slow; six of ten had to wait for more than a millisecond.
    expect(ms(histograms.service, 90)).toBeLessThan(0.3);
    expect(ms(histograms.response, 55)).toBeGreaterThan(1);
    expect(ms(histograms.response, 40)).toBeLessThan(1);
    expect(histograms.response.max / 1e6).toBeCloseTo(5, 0);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testRandom } from '../guest/recording-sink.test-helper.js';
import { arrivalsOf } from './arrivals.js';

function times(count: number, arrival: Parameters<typeof arrivalsOf>[0]): number[] {
  const random = testRandom(5);
  const arrivals = arrivalsOf(arrival, () => random() / 2 ** 32);
  return Array.from({ length: count }, () => arrivals.next());
}

describe('arrivals', () => {
  it('of a closed loop are always there', () => {
    expect(times(3, 'closed')).toEqual([0, 0, 0]);
  });

  it('at a fixed rate are even for ever, whatever the rate', () => {
    expect(times(4, { rate: 1e9 / 3 })).toEqual([0, 3000, 6000, 9000]);
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 1e9, noNaN: true }), (rate) => {
        const last = times(10_001, { rate }).at(-1) ?? 0;
        expect(Math.abs(last - (10_000 * 1e12) / rate)).toBeLessThanOrEqual(0.5 + last * 1e-15);
      }),
      { numRuns: 20 },
    );
  });

  it('of a Poisson stream have the mean and the spread of an exponential law', () => {
    const all = times(100_001, { poisson: 1e6 });
    const gaps = all.slice(1).map((time, i) => time - (all[i] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const longer = (factor: number) => gaps.filter((gap) => gap > factor * 1e6).length / gaps.length;
    expect(mean / 1e6).toBeCloseTo(1, 1.7);
    for (const factor of [0.1, 1, 3]) expect(Math.abs(longer(factor) - Math.exp(-factor))).toBeLessThan(0.01);
    expect(gaps.every((gap) => Number.isInteger(gap) && gap >= 0)).toBe(true);
  });

  it('of a source that is on and off come while it is on', () => {
    // 4 in 4 us, then 6 us of silence.
    const all = times(9, { onOff: { rate: 1e6, onNs: 4000, offNs: 6000 } });
    expect(all.map((ps) => ps / 1e6)).toEqual([0, 1, 2, 3, 10, 11, 12, 13, 20]);
  });
});

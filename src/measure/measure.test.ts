import { describe, expect, it } from 'vitest';
import { MEASURED_ARMS } from './arms.js';
import { measure } from './measure.js';

describe('a measurement', () => {
  it('times every arm in each round and reports what it saw, spread included', async () => {
    const { document, slices } = await measure({ seed: 3, slices: 3, sliceMilliseconds: 4, version: 'test' });
    expect(document.clock).toBe('measured');
    expect(document.arms.map(({ id }) => id)).toEqual(MEASURED_ARMS.map(({ id }) => id));
    for (const { nsPerCall, slices: count, calls, id } of document.arms) {
      const own = slices.filter(({ armId }) => armId === id);
      expect(own.map(({ slice }) => slice)).toEqual([0, 1, 2]);
      expect(count).toBe(3);
      expect(calls).toBe(own.reduce((sum, slice) => sum + slice.calls, 0));
      const medians = own.map(({ medianNs }) => medianNs).sort((a, b) => a - b);
      expect(nsPerCall).toMatchObject({ low: medians[0], median: medians[1], high: medians[2] });
      expect(nsPerCall.median).toBeGreaterThan(0);
    }
  });

  it('takes the arms of each round in an order of their own', async () => {
    const { slices } = await measure({ seed: 1, slices: 4, sliceMilliseconds: 1, version: 'test' });
    const rounds = [0, 1, 2, 3].map((round) =>
      slices
        .filter(({ slice }) => slice === round)
        .map(({ armId }) => armId)
        .join(),
    );
    expect(new Set(rounds).size).toBeGreaterThan(1);
  });

  it('keeps and marks what there is when it is interrupted', async () => {
    const interrupt = new AbortController();
    const { document } = await measure({
      seed: 1,
      slices: 50,
      sliceMilliseconds: 1,
      version: 'test',
      signal: interrupt.signal,
      onProgress: (done) => {
        if (done === 4) interrupt.abort();
      },
    });
    expect(document.arms[0]?.slices).toBe(2);
    expect(document.warnings.join()).toContain('interrupted after 2 of 50');
  });
});

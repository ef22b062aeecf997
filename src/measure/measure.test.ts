import { describe, expect, it, vi } from 'vitest';
import { MEASURED_ARMS, vcpuArms } from './arms.js';
import { measure } from './measure.js';
import type { MeasureOptions } from './options.js';

const QUICK = { seed: 3, forks: 1, slices: 3, sliceMilliseconds: 2, version: 'test' };

function armsNamed(...ids: string[]): Pick<MeasureOptions, 'arms'> {
  return { arms: [...MEASURED_ARMS, ...vcpuArms(2)].filter(({ id }) => ids.includes(id)) };
}

/** A busy machine may take its time. */
vi.setConfig({ testTimeout: 240_000 });

describe('a measurement', () => {
  it('times every arm in each round and reports what it saw, spread included', async () => {
    const { arms: all = [] } = armsNamed(
      ...['single-real', 'single-userspace/none', 'single-userspace/lock', 'single-userspace/spin'],
      ...['single-userspace/block', 'empty/lock', 'empty/spin', 'empty/block', 'multi-userspace/block'],
      ...['single-real/shared-region/vcpus-2', 'single-userspace/lock/vcpus-2'],
    );
    const { document, slices, failure } = await measure({ ...QUICK, arms: all, callsPerSec: 10_000 });
    expect(failure).toBeNull();
    expect(document).toMatchObject({ clock: 'measured', endedBy: 'forks', partial: false, unit: 'slice' });
    expect(document.arms.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    for (const { nsPerCall, slices: count, calls, id, clock, paced, vcpus } of document.arms) {
      const own = slices.filter(({ armId }) => armId === id);
      expect(clock).toBe('measured');
      expect(own.map(({ slice }) => slice)).toEqual([0, 1, 2]);
      expect(count).toBe(3);
      expect(calls).toBe(own.reduce((sum, slice) => sum + slice.calls, 0));
      const medians = own.map(({ medianNs }) => medianNs).sort((a, b) => a - b);
      expect(nsPerCall).toMatchObject({ low: medians[0], median: medians[1], high: medians[2] });
      expect(nsPerCall.median).toBeGreaterThan(0);
      // 20 slices of 2 ms at 10,000 calls a second, a map and its unmap each time.
      expect(paced?.calls).toBe(400 * vcpus);
      expect(paced?.responseNs.p50).toBeGreaterThanOrEqual(paced?.serviceNs.p50 as number);
    }
    expect(document.noiseFloor).toBeNull();
    expect(document.warnings.join()).toMatch(/1 forks are too few/);
    expect(document.additivity.map(({ arm }) => arm)).toEqual(
      ['lock', 'spin', 'block'].map((exit) => `single-userspace/${exit}`),
    );
  });

  it('compares fork with fork, and says what it can see', async () => {
    const arms = armsNamed('single-real', 'single-real/again', 'single-userspace/block');
    const { document } = await measure({ ...QUICK, ...arms, forks: 8, slices: 1 });
    expect(document.unit).toBe('fork');
    expect(document.noiseFloor).toBeGreaterThan(0);
    expect(document.smallestDetectableChange).toBeGreaterThan(0);
    const block = document.comparisons.find(({ arm }) => arm === 'single-userspace/block');
    expect(block).toMatchObject({ base: 'single-real', metric: 'nsPerCall', pairs: 8, verdict: 'more' });
  });

  it('takes the arms of each round in an order of their own', async () => {
    const { slices } = await measure({
      ...QUICK,
      slices: 6,
      ...armsNamed('single-real', 'multi-real', 'empty/lock'),
    });
    const rounds = [0, 1, 2, 3, 4, 5].map((round) =>
      slices
        .filter(({ slice }) => slice === round)
        .map(({ armId }) => armId)
        .join(),
    );
    expect(new Set(rounds).size).toBeGreaterThan(1);
  });

  it('keeps complete forks and marks the result when it is interrupted', async () => {
    const interrupt = new AbortController();
    const { document, slices } = await measure({
      ...QUICK,
      ...armsNamed('single-real'),
      forks: 50,
      signal: interrupt.signal,
      onProgress: (done) => {
        if (done === 2) interrupt.abort();
      },
    });
    expect(document).toMatchObject({ endedBy: 'interrupt', partial: true, forks: 2 });
    expect(slices).toHaveLength(6);
    expect(document.warnings.join()).toContain('interrupted after 2 of 50');
  });

  it('ends by the time where the interval does not get narrow', async () => {
    const options = { ...QUICK, ...armsNamed('single-real'), until: 1e-9, maxSeconds: 0.1 };
    const { document } = await measure(options);
    expect(document.endedBy).toBe('maxTime');
    expect(document.warnings.join()).toContain('the time was up');
  });

  it('ends when every interval is narrow enough, not before the forks asked for', async () => {
    const options = {
      ...QUICK,
      ...armsNamed('single-real'),
      forks: 8,
      slices: 1,
      until: 1000,
      maxSeconds: 60,
    };
    const { document } = await measure(options);
    expect(document).toMatchObject({ endedBy: 'until', forks: 8 });
  });
});

describe('a worker that dies in the middle', () => {
  it('is named; what was complete is kept and marked, and no thread is left', async () => {
    const alive = new Set<string>();
    let started = 0;
    const { document, slices, failure } = await measure({
      ...QUICK,
      ...armsNamed('single-real', 'single-userspace/block', 'single-userspace/lock/vcpus-2'),
      forks: 3,
      onWorker: (name, worker) => {
        alive.add(`${name} ${++started}`);
        const self = `${name} ${started}`;
        worker.once('exit', () => alive.delete(self));
        // The second fork's, once it has said that it is ready.
        if (name === 'single-userspace/block' && started > 4) {
          worker.once('message', () => void worker.terminate());
        }
      },
    });
    expect(failure).toContain('single-userspace/block');
    expect(document).toMatchObject({ endedBy: 'lostWorker', partial: true, forks: 1 });
    expect(slices).toHaveLength(9);
    expect(document.warnings.join()).toContain('single-userspace/block');
    expect(alive.size).toBe(0);
  });
});

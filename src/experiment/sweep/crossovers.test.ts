import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArmId, ArmResult } from '../../result/run-document.js';
import type { Crossover, SweepPlan } from '../../result/sweep-document.js';
import { crossoverAxis, crossoverOf, crossoversOf } from './crossovers.js';
import { jobValues } from './plan.js';
import { SweepRates } from './sweep-rates.js';

const at = (slow: number[], fast: number[], values = slow.map((_, i) => i + 1)) =>
  crossoverOf(slow.map((rate, i) => ({ at: values[i] as number, slow: rate, fast: fast[i] as number })));

/** Reads the definitions literally: every value tried as the first and as the last one. */
function naive(slow: readonly number[], fast: readonly number[]): [Crossover['reached'], number | null] {
  const reaches = slow.map((rate, i) => rate >= (fast[i] as number));
  if (reaches.every((is) => is)) return ['all', null];
  if (reaches.every((is) => !is)) return ['none', null];
  for (let i = 0; i < reaches.length; i++) {
    if (reaches.every((is, j) => is === j >= i)) return ['from', i + 1];
    if (reaches.every((is, j) => is === j <= i)) return ['up-to', i + 1];
  }
  return ['several', reaches.findIndex((is) => is) + 1];
}

describe('a crossover', () => {
  it('is what a naive search finds', () => {
    const rate = fc.integer({ min: 1, max: 3 });
    const line = fc.array(fc.tuple(rate, rate), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(line, (points) => {
        const slow = points.map(([rate]) => rate);
        const fast = points.map(([, rate]) => rate);
        const { reached, value, interpolated } = at(slow, fast);
        expect([reached, value]).toEqual(naive(slow, fast));
        expect(interpolated === null).toBe(reached !== 'from' && reached !== 'up-to');
        if (interpolated === null) return;
        const [low, high] = reached === 'from' ? [-1, 0] : [0, 1];
        expect(interpolated).toBeGreaterThanOrEqual((value as number) + low - 1e-9);
        expect(interpolated).toBeLessThanOrEqual((value as number) + high + 1e-9);
      }),
    );
  });

  it('has no tolerance: a rate that is one unit short is not reached', () => {
    expect(at([99, 199], [100, 200]).reached).toBe('none');
    expect(at([99, 200], [100, 200])).toEqual({ reached: 'from', value: 2, interpolated: 2 });
  });

  it('is interpolated exactly where rates are powers of the value', () => {
    // x^2 and 30 x are equal at 30; 1000/x and 10 are equal at 100.
    const values = [1, 10, 100, 1000];
    const rising = at(
      values.map((x) => x * x),
      values.map((x) => 30 * x),
      values,
    );
    expect(rising).toMatchObject({ reached: 'from', value: 100 });
    expect(rising.interpolated).toBeCloseTo(30, 9);
    const falling = at(
      values.map((x) => 2000 / x),
      [10, 10, 10, 10],
      values,
    );
    expect(falling).toMatchObject({ reached: 'up-to', value: 100 });
    expect(falling.interpolated).toBeCloseTo(200, 9);
  });

  it('is interpolated in the value itself from 0', () => {
    const { interpolated } = at([Math.E, 1], [1, Math.E], [0, 10]);
    expect(interpolated).toBeCloseTo(5, 9);
  });
});

describe('the crossovers of a sweep', () => {
  const planOf = (axes: SweepPlan['axes'], mode: SweepPlan['mode'] = 'cartesian') =>
    ({
      axes,
      mode,
      jobs: mode === 'zip' ? axes[0]?.values.length : axes.reduce((n, { values }) => n * values.length, 1),
    }) as SweepPlan;

  it('lie along the last axis of different numbers', () => {
    const text = { key: 't', values: ['a', 'b'] };
    const number = { key: 'n', values: [3, 1, 2] };
    const single = { key: 's', values: [7] };
    expect(crossoverAxis({ axes: [number, text] })).toBe(0);
    expect(crossoverAxis({ axes: [number, { ...number, key: 'm' }] })).toBe(1);
    expect(crossoverAxis({ axes: [number, single] })).toBe(0);
    expect(crossoverAxis({ axes: [text] })).toBe(-1);
    expect(crossoverAxis({ axes: [{ key: 'z', values: [1, 1, 2] }] })).toBe(-1);
  });

  it('hold every other axis, whatever the order of the values, and leave out lines with a hole', () => {
    const plan = planOf([
      { key: 'a', values: ['x', 'y', 'z'] },
      { key: 'n', values: [8, 1, 4, 2] },
      { key: 'b', values: [true, false] },
    ]);
    const rates = new SweepRates(plan.jobs);
    const put = (job: number, id: ArmId, rateBytesPerSec: number) =>
      rates.put(job, [{ id, rateBytesPerSec } as ArmResult]);
    for (let job = 0; job < plan.jobs; job++) {
      const [a, n, b] = jobValues(plan, job) as [string, number, boolean];
      if (a === 'z' && n === 4 && b) continue;
      put(job, 'multi-userspace', n * (a === 'x' ? 10 : 40));
      put(job, 'single-real', b ? 80 : 1000);
    }
    const found = [...crossoversOf(plan, rates)].map(({ at, slow, fast, reached, value }) => [
      at,
      `${slow} ${fast}`,
      reached,
      value,
    ]);
    const pair = 'multi-userspace single-real';
    expect(found).toEqual([
      [{ a: 'x', b: true }, pair, 'from', 8],
      [{ a: 'x', b: false }, pair, 'none', null],
      [{ a: 'y', b: true }, pair, 'from', 2],
      [{ a: 'y', b: false }, pair, 'none', null],
      [{ a: 'z', b: false }, pair, 'none', null],
    ]);
  });

  it('take a plan that zips as one line', () => {
    const plan = planOf(
      [
        { key: 'a', values: ['x', 'y'] },
        { key: 'n', values: [5, 6] },
      ],
      'zip',
    );
    const rates = new SweepRates(2);
    for (const job of [0, 1]) {
      rates.put(job, [
        { id: 'single-virtual', rateBytesPerSec: job } as ArmResult,
        { id: 'single-real', rateBytesPerSec: 1 } as ArmResult,
      ]);
    }
    expect([...crossoversOf(plan, rates)]).toMatchObject([{ key: 'n', at: {}, reached: 'from', value: 6 }]);
  });
});

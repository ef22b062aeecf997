import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fallingRoot } from './falling-root.js';

/** A rate whose time grows with a cost, `1 / (base + count * cost)`, as that of a closed loop does. */
const rateOf = (base: number, count: number) => (cost: number) => 1 / (base + count * cost);

/** Counts how often the function is asked. */
function counted(f: (x: number) => number): { f: (x: number) => number; calls: () => number } {
  let calls = 0;
  const asked = (x: number) => {
    calls++;
    return f(x);
  };
  return { f: asked, calls: () => calls };
}

const positive = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe('the root of a falling function', () => {
  it('is where the closed form of a closed loop has it', () => {
    fc.assert(
      fc.property(
        positive(1, 1000),
        positive(0.01, 100),
        positive(0, 1000),
        positive(1, 1000),
        positive(0, 1),
        (base, count, low, width, share) => {
          const root = low + width * share;
          const value = 1 / (base + count * root);
          const found = fallingRoot(rateOf(base, count), value, low, low + width) as number;
          // A millionth of the time, as a cost.
          expect(Math.abs(found - root)).toBeLessThanOrEqual((1.001e-6 * (base + count * root)) / count);
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });

  it('is found in one step where time is proportional to the cost', () => {
    const { f, calls } = counted(rateOf(0, 2));
    expect(fallingRoot(f, 1 / 600, 0.5, 1e6)).toBeCloseTo(300, 3);
    // Both ends and the step.
    expect(calls()).toBe(3);
  });

  it.each([
    ['an exponential', (x: number) => 5 * Math.exp(-3 * x), (y: number) => Math.log(5 / y) / 3, 0, 4],
    ['a hyperbola', (x: number) => 7 / x, (y: number) => 7 / y, 0.001, 1000],
    ['a root', (x: number) => 1 / Math.sqrt(x), (y: number) => 1 / (y * y), 1e-6, 1e3],
    ['a steep wall', (x: number) => 1 / (1e-3 + x ** 20), (y: number) => (1 / y - 1e-3) ** (1 / 20), 0.5, 3],
    ['a falling line', (x: number) => 10 - x, (y: number) => 10 - y, 0, 9.999],
  ])('%s takes the value there, to a millionth', (_name, f, inverse, low, high) => {
    for (const share of [0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99]) {
      const value = f(low + (high - low) * share);
      const found = fallingRoot(f, value, low, high) as number;
      expect(Math.abs(f(found) / value - 1)).toBeLessThan(1.001e-6);
      expect(Math.abs(found / inverse(value) - 1)).toBeLessThan(1e-4);
    }
  });

  it('needs few steps also where a straight line would crawl towards it from one side', () => {
    const { f, calls } = counted((x) => 1 / (1e-6 + x ** 12));
    const found = fallingRoot(f, 1 / 1e-3, 0, 10) as number;
    expect(found).toBeCloseTo(0.999e-3 ** (1 / 12), 6);
    // Bisection alone would take log2(10 / 1e-7), 27 of them, and every third step is one.
    expect(calls()).toBeLessThan(70);
  });

  it('is null where the value is not taken, and lies within the ends where it is', () => {
    fc.assert(
      fc.property(positive(1, 100), positive(1, 100), positive(0.1, 10), (low, width, factor) => {
        const f = (x: number) => 1000 / x;
        const high = low + width;
        const value = (factor * 1000) / low;
        const found = fallingRoot(f, value, low, high);
        const isTaken = value <= f(low) && f(high) <= value;
        expect(found !== null).toBe(isTaken);
        if (found === null) return;
        expect(found).toBeGreaterThanOrEqual(low);
        expect(found).toBeLessThanOrEqual(high);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('is the end itself where the function comes near enough only just beyond it', () => {
    const f = rateOf(1, 1);
    expect(fallingRoot(f, f(1) * (1 + 5e-7), 1, 2)).toBe(1);
    expect(fallingRoot(f, f(2) * (1 - 5e-7), 1, 2)).toBe(2);
    expect(fallingRoot(f, f(1) * (1 + 2e-6), 1, 2)).toBeNull();
    expect(fallingRoot(f, f(2) * (1 - 2e-6), 1, 2)).toBeNull();
  });

  it('may be as far from the value as was asked, at either end', () => {
    // The first one's 1/f begins at 2, a whole 1 from the value; the second one's ends at 1/2, half of it away.
    expect(fallingRoot((x) => 0.5 * 2 ** -x, 1, 0, 3, 1)).toBe(0);
    expect(fallingRoot((x) => 4 * 2 ** -x, 1, 0, 1, 0.5)).toBe(1);
    expect(fallingRoot((x) => 0.5 * 2 ** -x, 1, 0, 3, 0.999)).toBeNull();
    expect(fallingRoot((x) => 4 * 2 ** -x, 1, 0, 1, 0.499)).toBeNull();
  });

  it('is as near as asked for, and takes fewer steps where less is asked', () => {
    const steps = [1e-2, 1e-4, 1e-9].map((precision) => {
      const { f, calls } = counted((x) => Math.exp(-x));
      const found = fallingRoot(f, 0.2, 0, 5, precision) as number;
      expect(Math.abs(0.2 / Math.exp(-found) - 1)).toBeLessThanOrEqual(precision * 1.001);
      return calls();
    });
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(new Set(steps).size).toBe(3);
  });

  it('is any place where the function does not fall at all but has the value', () => {
    const found = fallingRoot(() => 3, 3, 10, 20);
    expect(found).toBeGreaterThanOrEqual(10);
    expect(found).toBeLessThanOrEqual(20);
    expect(fallingRoot(() => 3, 4, 10, 20)).toBeNull();
    expect(fallingRoot(() => 3, 2, 10, 20)).toBeNull();
  });

  it.each([0.001, 1 / 3, 0.5, 0.875, 0.999])('is followed to a jump over the value, at %d', (jump) => {
    for (const [above, below] of [
      [2, 1],
      [1e6, 1.4],
      [1.6, 1e-6],
    ] as const) {
      const found = fallingRoot((x) => (x < jump ? above : below), 1.5, 0, 1) as number;
      expect(Math.abs(found - jump)).toBeLessThan(1e-7);
    }
  });
});

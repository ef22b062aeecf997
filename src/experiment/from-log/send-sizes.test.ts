import { expect, it } from 'vitest';
import { sendSizes } from './send-sizes.js';

const UNIT = 1448;

it('a list of sends keeps the frequencies and the mean of many, in at most 32 lengths', () => {
  // A quarter of one segment, a half of six, a quarter of twenty.
  const sizes =
    sendSizes(
      new Map([
        [6, 500],
        [1, 250],
        [20, 250],
      ]),
      UNIT,
      (500 * 6 + 250 + 250 * 20) * UNIT,
    ) ?? [];
  expect(sizes).toHaveLength(32);
  const count = (units: number) => sizes.filter((bytes) => bytes === units * UNIT).length;
  expect([count(1), count(6), count(20)]).toEqual([8, 16, 8]);
  // Not sorted: short and long ones take turns.
  expect(sizes).not.toEqual([...sizes].sort((a, b) => a - b));
});

it('the mean is the payload where lengths are off by a little, and every send has a segment', () => {
  const bytes = 1000 * 4.3 * UNIT;
  const sizes =
    sendSizes(
      new Map([
        [1, 500],
        [7, 500],
      ]),
      UNIT,
      bytes,
    ) ?? [];
  const mean = sizes.reduce((sum, of) => sum + of, 0) / sizes.length;
  expect(Math.abs(mean / (4.3 * UNIT) - 1)).toBeLessThan(0.01);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(UNIT);
});

it('equal packets are one length, and lengths that are not those of the payload are none', () => {
  expect(sendSizes(new Map([[45, 9]]), UNIT, 9 * 45 * UNIT)).toEqual([65_160]);
  expect(sendSizes(new Map([[4, 100]]), UNIT, 100 * 9 * UNIT)).toBeNull();
  expect(sendSizes(new Map(), UNIT, 1000)).toBeNull();
});

import { describe, expect, it } from 'vitest';
import { randomStream } from '../sim/streams.js';
import { detectability, POWER } from './detectable-change.js';
import { noise } from './noise.test-helper.js';
import { signedRankTest } from './signed-rank.js';

function pairs(n: number, next: () => number): number[] {
  return Array.from({ length: n }, () => next() - next());
}

const middle = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const drawn = (seed: number) => randomStream(seed, 0, 'detect').nextUnit;

/** Log ratios whose sizes are all the same: the noise that they tell of is known. */
const even = (n: number, size: number) => Array.from({ length: n }, (_, i) => (i % 2 === 0 ? size : -size));

/** A standard deviation is so many medians of the absolute values of a normal distribution: 1 / 0.67449. */
const DEVIATION = 1 / 0.67449;

/** The smallest change as a logarithm, in standard deviations of the noise; the mean over sessions. */
function changeInDeviations(n: number, confidence: number, size = 0.01, sessions = 6): number {
  const changes = Array.from({ length: sessions }, (_, seed) => {
    const found = detectability(even(n, size), confidence, drawn(seed));
    return Math.log1p(found?.smallestDetectableChange ?? Number.NaN);
  });
  return mean(changes) / (DEVIATION * size);
}

describe('the smallest detectable change', () => {
  it('is the one of theory where pairs tell something only if all point one way', () => {
    // Six pairs at 1 - 2 / 2^6. Phi(1.793) = 0.9635 by the table, and 0.9635^6 = 0.8.
    expect(Math.abs(changeInDeviations(6, 1 - 2 / 64) / 1.793 - 1)).toBeLessThan(0.03);
    // Four pairs at 1 - 2 / 2^4: Phi(1.604) = 0.9457, and 0.9457^4 = 0.8.
    expect(Math.abs(changeInDeviations(4, 1 - 2 / 16) / 1.604 - 1)).toBeLessThan(0.03);
  });

  it('is seen in four of five trials of ten pairs of normal noise', () => {
    const change = changeInDeviations(10, 0.99);
    const next = randomStream(5, 0, 'trials').nextUnit;
    // Twelve uniform ones less six: mean 0, variance 1, near enough to normal.
    const normal = () => Array.from({ length: 12 }, next).reduce((sum, unit) => sum + unit, -6);
    const trials = Array.from({ length: 4000 }, () => Array.from({ length: 10 }, () => normal() + change));
    // The published table: at 1 % the smaller sum of ranks of ten pairs is 3 at most.
    const isSeen = (trial: readonly number[]) => {
      const bySize = [...trial].sort((a, b) => Math.abs(a) - Math.abs(b));
      const negative = bySize.reduce((sum, value, i) => sum + (value < 0 ? i + 1 : 0), 0);
      return Math.min(negative, 55 - negative) <= 3;
    };
    const seen = trials.filter(isSeen).length / trials.length;
    expect(POWER).toBe(4 / 5);
    expect(Math.abs(seen - 4 / 5)).toBeLessThan(0.02);
  });

  it('grows with the noise, and is none where there is no noise', () => {
    // The same random numbers, so the same trials but for their scale.
    const [once, twentyfold] = [0.01, 0.2].map((size) => changeInDeviations(8, 0.99, size, 1));
    expect(twentyfold).toBeCloseTo(once as number, 3);
    const still = detectability(even(8, 0), 0.99, drawn(1));
    expect(still?.noiseFloor).toBe(0);
    expect(still?.smallestDetectableChange).toBeLessThan(1e-6);
  });

  it('is not decided by one odd pair of ten', () => {
    const [, ...others] = even(10, 0.01);
    expect(detectability([5, ...others], 0.99, drawn(2))?.smallestDetectableChange).toBe(
      detectability(even(10, 0.01), 0.99, drawn(2))?.smallestDetectableChange,
    );
  });

  it('is unknown where no test could show anything, and known from the first number of pairs that can', () => {
    // 2 of 2^n signs are the most extreme: 2 / 2^7 is more than 1 %, 2 / 2^8 is less.
    expect(detectability(even(7, 0.01), 0.99, drawn(1))).toBeNull();
    expect(detectability(even(8, 0.01), 0.99, drawn(1))?.smallestDetectableChange).toBeLessThan(0.1);
  });

  it('is seen also in noise with spikes, and half of it is mostly missed', () => {
    const next = noise('trials');
    const changes = Array.from({ length: 5 }, (_, seed) => detectability(pairs(10, next), 0.99, drawn(seed)));
    const change = middle(changes.map((one) => one?.smallestDetectableChange ?? Number.NaN));
    const seenOf = (added: number) => {
      const trials = Array.from({ length: 500 }, () =>
        pairs(10, next).map((value) => value + Math.log1p(added)),
      );
      return trials.filter((trial) => signedRankTest(trial).p <= 0.01).length / trials.length;
    };
    expect(seenOf(change)).toBeGreaterThan(0.5);
    expect(seenOf(change / 2)).toBeLessThan(0.5);
    // And nothing is called different more often than is said.
    expect(seenOf(0)).toBeLessThan(0.02);
  });
});

/** How often at least five of nine draws are of a kind that one draw is of with a chance of `p`. */
function mostOfNine(p: number): number {
  const ways = [126, 84, 36, 9, 1];
  return ways.reduce((sum, count, i) => sum + count * p ** (5 + i) * (1 - p) ** (4 - i), 0);
}

describe('the noise floor', () => {
  const mixed = (large: number) => [
    ...Array<number>(large).fill(-Math.log(1.2)),
    ...Array<number>(9 - large).fill(Math.log(1.1)),
  ];

  it('is what medians of drawn pairs stay below as often as theory has it', () => {
    // The median of nine draws with random signs is a large one where five are so, to the same side.
    expect(2 * mostOfNine(6 / 18)).toBeGreaterThan(0.25);
    expect(detectability(mixed(6), 0.75, drawn(3))?.noiseFloor).toBeCloseTo(0.2, 9);
    expect(2 * mostOfNine(5 / 18)).toBeLessThan(0.2);
    expect(detectability(mixed(5), 0.8, drawn(3))?.noiseFloor).toBeCloseTo(0.1, 9);
    expect(2 * mostOfNine(3 / 18)).toBeLessThan(0.03);
    expect(detectability(mixed(3), 0.95, drawn(3))?.noiseFloor).toBeCloseTo(0.1, 9);
    expect(detectability(even(9, Math.log(1.5)), 0.99, drawn(3))?.noiseFloor).toBeCloseTo(0.5, 9);
  });

  it('is where the medians of identical arms stay', () => {
    const next = noise('trials');
    const found = Array.from({ length: 5 }, (_, seed) => detectability(pairs(10, next), 0.99, drawn(seed)));
    const floor = middle(found.map((one) => one?.noiseFloor ?? Number.NaN));
    const sizes = Array.from({ length: 500 }, () => Math.abs(middle(pairs(10, next))));
    expect(sizes.filter((size) => size < Math.log1p(floor)).length).toBeGreaterThan(470);
    expect(sizes.filter((size) => size < Math.log1p(floor / 2)).length).toBeLessThan(470);
  });
});

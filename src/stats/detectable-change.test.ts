import { describe, expect, it } from 'vitest';
import { randomStream } from '../sim/streams.js';
import { pairedRatio, unpairedRatio } from './bootstrap-ratio.js';
import { detectability, POWER } from './detectable-change.js';
import { signedRankTest } from './signed-rank.js';

/** Noise with a spike now and then, as a machine makes it. */
function noise(name: string, spikes = 0.05): () => number {
  const { nextUnit } = randomStream(11, 0, name);
  const normal = () => Math.sqrt(-2 * Math.log(1 - nextUnit())) * Math.cos(2 * Math.PI * nextUnit());
  return () => 0.02 * normal() + (nextUnit() < spikes ? 0.3 * nextUnit() : 0);
}

function pairs(n: number, next: () => number): number[] {
  return Array.from({ length: n }, () => next() - next());
}

describe('what can be told from noise', () => {
  const next = noise('trials');
  // Of many sessions, so that the figures are those of the noise and not of one draw of it.
  const found = Array.from({ length: 30 }, (_, i) =>
    detectability(pairs(10, next), 0.99, randomStream(i, 0, 'detect').nextUnit),
  );
  const middle = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
  const change = middle(found.map((one) => one?.smallestDetectableChange ?? Number.NaN));
  const floor = middle(found.map((one) => one?.noiseFloor ?? Number.NaN));
  const seenOf = (added: number, draw = next) => {
    const trials = Array.from({ length: 500 }, () =>
      pairs(10, draw).map((value) => value + Math.log1p(added)),
    );
    return trials.filter((trial) => signedRankTest(trial).p <= 0.01).length / trials.length;
  };

  it('sees a change of the smallest detectable size, and mostly misses half of it', () => {
    expect(seenOf(change)).toBeGreaterThan(0.5);
    expect(seenOf(change / 2)).toBeLessThan(0.5);
  });

  it('promises what it keeps where no pair is odd', () => {
    const quiet = noise('quiet', 0);
    const changes = Array.from({ length: 30 }, (_, i) => {
      const one = detectability(pairs(10, quiet), 0.99, randomStream(i, 0, 'detect').nextUnit);
      return one?.smallestDetectableChange ?? Number.NaN;
    });
    const seen = seenOf(middle(changes), quiet);
    expect(Math.abs(seen - POWER)).toBeLessThan(0.2);
  });

  it('calls nothing different more often than it says', () => {
    expect(seenOf(0)).toBeLessThan(0.02);
  });

  it('puts the noise floor where identical arms stay', () => {
    const sizes = Array.from({ length: 500 }, () => Math.abs(middle(pairs(10, next))));
    expect(sizes.filter((size) => size < Math.log1p(floor)).length).toBeGreaterThan(470);
    expect(floor).toBeLessThan(change * 2);
  });

  it('says nothing where no test could', () => {
    expect(detectability(pairs(7, next), 0.99, () => 0.5)).toBeNull();
  });
});

function logRatios(a: readonly number[], b: readonly number[]): number[] {
  return b.map((value, i) => Math.log(value / (a[i] as number)));
}

describe('the interval of a ratio', () => {
  const options = (i: number) => ({
    random: randomStream(i, 0, 'ratio').nextUnit,
    confidence: 0.95,
    resamples: 400,
  });

  it('holds the true ratio about as often as it says', () => {
    const next = noise('ratio');
    const paired: typeof unpairedRatio = (a, b, drawn) => pairedRatio(logRatios(a, b), drawn);
    const holds = [paired, unpairedRatio].map((interval) => {
      const runs = Array.from({ length: 200 }, (_, i) => {
        const a = Array.from({ length: 15 }, () => 100 * Math.exp(next()));
        const b = Array.from({ length: 15 }, () => 300 * Math.exp(next()));
        const { low, high } = interval(a, b, options(i));
        return low <= 3 && 3 <= high;
      });
      return runs.filter(Boolean).length / runs.length;
    });
    for (const share of holds) expect(share).toBeGreaterThan(0.88);
    for (const share of holds) expect(share).toBeLessThan(1);
  });

  it('does not see what disturbs both halves of a pair', () => {
    const load = [1, 5, 2, 9, 1, 3, 7, 1, 4, 6];
    const twice = load.map((x) => 2 * x);
    const { ratio, low, high } = pairedRatio(logRatios(load, twice), options(1));
    for (const value of [ratio, low, high]) expect(value).toBeCloseTo(2, 9);
    const unpaired = unpairedRatio(
      load,
      load.map((x) => 2 * x),
      options(1),
    );
    expect(unpaired.high - unpaired.low).toBeGreaterThan(1);
  });
});

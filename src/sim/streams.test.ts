import { describe, expect, it } from 'vitest';
import { randomStream } from './streams.js';

describe('a named random stream', () => {
  it('gives the same numbers for the same name, others for another seed, run or name', () => {
    const first = (seed: number, run: number, name: string) => randomStream(seed, run, name).nextUint32();
    expect(first(1, 1, 'a')).toBe(first(1, 1, 'a'));
    expect(new Set([first(1, 1, 'a'), first(2, 1, 'a'), first(1, 2, 'a'), first(1, 1, 'b')]).size).toBe(4);
  });

  it('does not let neighbouring seeds give neighbouring numbers', () => {
    const units = Array.from({ length: 2000 }, (_, seed) => randomStream(seed, 0, 'x').nextUnit());
    const mean = units.reduce((sum, u) => sum + u, 0) / units.length;
    let lagged = 0;
    let variance = 0;
    for (let i = 0; i < units.length; i++) {
      const deviation = (units[i] as number) - mean;
      variance += deviation ** 2;
      if (i > 0) lagged += deviation * ((units[i - 1] as number) - mean);
    }
    expect(mean).toBeCloseTo(0.5, 1);
    expect(Math.abs(lagged / variance)).toBeLessThan(0.08);
  });
});

import { describe, expect, it } from 'vitest';
import { judge } from './judge.js';

/** So many rates below, inside and above the band 10..20. */
function rates(below: number, inside: number, above: number): Float64Array {
  const of = (count: number, rate: number) => new Array<number>(count).fill(rate);
  return Float64Array.from([...of(below, 5), ...of(inside, 15), ...of(above, 25)]);
}

describe('a band is judged by where the predictions lie', () => {
  it.each([
    [rates(50, 50, 0), 'inside'],
    [rates(51, 49, 0), 'undecided'],
    [rates(0, 10, 90), 'above'],
    [rates(0, 11, 89), 'undecided'],
    [rates(90, 10, 0), 'below'],
    [rates(40, 20, 40), 'undecided'],
    [rates(0, 0, 0), 'cannot'],
    [rates(0, 0, 19), 'undecided'],
  ] as const)('case %#: %s', (predicted, verdict) => {
    expect(judge(predicted, [10, 20]).verdict).toBe(verdict);
  });

  it('with both ends in the band, and shares that add up', () => {
    const { below, inside, above } = judge(Float64Array.of(9.99, 10, 20, 20.01), [10, 20]);
    expect([below, inside, above]).toEqual([0.25, 0.5, 0.25]);
  });
});

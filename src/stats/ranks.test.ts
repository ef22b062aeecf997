import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { midRanks } from './ranks.js';

describe('the ranks of values', () => {
  it('are their places in rising order, from 1 on, and equal ones share the mean of theirs', () => {
    expect([...midRanks([30, 10, 20])]).toEqual([3, 1, 2]);
    expect([...midRanks([5, 1, 5, 9, 5])]).toEqual([3, 1, 3, 5, 3]);
    expect([...midRanks([2, 2, 1, 1])]).toEqual([3.5, 3.5, 1.5, 1.5]);
    expect([...midRanks([])]).toEqual([]);
  });

  it('count the values below each and half of those like it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 12 }), { maxLength: 40 }), (values) => {
        const naive = values.map((value) => {
          const below = values.filter((other) => other < value).length;
          const same = values.filter((other) => other === value).length;
          return below + (same + 1) / 2;
        });
        expect([...midRanks(values)]).toEqual(naive);
      }),
      { seed: 6, numRuns: 200 },
    );
  });
});

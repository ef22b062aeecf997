import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CallSizes } from './call-sizes.js';
import { Lifetimes } from './lifetimes.js';

it('a quantile is the smallest lifetime that at least that share of all do not exceed', () => {
  const lifetime = fc.oneof(
    fc.integer({ min: 1, max: 300 }),
    fc.constantFrom(255, 256, 1_000_000, 4_000_000),
  );
  fc.assert(
    fc.property(fc.array(lifetime), fc.array(lifetime), (first, second) => {
      const [counted, added] = [new Lifetimes(), new Lifetimes()];
      for (const calls of first) counted.add(calls);
      for (const calls of second) added.add(calls);
      counted.addAll(added);
      const all = [...first, ...second];
      const naive = (p: number) => {
        const candidates = all.filter(
          (value) => all.filter((other) => other <= value).length >= p * all.length,
        );
        return all.length === 0 ? null : Math.min(...candidates);
      };
      expect(counted.quantiles()).toEqual({ p10: naive(0.1), median: naive(0.5), p90: naive(0.9) });
    }),
  );
});

it('calls are counted by their size, however large', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 1, 2, 511, 512, 513, 262144)), (sizes) => {
      const [half, rest] = [new CallSizes(), new CallSizes()];
      for (const [i, size] of sizes.entries()) (i % 2 === 0 ? half : rest).add(size);
      half.addAll(rest);
      const naive = Object.fromEntries(
        sizes.map((size) => [size, sizes.filter((other) => other === size).length]),
      );
      expect(half.counts).toEqual(naive);
    }),
  );
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DurationHistogram } from './duration-histogram.js';

it('a quantile of counted durations is that of the sorted list, to a part in 1024', () => {
  const duration = fc.oneof(fc.nat({ max: 2000 }), fc.maxSafeNat(), fc.constantFrom(1023, 1024, 2 ** 40));
  fc.assert(
    fc.property(
      fc.array(duration, { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (all, p) => {
        const histogram = new DurationHistogram();
        for (const each of all) histogram.add(each);
        const sorted = [...all].sort((a, b) => a - b);
        const exact = sorted[Math.max(0, Math.ceil(p * all.length) - 1)] as number;
        const found = histogram.quantilePs(p) as number;
        expect(found).toBeLessThanOrEqual(exact);
        expect(found).toBeGreaterThanOrEqual(exact < 1024 ? exact : exact * (1 - 1 / 1024));
      },
    ),
  );
});

it('nothing counted has no quantile', () => {
  expect(new DurationHistogram().quantilePs(0.5)).toBeNull();
});

import { describe, expect, it } from 'vitest';
import { randomStream } from '../sim/streams.js';
import { sobolIndices } from './sobol-indices.js';

function points(count: number, inputs: number, name: string): Float64Array[] {
  const stream = randomStream(1, 1, name);
  return Array.from({ length: count }, () => Float64Array.from({ length: inputs }, () => stream.nextUnit()));
}

describe('variance-based indices', () => {
  it("are those of Ishigami's function, whose indices are known", () => {
    const [a, b] = [7, 0.1];
    const ishigami = (point: Float64Array): number => {
      const [x1, x2, x3] = [...point].map((u) => (2 * u - 1) * Math.PI) as [number, number, number];
      return Math.sin(x1) + a * Math.sin(x2) ** 2 + b * x3 ** 4 * Math.sin(x1);
    };
    // The moments by integration: Ishigami and Homma, 1990.
    const v1 = 0.5 * (1 + (b * Math.PI ** 4) / 5) ** 2;
    const v2 = a ** 2 / 8;
    const v13 = b ** 2 * Math.PI ** 8 * (1 / 18 - 1 / 50);
    const variance = v1 + v2 + v13;
    const found = sobolIndices(ishigami, 3, points(16384, 3, 'a'), points(16384, 3, 'b'));
    const near = (got: readonly number[], expected: readonly number[]) =>
      expect(Math.max(...got.map((index, i) => Math.abs(index - (expected[i] as number))))).toBeLessThan(
        0.03,
      );
    near(found.firstOrder, [v1 / variance, v2 / variance, 0]);
    near(found.total, [(v1 + v13) / variance, v2 / variance, v13 / variance]);
    expect(Math.abs(found.variance / variance - 1)).toBeLessThan(0.03);
    expect(Math.abs(found.mean - a / 2)).toBeLessThan(0.05);
  });

  it('are 0 for a function that does not vary', () => {
    const { firstOrder, total } = sobolIndices(() => 3, 2, points(8, 2, 'a'), points(8, 2, 'b'));
    expect([firstOrder, total]).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});

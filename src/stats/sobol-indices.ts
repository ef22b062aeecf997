/** How much of the variance of a function each input carries. */
export interface SobolIndices {
  /** The share that the input carries alone. */
  readonly firstOrder: readonly number[];
  /** The share that would be gone if the input were known: alone and together with others. */
  readonly total: readonly number[];
  readonly mean: number;
  readonly variance: number;
}

/**
 * Variance-based indices of a function of `inputs` numbers in [0, 1), from two independent sets of points `a` and `b`
 * of the same length, by Jansen's estimators (Saltelli et al., Computer Physics Communications 181, 2010). It calls
 * `f` `(inputs + 2)` times for each pair of points. A function that does not vary has indices of 0.
 */
export function sobolIndices(
  f: (point: Float64Array) => number,
  inputs: number,
  a: readonly Float64Array[],
  b: readonly Float64Array[],
): SobolIndices {
  const atA = Float64Array.from(a, (point) => f(point));
  const atB = Float64Array.from(b, (point) => f(point));
  const { mean, variance } = moments(atA, atB);
  const firstOrder: number[] = [];
  const total: number[] = [];
  const mixed = new Float64Array(inputs);
  for (let input = 0; input < inputs; input++) {
    let toB = 0;
    let toA = 0;
    for (const [k, pointA] of a.entries()) {
      mixed.set(pointA);
      mixed[input] = (b[k] as Float64Array)[input] as number;
      const at = f(mixed);
      toB += ((atB[k] as number) - at) ** 2;
      toA += ((atA[k] as number) - at) ** 2;
    }
    firstOrder.push(variance === 0 ? 0 : 1 - toB / (2 * a.length * variance));
    total.push(variance === 0 ? 0 : toA / (2 * a.length * variance));
  }
  return { firstOrder, total, mean, variance };
}

function moments(...samples: readonly Float64Array[]): { mean: number; variance: number } {
  const all = samples.flatMap((sample) => [...sample]);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length;
  return { mean, variance };
}

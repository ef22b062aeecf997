import { quantileSorted } from 'simple-statistics';

/** Numbers in rising order; made by {@link sortSamples} only. */
export type SortedSamples = Float64Array & { readonly __sorted: true };

/** A sorted copy. */
export function sortSamples(samples: Iterable<number>): SortedSamples {
  return Float64Array.from(samples).sort() as SortedSamples;
}

/** The value below which a share `p` of the samples lies. */
export function quantile(samples: SortedSamples, p: number): number {
  return quantileSorted(samples as unknown as number[], p);
}

/** The middle of some samples, in any order. */
export function median(samples: Iterable<number>): number {
  return quantile(sortSamples(samples), 0.5);
}

/** The value that a share `p` of all weight does not exceed; `order` lists the indices by rising value. */
export function weightedQuantile(
  values: ArrayLike<number>,
  weights: ArrayLike<number>,
  order: readonly number[],
  p: number,
): number | null {
  let total = 0;
  for (const i of order) total += weights[i] as number;
  if (total === 0) return null;
  let seen = 0;
  for (const i of order) {
    seen += weights[i] as number;
    if (seen >= p * total) return values[i] as number;
  }
  return null;
}

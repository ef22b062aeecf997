/** Where the value of a constant comes from. `given`: set by hand by the user. */
export type Origin = 'measured' | 'cited' | 'derived' | 'assumed' | 'given';

/** What a constant counts: a time, for each of something where so written, or a share between 0 and 1. */
export type CostUnit = 'ns' | 'ns/packet' | 'ns/B' | 'ns/transaction' | 'share';

/** One number of a cost profile, with how much of it is known. Low and high bound what it may be. */
export interface Constant {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly unit: CostUnit;
  readonly origin: Origin;
  readonly source: string;
}

/**
 * A constant that nobody measured. Its value is not chosen but follows from the range: the geometric mean, or
 * the arithmetic one where the range begins at 0.
 */
export function assumed(low: number, high: number, source: string, unit: CostUnit = 'ns'): Constant {
  return { value: middleOf(low, high), low, high, unit, origin: 'assumed', source };
}

/** The middle of a range of which nothing else is known. */
export function middleOf(low: number, high: number): number {
  return low === 0 ? high / 2 : Math.sqrt(low * high);
}

/** A constant with a published value. */
export function known(
  origin: 'measured' | 'cited' | 'derived',
  value: number,
  low: number,
  high: number,
  source: string,
): Constant {
  return { value, low, high, unit: 'ns', origin, source };
}

/** A constant without uncertainty: what the user set by hand, or a nothing. */
export function exactly(value: number, origin: Origin, source: string, unit: CostUnit = 'ns'): Constant {
  return { value, low: value, high: value, unit, origin, source };
}

/**
 * The constant at a point of its range, `u` in [0, 1): log-uniform where the range spans more than a factor of
 * three, else uniform. A range that begins at 0 has no logarithm and is uniform.
 */
export function constantAt(constant: Constant, u: number): number {
  const { low, high } = constant;
  if (low > 0 && high / low > 3) return low * (high / low) ** u;
  return low + (high - low) * u;
}

/** Where the value of a constant comes from. `given`: set by hand by the user. */
export type Origin = 'measured' | 'cited' | 'derived' | 'assumed' | 'given';

/** One number of a cost profile, with how much of it is known. Low and high bound what it may be. */
export interface Constant {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly unit: 'ns';
  readonly origin: Origin;
  readonly source: string;
}

/**
 * A constant that nobody measured. Its value is not chosen but follows from the range: the geometric mean, or
 * the arithmetic one where the range begins at 0.
 */
export function assumed(low: number, high: number, source: string): Constant {
  const value = low === 0 ? high / 2 : Math.sqrt(low * high);
  return { value, low, high, unit: 'ns', origin: 'assumed', source };
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
export function exactly(value: number, origin: Origin, source: string): Constant {
  return { value, low: value, high: value, unit: 'ns', origin, source };
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

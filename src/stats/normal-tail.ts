import { errorFunction } from 'simple-statistics';

/** The share of a standard normal distribution above `z`, to 10^-7; `z` below 0 counts as 0. */
export function normalTail(z: number): number {
  return z <= 0 ? 0.5 : (1 - errorFunction(z / Math.SQRT2)) / 2;
}

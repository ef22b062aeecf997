import type { MeasuredSlice } from '../result/measure-document.js';
import { MIN_SAMPLES_FOR_INTERVAL, medianInterval } from '../stats/median-interval.js';
import { median, sortSamples } from '../stats/quantile.js';

/** Of every comparison of what was measured. */
export const CONFIDENCE = 0.99;

/** Forks that a test of this confidence needs. */
export const MIN_FORKS = 8;

/** What of a slice is compared. */
export type SliceFigure = (slice: MeasuredSlice) => number;

/** Nanoseconds of a call. */
export const NS_PER_CALL: SliceFigure = ({ medianNs }) => medianNs;

/** Calls a second of all vCPUs. */
export const CALLS_PER_SEC: SliceFigure = ({ callsPerSec }) => callsPerSec;

/**
 * The values of an arm that comparisons rest on: one median for each fork where there are forks enough for a test of
 * 99 %, else one for each slice, which then speak of these workers only.
 */
export function unitsOf(
  slices: readonly MeasuredSlice[],
  armId: string,
  figure: SliceFigure = NS_PER_CALL,
): number[] {
  const own = slices.filter((slice) => slice.armId === armId);
  if (!hasForkUnits(slices)) return own.map(figure);
  return byFork(own, figure).map((values) => median(values));
}

/**
 * The natural logarithms of `arm / base`, one for each fork, else one for each round. Slices of one round ran within a
 * moment of each other, so what slowed the machine down for longer, to half its speed on a shared one, slowed both
 * and cancels; the median over the rounds of a fork forgets those where it fell on one of them.
 */
export function logRatiosOf(
  slices: readonly MeasuredSlice[],
  baseId: string,
  armId: string,
  figure: SliceFigure = NS_PER_CALL,
): number[] {
  const bases = new Map(
    slices.filter((slice) => slice.armId === baseId).map((slice) => [slice.slice, slice]),
  );
  const rounds = slices.flatMap((slice) => {
    const base = slice.armId === armId ? bases.get(slice.slice) : undefined;
    return base === undefined ? [] : [{ fork: slice.fork, log: Math.log(figure(slice) / figure(base)) }];
  });
  if (!hasForkUnits(slices)) return rounds.map(({ log }) => log);
  return byFork(rounds, ({ log }) => log).map((logs) => median(logs));
}

/** A figure of what was measured, in its order, for each fork. */
export function byFork<T extends { readonly fork: number }>(
  measured: readonly T[],
  figure: (one: T) => number,
): readonly (readonly number[])[] {
  const forks = new Map<number, number[]>();
  for (const one of measured) forks.set(one.fork, [...(forks.get(one.fork) ?? []), figure(one)]);
  return [...forks.values()];
}

/** Whether the unit of comparisons is the fork. */
export function hasForkUnits(slices: readonly MeasuredSlice[]): boolean {
  return new Set(slices.map(({ fork }) => fork)).size >= MIN_FORKS;
}

/** The width of the widest 95 % interval of an arm's median, as a share of the median. */
export function widestInterval(slices: readonly MeasuredSlice[]): number {
  const ids = [...new Set(slices.map(({ armId }) => armId))];
  const widths = ids.map((id) => {
    const units = unitsOf(slices, id);
    if (units.length < MIN_SAMPLES_FOR_INTERVAL) return Number.POSITIVE_INFINITY;
    const { median, low, high } = medianInterval(sortSamples(units));
    return (high - low) / median;
  });
  return Math.max(...widths);
}

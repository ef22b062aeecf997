import type { MeasuredSlice } from '../result/measure-document.js';
import { MIN_SAMPLES_FOR_INTERVAL } from '../stats/median-interval.js';
import { median } from '../stats/quantile.js';
import { signedRankTest } from '../stats/signed-rank.js';
import type { ArmSpec } from './arms.js';
import { byFork, hasForkUnits, MIN_FORKS, NS_PER_CALL, widestInterval } from './fork-medians.js';
import type { MeasuredForks } from './forks.js';
import type { MeasureOptions } from './options.js';

/** A trend is named where chance alone would show one this often. */
const TREND_P = 0.01;

/** And where it is larger than this share. */
const TREND_SIZE = 0.02;

/** What a reader of the result must know. */
export function warningsOf(
  arms: readonly ArmSpec[],
  { slices, forks, unsteady, endedBy, failure }: MeasuredForks,
  options: MeasureOptions,
): string[] {
  const warnings: string[] = [...(options.notes ?? [])];
  if (endedBy === 'interrupt') warnings.push(`interrupted after ${forks} of ${options.forks} forks: partial`);
  if (failure !== null) warnings.push(`${failure}: partial, ${forks} of ${options.forks} forks`);
  warnings.push(...coreWarnings(arms, options.cores));
  if (forks === 0) return [...warnings, 'no fork is complete: there is no figure'];
  const each = slices.length / arms.length;
  if (each < MIN_SAMPLES_FOR_INTERVAL) {
    warnings.push(`${each} slices are too few for an interval of the median; shown is their whole range`);
  }
  if (!hasForkUnits(slices)) {
    warnings.push(
      `${forks} forks are too few for a test at 99 %, which needs ${MIN_FORKS}: comparisons are of these workers only, ` +
        'and there is no noise floor',
    );
  }
  const late = arms.filter(({ id }) => (unsteady.get(id) ?? 0) > 0).map(({ id }) => id);
  if (late.length > 0) warnings.push(`not steady after the warm-up in some fork: ${late.join(', ')}`);
  const moving = arms.filter(({ id }) => hasTrend(slices, id)).map(({ id }) => id);
  if (moving.length > 0)
    warnings.push(`the first and the last slices of a fork differ: ${moving.join(', ')}`);
  if (options.until !== undefined) warnings.push(untilText(endedBy, options.until, widestInterval(slices)));
  return warnings;
}

/** Arms with more threads at work than the machine has processors measure the scheduler too. */
function coreWarnings(arms: readonly ArmSpec[], cores: number | undefined): string[] {
  if (cores === undefined) return [];
  const crowded = arms.filter(({ exit, vcpus }) => vcpus * (exit === 'spin' ? 2 : 1) > cores);
  if (crowded.length === 0) return [];
  const ids = crowded.map(({ id }) => id).join(', ');
  return [`more threads at once than the ${cores} processors here, so threads wait for each other: ${ids}`];
}

function untilText(endedBy: string, until: number, widest: number): string {
  const wanted = `${(until * 100).toFixed(1)} %`;
  if (endedBy === 'until') return `every interval is narrower than ${wanted}: that ended the measurement`;
  const reached = Number.isFinite(widest) ? `${(widest * 100).toFixed(1)} %` : 'unknown';
  return `the time was up before every interval was narrower than ${wanted}; the widest is ${reached}`;
}

/** Whether the last slice of the forks is faster or slower than the first: the steady state was none. */
function hasTrend(slices: readonly MeasuredSlice[], id: string): boolean {
  const own = slices.filter(({ armId }) => armId === id);
  const steps = byFork(own, NS_PER_CALL).map((medians) =>
    Math.log((medians.at(-1) ?? 1) / (medians[0] ?? 1)),
  );
  const middle = median(steps);
  return Math.abs(middle) > TREND_SIZE && signedRankTest(steps).p <= TREND_P;
}

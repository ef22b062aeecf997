import { CONFIDENCE, hasForkUnits, MIN_FORKS, unitsOf } from '../measure/fork-medians.js';
import { INTERVAL_TAIL } from '../result/run-document.js';
import { randomStream } from '../sim/streams.js';
import { unpairedRatio } from '../stats/bootstrap-ratio.js';
import { mannWhitneyP } from '../stats/mann-whitney.js';
import { medianInterval } from '../stats/median-interval.js';
import { quantile, sortSamples } from '../stats/quantile.js';
import type { ComparedInput } from './compared-input.js';
import type { Metric } from './metric.js';

/** The interval of a ratio, and of the test that went with it. */
export interface RatioOfSamples {
  readonly low: number;
  readonly high: number;
  readonly p: number | null;
}

/** Why no ratio of these documents can have an interval; null where it can. */
export function noIntervalReason(before: ComparedInput, after: ComparedInput): string | null {
  const [a, b] = [before.document, after.document];
  const kind = a.schema === 'tcebench.measure/1' ? 'slices' : 'draws';
  if (a.schema !== 'tcebench.run/1' && kind === 'draws') return `${a.schema} keeps no single draws`;
  for (const { place, samples } of [before, after]) {
    if (samples === null) return `the ${kind} of ${place} are not known: no -raw.csv of it lies beside it`;
  }
  for (const { place, samples } of [before, after]) {
    if (samples?.kind === 'measured' && !hasForkUnits(samples.slices)) {
      return `${place} has fewer than ${MIN_FORKS} forks: it speaks of its own workers only`;
    }
  }
  if (a.schema !== 'tcebench.run/1' || b.schema !== 'tcebench.run/1') return null;
  for (const key of ['seed', 'run', 'draws']) {
    const [from, to] = [a, b].map(
      ({ scenario }) => (scenario.run as Record<string, unknown> | undefined)?.[key],
    );
    if (from !== to) return `run.${key} differs (${from} and ${to}), so the draws are not of the same costs`;
  }
  const ranges = (document: typeof a) =>
    JSON.stringify(Object.entries(document.cost.constants).map(([key, { low, high }]) => [key, low, high]));
  return ranges(a) === ranges(b)
    ? null
    : 'the ranges of the costs differ, so the draws are not of the same costs';
}

/** The interval of `after / before` from raw rows; null where the metric is not made of any. Ask only where {@link noIntervalReason} has none. */
export function ratioOfSamples(
  metric: Metric,
  before: ComparedInput,
  after: ComparedInput,
): RatioOfSamples | null {
  const { sampled } = metric;
  if (sampled === null || before.samples === null || after.samples === null) return null;
  if (before.samples.kind === 'drawn' && after.samples.kind === 'drawn') {
    const [a, b] = [before.samples.rates.get(sampled.arm), after.samples.rates.get(sampled.arm)];
    return a === undefined || b === undefined ? null : pairwise(a, b);
  }
  if (before.samples.kind === 'drawn' || after.samples.kind === 'drawn' || sampled.figure === 'rate')
    return null;
  const { arm, figure } = sampled;
  return unpaired(
    unitsOf(before.samples.slices, arm, (slice) => slice[figure]),
    unitsOf(after.samples.slices, arm, (slice) => slice[figure]),
    metric.name,
  );
}

/** Draw by draw: both documents priced the same draw of every constant. */
function pairwise(a: readonly number[], b: readonly number[]): RatioOfSamples {
  const ratios = sortSamples(a.map((rate, draw) => (b[draw] as number) / rate));
  return { low: quantile(ratios, INTERVAL_TAIL), high: quantile(ratios, 1 - INTERVAL_TAIL), p: null };
}

function unpaired(a: readonly number[], b: readonly number[], name: string): RatioOfSamples | null {
  if (a.length === 0 || b.length === 0) return null;
  const random = randomStream(1, 0, `compare/${name}`).nextUnit;
  const { low, high } = unpairedRatio(a, b, { random, confidence: CONFIDENCE });
  return { low, high, p: mannWhitneyP(a, b) };
}

/** The interval of one measured value over its forks; null where it is not known. */
export function intervalOfValue(
  metric: Metric,
  { samples }: ComparedInput,
): { low: number; high: number } | null {
  const { sampled } = metric;
  if (sampled === null || sampled.figure === 'rate' || samples?.kind !== 'measured') return null;
  if (!hasForkUnits(samples.slices)) return null;
  const { arm, figure } = sampled;
  const units = unitsOf(samples.slices, arm, (slice) => slice[figure]);
  return units.length === 0 ? null : medianInterval(sortSamples(units), CONFIDENCE);
}

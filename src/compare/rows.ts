import { CONFIDENCE } from '../measure/fork-medians.js';
import type { CompareRow } from '../result/compare-document.js';
import type { ComparedInput } from './compared-input.js';
import type { Metric } from './metric.js';
import { metricsOf } from './metrics.js';
import { noIntervalReason, ratioOfSamples } from './ratio.js';

/** What sums of modelled times may differ by when they are added up in another order. */
const ROUNDING = 1e-12;

/** What two measured sessions can tell from noise; null where one of them did not find out. */
export interface SessionNoise {
  readonly noiseFloor: number | null;
  readonly smallestDetectableChange: number | null;
}

/** The worse of both sessions; nothing for modelled documents, which have no noise. */
export function noiseOf(inputs: readonly ComparedInput[]): SessionNoise {
  const known = inputs.map(({ document }) =>
    document.schema === 'tcebench.measure/1'
      ? document
      : { noiseFloor: null, smallestDetectableChange: null },
  );
  const worse = (values: readonly (number | null)[]) =>
    values.includes(null) ? null : Math.max(...(values as readonly number[]));
  return {
    noiseFloor: worse(known.map(({ noiseFloor }) => noiseFloor)),
    smallestDetectableChange: worse(known.map(({ smallestDetectableChange }) => smallestDetectableChange)),
  };
}

/** One row for each metric of either document; what has a value in neither is left out. */
export function rowsOf(before: ComparedInput, after: ComparedInput): CompareRow[] {
  const old = new Map(metricsOf(before.document).map((metric) => [metric.name, metric]));
  const metrics = new Map([
    ...old,
    ...metricsOf(after.document).map((metric) => [metric.name, metric] as const),
  ]);
  const isPaired = noIntervalReason(before, after) === null;
  const { noiseFloor } = noiseOf([before, after]);
  return [...metrics.values()].flatMap((metric) => {
    const from = old.get(metric.name)?.value ?? null;
    const to = metric === old.get(metric.name) ? null : metric.value;
    if (from === null && to === null) return [];
    return [rowOf(metric, from, to, isPaired ? ratioOfSamples(metric, before, after) : null, noiseFloor)];
  });
}

function rowOf(
  { name, unit, better, basis }: Metric,
  before: number | null,
  after: number | null,
  interval: ReturnType<typeof ratioOfSamples>,
  noiseFloor: number | null,
): CompareRow {
  const ratio = before === null || after === null || before === 0 ? null : after / before;
  const row = {
    metric: name,
    unit,
    better,
    basis,
    before,
    after,
    ratio,
    low: ratio === null ? null : (interval?.low ?? null),
    high: ratio === null ? null : (interval?.high ?? null),
    p: interval?.p ?? null,
  };
  return { ...row, verdict: verdictOf(row, noiseFloor) };
}

function verdictOf(row: Omit<CompareRow, 'verdict'>, noiseFloor: number | null): CompareRow['verdict'] {
  const { before, after } = row;
  if (before === null || after === null) return 'missing';
  if (before === after || isRounding(row)) return 'same';
  if (isWithinNoise(row, noiseFloor)) return 'within noise';
  return after > before === (row.better === 'more') ? 'better' : 'worse';
}

/** A sum of the same times in another order: its last digits are no change. */
function isRounding({ basis, ratio }: Omit<CompareRow, 'verdict'>): boolean {
  return basis === 'drawn' && ratio !== null && Math.abs(ratio - 1) < ROUNDING;
}

/**
 * Whether a change is one that these runs cannot tell from none. Modelled: the draws of the costs leave open whether it
 * is one for the better. Measured: it is below the noise floor, its interval has no change in it, the test does not
 * reject equality, or there is nothing to test with.
 */
export function isWithinNoise(
  { basis, ratio, low, high, p }: Pick<CompareRow, 'basis' | 'ratio' | 'low' | 'high' | 'p'>,
  noiseFloor: number | null,
): boolean {
  const holdsNoChange = low !== null && high !== null && low <= 1 && high >= 1;
  if (basis !== 'measured') return holdsNoChange;
  if (ratio === null || low === null || p === null || noiseFloor === null) return true;
  return holdsNoChange || p > 1 - CONFIDENCE || Math.abs(Math.log(ratio)) <= Math.log1p(noiseFloor);
}

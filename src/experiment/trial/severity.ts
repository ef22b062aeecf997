import type { Placebo, Severity } from '../../result/claim-document.js';
import { quantile, type SortedSamples, sortSamples } from '../../stats/quantile.js';
import { judge } from './judge.js';

/** A band that leaves out less than this share of what is physically possible tests nothing. */
const TEST_LEAVES_OUT = 0.1;

/** The share of the mass beside a band with which it is rejected. */
const REJECTED_FROM = 0.9;

/** The bands, in bytes per second, that a trial worth the name must reject, and one that it must refuse to judge. */
function placeboBands(slow: number, wire: number): readonly { name: string; band: [number, number] }[] {
  return [
    { name: 'hardly faster than the slow figure', band: [slow, 1.2 * slow] },
    { name: 'above the wire', band: [1.05 * wire, 1.3 * wire] },
    { name: 'anything between slow figure and wire', band: [slow, wire] },
  ];
}

/** Judges the placebo claims for one arm. A band that nearly everything physically possible lies in is no test. */
export function judgePlacebos(arm: string, rates: Float64Array, slow: number, wire: number): Placebo[] {
  return placeboBands(slow, wire).map(({ name, band }) => {
    const [low, high] = band;
    const covered = Math.max(0, Math.min(high, wire) - Math.max(low, slow)) / (wire - slow);
    if (1 - covered < TEST_LEAVES_OUT) return { name, band, arm, verdict: 'no test', rejected: false };
    const { below, above, verdict } = judge(rates, band);
    return { name, band, arm, verdict, rejected: Math.max(below, above) >= REJECTED_FROM };
  });
}

/** Which bands the predictions of one arm reject; nothing where there are no predictions. */
export function severityOf(arm: string, rates: Float64Array): Severity[] {
  if (rates.length === 0) return [];
  const sorted = sortSamples(rates);
  const rejectsBelow = quantile(sorted, 1 - REJECTED_FROM);
  const rejectsAbove = quantile(sorted, REJECTED_FROM);
  return [{ arm, rejectsBelow, rejectsAbove, narrowestInside: shortestHalf(sorted) }];
}

/** The shortest interval that holds half of the samples. */
function shortestHalf(sorted: SortedSamples): readonly [number, number] {
  const span = Math.ceil(sorted.length / 2) - 1;
  let best: readonly [number, number] = [sorted[0] as number, sorted.at(-1) as number];
  for (let i = 0; i + span < sorted.length; i++) {
    const low = sorted[i] as number;
    const high = sorted[i + span] as number;
    if (high - low < best[1] - best[0]) best = [low, high];
  }
  return best;
}

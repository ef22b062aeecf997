import { knownHint } from '../nearest.js';
import type { CompareRow, GateResult, GateVerdict } from '../result/compare-document.js';
import type { ComparedInput } from './compared-input.js';
import { boundOf, type Gate, keeps } from './gate.js';
import type { Metric } from './metric.js';
import { metricsOf } from './metrics.js';
import { intervalOfValue, noIntervalReason } from './ratio.js';
import { isWithinNoise, type SessionNoise } from './rows.js';

/** What a gate is judged by. */
export interface GateEvidence {
  /** null: absolute gates only. */
  readonly before: ComparedInput | null;
  readonly after: ComparedInput;
  readonly rows: readonly CompareRow[];
  /** Why the documents cannot be compared. */
  readonly reasons: readonly string[];
  readonly noise: SessionNoise;
}

/** Ends of an interval that are further apart, as a ratio, would let every doubling pass as noise. */
const WIDEST = 4;

interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Judges one gate. An exact value is held against the bound as it is. Where there is an interval all of it must keep
 * the bound to pass, and all of it must break the bound to fail; what lies across is undecided, unless it is a measured
 * change that cannot be told from none and none keeps the bound: noise alone fails no build.
 */
export function judgeGate(gate: Gate, evidence: GateEvidence): GateResult {
  const { before, after, reasons } = evidence;
  if (reasons.length > 0) return undecided(gate, 'the documents cannot be compared');
  const inAfter = metricsOf(after.document);
  const inBefore = before === null ? [] : metricsOf(before.document);
  const metric = [...inAfter, ...inBefore].find(({ name }) => name === gate.metric);
  if (metric === undefined) {
    const known = [...new Set([...inAfter, ...inBefore].map(({ name }) => name))];
    if (known.length === 0) return undecided(gate, `${after.place} holds no metric at all`);
    return undecided(gate, `there is no metric ${gate.metric}; ${hint(gate.metric, known)}`);
  }
  const bound = boundOf(gate, metric.unit);
  const found = inAfter.find(({ name }) => name === gate.metric);
  if (found?.value == null) return undecided(gate, `${after.place} has no value of ${gate.metric}`);
  if (!gate.isRelative) return absolute(gate, found, found.value, bound, evidence);
  if (before === null) return undecided(gate, 'there is no document before it: a change needs two');
  return relative(gate, bound, before, evidence);
}

/** All names of a long list say nothing. */
function hint(name: string, known: readonly string[]): string {
  const text = knownHint(name, known);
  return text.startsWith('known') ? '--list-metrics shows all' : text;
}

function absolute(
  gate: Gate,
  metric: Metric,
  value: number,
  bound: number,
  { after }: GateEvidence,
): GateResult {
  if (metric.basis !== 'measured') return exact(gate, value, bound, 'modelled: exact');
  const interval = intervalOfValue(metric, after);
  if (interval === null) {
    const reason = `its noise is not known: ${after.place} has no -raw.csv of 8 forks or more beside it`;
    return judged(gate, 'undecided', value, reason);
  }
  return byInterval(gate, value, interval, bound, false, `99 % interval ${shown(interval)}`);
}

function relative(gate: Gate, bound: number, before: ComparedInput, evidence: GateEvidence): GateResult {
  const row = evidence.rows.find(({ metric }) => metric === gate.metric);
  if (row?.before == null || row.after === null)
    return undecided(gate, `${before.place} has no value of ${gate.metric}`);
  if (row.before === 0) {
    // From nothing to nothing is no change; from nothing to something is no percentage.
    if (row.after === 0) return exact(gate, 0, bound, '0 in both');
    return undecided(gate, `it was 0 before and is ${row.after}: no percentage; use an absolute gate`);
  }
  const change = (row.after / row.before - 1) * 100;
  if (row.low !== null && row.high !== null) {
    const interval = { low: (row.low - 1) * 100, high: (row.high - 1) * 100 };
    if (row.basis !== 'measured') {
      return byInterval(gate, change, interval, bound, false, `over the draws ${shown(interval, ' %')}`);
    }
    const { noiseFloor } = evidence.noise;
    if (noiseFloor === null) return undecided(gate, 'the noise floor of these sessions is not known');
    const why = `99 % interval ${shown(interval, ' %')}, noise floor ${(noiseFloor * 100).toFixed(1)} %`;
    if (row.high > row.low * WIDEST) return undecided(gate, `too noisy to tell a factor of two: ${why}`);
    return byInterval(gate, change, interval, bound, isWithinNoise(row, noiseFloor), why);
  }
  if (row.basis === 'measured') {
    return undecided(gate, noIntervalReason(before, evidence.after) ?? 'its interval is not known');
  }
  return exact(gate, change, bound, 'modelled: exact');
}

function exact(gate: Gate, observed: number, bound: number, reason: string): GateResult {
  return judged(gate, keeps(gate.operator, observed, bound) ? 'passed' : 'failed', observed, reason);
}

function byInterval(
  gate: Gate,
  observed: number,
  { low, high }: Interval,
  bound: number,
  isNoise: boolean,
  reason: string,
): GateResult {
  if (isNoise && keeps(gate.operator, 0, bound)) {
    return judged(gate, 'passed', observed, `no change to be told from noise, ${reason}`);
  }
  const [lowKeeps, highKeeps] = [low, high].map((end) => keeps(gate.operator, end, bound));
  if (lowKeeps && highKeeps) return judged(gate, 'passed', observed, reason);
  const holdsBound = low <= bound && bound <= high;
  const isBroken = !lowKeeps && !highKeeps && !(gate.operator === '==' && holdsBound);
  // A change that is none for sure, where the bound asks for one, has failed to be it only if the interval says so.
  if (isBroken) return judged(gate, 'failed', observed, reason);
  return judged(gate, 'undecided', observed, `the bound lies inside: ${reason}`);
}

/** Nothing that could be held against the bound. */
function undecided(gate: Gate, reason: string): GateResult {
  return judged(gate, 'undecided', null, reason);
}

function judged(
  { expression }: Gate,
  verdict: GateVerdict,
  observed: number | null,
  reason: string,
): GateResult {
  return { expression, observed, reason, verdict };
}

function shown({ low, high }: Interval, unit = ''): string {
  const text = (value: number) => `${Number(value.toPrecision(4))}${unit}`;
  return `${text(low)} .. ${text(high)}`;
}

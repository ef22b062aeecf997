import { assert, inputError, TcebenchError } from '../errors.js';
import { knownHint } from '../nearest.js';
import type { GateVerdict } from '../result/compare-document.js';
import type { SelfTestDocument, SelfTestedGate, SelfTestTrial } from '../result/self-test-document.js';
import { compareDocuments, verdictOf } from './compare.js';
import type { ComparedInput } from './compared-input.js';
import { boundOf, type Gate } from './gate.js';
import type { Metric } from './metric.js';
import { metricsOf } from './metrics.js';
import { emptied, movedTo, withoutPart } from './moved-input.js';
import { targetsOf } from './self-test-targets.js';

/** What gates are tried on. */
export interface SelfTestSubjects {
  /** The documents that gates are held against; the first that has the metric is moved. */
  readonly inputs: readonly ComparedInput[];
  /** A document of either clock at least. */
  readonly madeUp: readonly ComparedInput[];
}

/**
 * Proves for each gate that it passes just inside its bound, fails just outside, and never passes where data is
 * missing, empty or of the other clock. Every trial goes the way of a real comparison.
 */
export function selfTest(gates: readonly Gate[], subjects: SelfTestSubjects): SelfTestDocument {
  return { schema: 'tcebench.self-test/1', gates: gates.map((gate) => tried(gate, subjects)) };
}

/** Whether every gate is sound. */
export function isSound({ gates }: SelfTestDocument): boolean {
  return gates.every(({ sound }) => sound);
}

function tried(gate: Gate, { inputs, madeUp }: SelfTestSubjects): SelfTestedGate {
  const input = inputs.find(({ document }) => metricOf(document, gate) !== undefined);
  const metric = input && metricOf(input.document, gate);
  if (input === undefined || metric === undefined) {
    const known = inputs.flatMap(({ document }) => metricsOf(document)).map(({ name }) => name);
    const hint = knownHint(gate.metric, known);
    throw inputError(
      `--gate "${gate.expression}": there is no metric ${gate.metric} to try it on`,
      hint.startsWith('known') ? 'name a document that has it' : hint,
    );
  }
  const bound = boundOf(gate, metric.unit);
  const targets = targetsOf(gate, metric, bound);
  const base = gate.isRelative && targets.before !== null ? placed(input, metric, targets.before) : input;
  const before = gate.isRelative ? base : null;
  const moves = (what: 'inside' | 'outside', expected: GateVerdict, values: readonly number[]) =>
    moved(what, expected, values, (value) => verdictWith(gate, before, base && placed(base, metric, value)));
  const held = (what: SelfTestTrial['what'], after: ComparedInput): SelfTestTrial => ({
    what,
    expected: 'undecided',
    ...(verdictWith(gate, before, after) ?? NOWHERE),
  });
  const other = madeUp.find(({ document }) => document.clock !== input.document.clock);
  assert(other !== undefined, 'there is a document of either clock');
  const trials = [
    moves('inside', 'passed', targets.inside),
    moves('outside', 'failed', targets.outside),
    held('missing', withoutPart(input, metric)),
    held('empty', emptied(input)),
    held('other clock', other),
  ];
  const sound = trials.every(({ expected, verdict }) => verdict === expected);
  return { expression: gate.expression, trials, sound, note: sound ? '' : noteOf(trials) };
}

function metricOf(document: ComparedInput['document'], gate: Gate): Metric | undefined {
  return metricsOf(document).find(({ name }) => name === gate.metric);
}

const NOWHERE = { verdict: null, observed: null };

/** The first of the values at which the gate says what it should; else what it said last. */
function moved(
  what: SelfTestTrial['what'],
  expected: GateVerdict,
  values: readonly number[],
  tryValue: (value: number) => Pick<SelfTestTrial, 'verdict' | 'observed'> | null,
): SelfTestTrial {
  let last: Pick<SelfTestTrial, 'verdict' | 'observed'> = NOWHERE;
  for (const value of values) {
    last = tryValue(value) ?? last;
    if (last.verdict === expected) break;
  }
  return { what, expected, ...last };
}

function verdictWith(
  gate: Gate,
  before: ComparedInput | null,
  after: ComparedInput | null,
): Pick<SelfTestTrial, 'verdict' | 'observed'> | null {
  if (after === null) return null;
  const document = compareDocuments(before, after, { gates: [gate], acrossMachines: true });
  return { verdict: verdictOf(document), observed: document.gates[0]?.observed ?? null };
}

/** The input with the metric at a value; null where no document may hold it, as a count below 0. */
function placed(input: ComparedInput, metric: Metric, value: number): ComparedInput | null {
  // The samples were moved with the value, so the factor is taken from where it stands now.
  const now = metricsOf(input.document).find(({ name }) => name === metric.name) ?? metric;
  try {
    return movedTo(input, now, value);
  } catch (error) {
    if (error instanceof TcebenchError) return null;
    throw error;
  }
}

function noteOf(trials: readonly SelfTestTrial[]): string {
  const wrong = trials.filter(({ expected, verdict }) => verdict !== expected);
  return wrong
    .map(({ what, expected, verdict }) => {
      if (what === 'outside') return 'it cannot fail';
      if (what === 'inside') return 'it cannot pass';
      return `${what}: ${verdict}, not ${expected}`;
    })
    .join('; ');
}

import type { MetricUnit } from '../result/compare-document.js';
import type { Gate, GateOperator } from './gate.js';
import type { Metric } from './metric.js';

/** Where a metric is put to try a gate. */
export interface Targets {
  /** Its value in the document before; null: as it is. */
  readonly before: number | null;
  /** Values to try in turn until the gate passes, or fails: nearest to the bound first. */
  readonly inside: readonly number[];
  readonly outside: readonly number[];
}

/** How near to a bound an exact value is put, as a share. */
const NEAR = 1e-6;

/** Measured values are moved on in these steps until their whole interval is beyond the bound. */
const STEP = 1.02;
const STEPS = 250;

/** The values at which a gate must pass and must fail. */
export function targetsOf(gate: Gate, metric: Metric, bound: number): Targets {
  if (metric.basis === 'measured') return measuredTargets(gate, metric.value ?? 1, bound);
  if (!gate.isRelative) {
    const isCount = metric.unit === 'count';
    return {
      before: null,
      ...(isCount ? countTargets(gate.operator, bound) : nearTargets(gate.operator, bound)),
    };
  }
  const before = baseOf(metric.unit, metric.value);
  const at = (percent: number) => before * (1 + percent / 100);
  const near = nearTargets(gate.operator, bound, Math.max(1, Math.abs(bound)) * NEAR);
  const exact = bound === 0 && (gate.operator === '==' || gate.operator.endsWith('='));
  // Away from 0 a percentage of two doubles hits its bound by chance only.
  const inside = exact ? [before] : near.inside.map((percent) => at(percent + inward(gate.operator, bound)));
  const outside = near.outside.map((percent) => at(percent - inward(gate.operator, bound)));
  const whole = (values: readonly number[]) => (metric.unit === 'count' ? values.map(Math.round) : values);
  return { before, inside: whole(inside), outside: whole(outside) };
}

/** A little to the good side, where rounding cannot take it back. */
function inward(operator: GateOperator, bound: number): number {
  const little = Math.max(1, Math.abs(bound)) * NEAR;
  if (operator === '==') return 0;
  return operator.startsWith('>') ? little : -little;
}

/** A value before a change that leaves room for it. */
function baseOf(unit: MetricUnit, value: number | null): number {
  if (unit === 'count') return 1e9;
  if (unit === 'share') return 0.25;
  return value === null || value === 0 ? 1 : value;
}

function nearTargets(operator: GateOperator, bound: number, step = Math.max(1e-9, Math.abs(bound) * NEAR)) {
  switch (operator) {
    case '>=':
      return { inside: [bound], outside: [bound - step] };
    case '>':
      return { inside: [bound + step], outside: [bound] };
    case '<=':
      return { inside: [bound], outside: [bound + step] };
    case '<':
      return { inside: [bound - step], outside: [bound] };
    case '==':
      return { inside: [bound], outside: [bound + step, bound - step] };
  }
}

function countTargets(operator: GateOperator, bound: number) {
  const [low, high] = [Math.floor(bound), Math.ceil(bound)];
  switch (operator) {
    case '>=':
      return { inside: [high], outside: [high - 1] };
    case '>':
      return { inside: [low + 1], outside: [low] };
    case '<=':
      return { inside: [low], outside: [low + 1] };
    case '<':
      return { inside: [high - 1], outside: [high] };
    case '==':
      return { inside: low === high ? [low] : [], outside: [high + 1] };
  }
}

/** Away from the bound, step by step, on either side of it. */
function measuredTargets({ operator, isRelative }: Gate, value: number, bound: number): Targets {
  const start = isRelative ? value * (1 + bound / 100) : bound;
  const up = Array.from({ length: STEPS }, (_, i) => start * STEP ** i);
  const down = Array.from({ length: STEPS }, (_, i) => start / STEP ** i);
  if (operator === '==') return { before: null, inside: [value, ...up, ...down], outside: up };
  return operator.startsWith('>')
    ? { before: null, inside: up, outside: down }
    : { before: null, inside: down, outside: up };
}

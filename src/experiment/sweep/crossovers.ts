import type { ArmId } from '../../result/run-document.js';
import type { Crossover, SettingValue, SweepPlan } from '../../result/sweep-document.js';
import { ARMS } from '../../scenario/arms.js';
import type { SweepRates } from './sweep-rates.js';

/** How direct a path is; the control makes no call, so nothing is said to reach it. */
const RANK = { userspace: 0, virtual: 1, real: 2 } as const;

/** The pairs that are asked: each arm, and each of a more direct path. */
const PAIRS: readonly (readonly [slow: ArmId, fast: ArmId])[] = ARMS.flatMap((slow) =>
  ARMS.flatMap((fast) =>
    slow.path !== 'direct' && fast.path !== 'direct' && RANK[slow.path] < RANK[fast.path]
      ? [[slow.id, fast.id] as const]
      : [],
  ),
);

/** A place on a line: the value of its axis, and both rates. */
export interface LinePoint {
  readonly at: number;
  readonly slow: number;
  readonly fast: number;
}

/** The axis that crossovers lie along: the last one whose values are all different numbers; -1: none. */
export function crossoverAxis({ axes }: Pick<SweepPlan, 'axes'>): number {
  return axes.findLastIndex(
    ({ values }) =>
      values.length > 1 &&
      values.every((value) => typeof value === 'number') &&
      new Set(values).size === values.length,
  );
}

/** The crossovers of a sweep, line by line; lines with a job that has no rates are left out. */
export function* crossoversOf(plan: SweepPlan, rates: SweepRates): Generator<Crossover> {
  const axis = crossoverAxis(plan);
  const along = plan.axes[axis];
  if (along === undefined) return;
  const order = Array.from(along.values.keys()).sort(
    (a, b) => (along.values[a] as number) - (along.values[b] as number),
  );
  for (const { at, jobs } of linesOf(plan, axis)) {
    for (const [slow, fast] of PAIRS) {
      const points = order.flatMap((i): LinePoint[] => {
        const job = jobs[i] as number;
        const point = { at: along.values[i] as number, slow: rates.of(job, slow), fast: rates.of(job, fast) };
        return Number.isNaN(point.slow) || Number.isNaN(point.fast) ? [] : [point];
      });
      if (points.length < order.length) continue;
      yield { key: along.key, at, slow, fast, ...crossoverOf(points) };
    }
  }
}

/** The lines along an axis: their jobs in the order of its values, and the values of the other axes. */
function* linesOf(
  { axes, mode, jobs }: SweepPlan,
  axis: number,
): Generator<{ readonly at: Readonly<Record<string, SettingValue>>; readonly jobs: readonly number[] }> {
  const { length } = axes[axis]?.values ?? [];
  if (mode === 'zip') {
    yield { at: {}, jobs: Array.from({ length }, (_, i) => i) };
    return;
  }
  const stride = axes.slice(axis + 1).reduce((product, { values }) => product * values.length, 1);
  for (let first = 0; first < jobs; first++) {
    if (Math.floor(first / stride) % length !== 0) continue;
    const at: Record<string, SettingValue> = {};
    let rest = first;
    for (let i = axes.length - 1; i >= 0; i--) {
      const { key, values } = axes[i] as SweepPlan['axes'][number];
      if (i !== axis) at[key] = values[rest % values.length] as SettingValue;
      rest = Math.floor(rest / values.length);
    }
    const keys = axes.flatMap(({ key }, i) => (i === axis ? [] : [key]));
    yield {
      at: Object.fromEntries(keys.map((key) => [key, at[key] as SettingValue])),
      jobs: Array.from({ length }, (_, i) => first + i * stride),
    };
  }
}

/** Where on a line of rising values the slow rate reaches the fast one. */
export function crossoverOf(
  points: readonly LinePoint[],
): Pick<Crossover, 'reached' | 'value' | 'interpolated'> {
  const reaches = points.map(({ slow, fast }) => slow >= fast);
  const first = reaches.indexOf(true);
  if (first === -1) return { reached: 'none', value: null, interpolated: null };
  if (!reaches.includes(false)) return { reached: 'all', value: null, interpolated: null };
  const at = (i: number) => points[i] as LinePoint;
  const changes = reaches.filter((is, i) => i > 0 && is !== reaches[i - 1]).length;
  if (changes > 1) return { reached: 'several', value: at(first).at, interpolated: null };
  if (first > 0) {
    return { reached: 'from', value: at(first).at, interpolated: between(at(first - 1), at(first)) };
  }
  const last = reaches.lastIndexOf(true);
  return { reached: 'up-to', value: at(last).at, interpolated: between(at(last), at(last + 1)) };
}

/** Where the rates would be equal between two neighbours. */
function between(a: LinePoint, b: LinePoint): number {
  const atA = Math.log(a.slow / a.fast);
  const atB = Math.log(b.slow / b.fast);
  const share = atA / (atA - atB);
  return a.at > 0 ? a.at * (b.at / a.at) ** share : a.at + (b.at - a.at) * share;
}

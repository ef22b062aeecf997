import { createHash } from 'node:crypto';
import { assert, inputError } from '../../errors.js';
import type { SettingObject, SettingValue, SweepAxis, SweepPlan } from '../../result/sweep-document.js';
import { settingText } from '../../result/sweep-document.js';
import { setKey } from '../../scenario/scenario-key.js';
import { filesOf } from './named-files.js';

/** Jobs of one sweep. */
const MAX_JOBS = 1_000_000;

/** What a plan is made from. */
export interface PlanInput {
  readonly name: string;
  readonly base: SettingObject;
  readonly axes: readonly SweepAxis[];
  readonly mode: SweepPlan['mode'];
  readonly version: string;
}

/** The plan of a sweep; reads the files that its scenarios name, for their hashes. */
export async function makePlan({ name, base, axes, mode, version }: PlanInput): Promise<SweepPlan> {
  checkAxes(axes, mode);
  // A result is NAME.json beside plan.json.
  const safeName = name === 'plan' ? 'plan-sweep' : name;
  const unsigned = {
    schema: 'tcebench.plan/1' as const,
    version,
    name: safeName,
    base,
    axes: axes.map(({ key, values }) => ({ key, values })),
    mode,
    jobs: jobCount(axes, mode),
    files: await filesOf([base, ...axes.flatMap((axis) => eachValue(base, axis))]),
  };
  return { ...unsigned, hash: hashOf(unsigned) };
}

function eachValue(base: SettingObject, { key, values }: SweepAxis): readonly unknown[] {
  return values.map((value) => withSetting(base, key, value));
}

function withSetting(base: SettingObject, key: string, value: SettingValue): Record<string, unknown> {
  const scenario = structuredClone(base) as Record<string, unknown>;
  setKey(scenario, key, structuredClone(value), `--vary ${key}`);
  return scenario;
}

/** Hash of a plan, whatever its `hash` says. Keys are in the order in which {@link makePlan} puts them. */
export function hashOf(plan: Omit<SweepPlan, 'hash'>): string {
  const { schema, version, name, base, axes, mode, jobs, files } = plan;
  const text = JSON.stringify({ schema, version, name, base, axes, mode, jobs, files });
  return createHash('sha256').update(text).digest('hex');
}

/** How many jobs axes give. */
export function jobCount(axes: readonly SweepAxis[], mode: SweepPlan['mode']): number {
  if (mode === 'zip') return axes[0]?.values.length ?? 0;
  return axes.reduce((product, { values }) => product * values.length, 1);
}

function checkAxes(axes: readonly SweepAxis[], mode: SweepPlan['mode']): void {
  if (axes.length === 0) {
    throw inputError('nothing is varied', 'give --vary nic.mtu=1500,9000, or a --preset');
  }
  for (const [i, { key, values }] of axes.entries()) {
    const clash = axes
      .slice(0, i)
      .find((other) => `${key}.`.startsWith(`${other.key}.`) || `${other.key}.`.startsWith(`${key}.`));
    if (clash !== undefined) {
      throw inputError(`--vary ${key} and --vary ${clash.key} vary the same`, 'leave one of them out');
    }
    const texts = values.map((value) => JSON.stringify(value));
    const twice = texts.find((text, at) => texts.indexOf(text) !== at);
    if (mode === 'cartesian' && twice !== undefined) {
      throw inputError(`--vary ${key} has ${twice} twice`, 'leave it out once');
    }
  }
  const [first] = axes;
  const other = axes.find(({ values }) => values.length !== first?.values.length);
  if (mode === 'zip' && first !== undefined && other !== undefined) {
    throw inputError(
      `--zip: ${first.key} has ${first.values.length} values, ${other.key} ${other.values.length}`,
      'give all axes as many',
    );
  }
  const jobs = jobCount(axes, mode);
  if (jobs > MAX_JOBS) throw inputError(`the sweep has ${jobs} jobs`, `it may have ${MAX_JOBS}: split it`);
}

/** The values that job `index` has of each axis. */
export function jobValues({ axes, mode, jobs }: SweepPlan, index: number): readonly SettingValue[] {
  assert(index >= 0 && index < jobs, `a sweep of ${jobs} jobs has no job ${index}`);
  const values: SettingValue[] = [];
  let rest = index;
  for (const axis of axes.toReversed()) {
    const { length } = axis.values;
    values.unshift(axis.values[mode === 'zip' ? index : rest % length] as SettingValue);
    rest = Math.floor(rest / length);
  }
  return values;
}

/** The scenario of job `index`, before defaults. */
export function jobScenario(plan: SweepPlan, index: number): Record<string, unknown> {
  const scenario = structuredClone(plan.base) as Record<string, unknown>;
  const values = jobValues(plan, index);
  for (const [i, { key }] of plan.axes.entries())
    setKey(scenario, key, structuredClone(values[i]), `--vary ${key}`);
  return scenario;
}

/** Where job `index` stands, for an error: `job 3 (nic.mtu=9000)`. */
export function jobPlace(plan: SweepPlan, index: number): string {
  return `job ${index} (${jobText(plan, index)})`;
}

/** The settings of job `index` as a person would type them. */
export function jobText(plan: SweepPlan, index: number): string {
  const values = jobValues(plan, index);
  return plan.axes.map(({ key }, i) => `${key}=${settingText(values[i] ?? null)}`).join(' ');
}

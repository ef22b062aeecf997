import type { ArmResult } from './run-document.js';

/** A value of a scenario key, as a scenario file would hold it. */
export type SettingValue = string | number | boolean | null | readonly SettingValue[] | SettingObject;

interface SettingObject {
  readonly [key: string]: SettingValue;
}

/** One key that a sweep varies, with its values in order, in base units where the key is a quantity. */
export interface SweepAxis {
  readonly key: string;
  readonly values: readonly SettingValue[];
}

/**
 * What a sweep is, and all that a job of it depends on besides its index: job `k` is the base with the values that `k`
 * selects. Two sweeps are one and the same where their hashes are equal.
 */
export interface SweepPlan {
  readonly schema: 'tcebench.plan/1';
  readonly version: string;
  /** Name of the preset or file that it began with. */
  readonly name: string;
  /** The scenario that is varied, as given, before defaults. */
  readonly base: SettingObject;
  readonly axes: readonly SweepAxis[];
  /** `cartesian`: the last axis turns fastest; `zip`: all axes are as long and step together. */
  readonly mode: 'cartesian' | 'zip';
  readonly jobs: number;
  /** Hash of everything above. */
  readonly hash: string;
}

/** One arm of one job. */
export interface SweepRow {
  readonly job: number;
  /** The values of the job's axes, in their order. */
  readonly values: readonly SettingValue[];
  readonly arm: ArmResult;
}

/** Where one arm overtakes another along an axis, every other axis held. */
export interface Crossover {
  readonly key: string;
  /** The values of the other axes. */
  readonly at: Readonly<Record<string, SettingValue>>;
  readonly slow: string;
  readonly fast: string;
  /** The first value from which `slow` reaches `fast`, between its neighbours by interpolation; null: none. */
  readonly value: number | null;
}

/** What {@link SweepRow | the rows} of a plan give together: a pure function of the plan. */
export interface SweepDocument {
  readonly schema: 'tcebench.sweep/1';
  readonly clock: 'modelled';
  readonly version: string;
  readonly plan: SweepPlan;
  /** Jobs without a result; empty unless the sweep was interrupted. */
  readonly missing: readonly number[];
  /** Jobs that failed, and why, in one sentence. */
  readonly failed: readonly { readonly job: number; readonly reason: string }[];
  readonly rows: readonly SweepRow[];
  readonly crossovers: readonly Crossover[];
  readonly warnings: readonly string[];
}

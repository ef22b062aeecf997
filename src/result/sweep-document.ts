import type { ArmId, ArmResult } from './run-document.js';

/** A value of a scenario key, as a scenario file would hold it. */
export type SettingValue = string | number | boolean | null | readonly SettingValue[] | SettingObject;

/** A part of a scenario, as its file would hold it. */
export interface SettingObject {
  readonly [key: string]: SettingValue;
}

/** A value as a person would type it. */
export function settingText(value: SettingValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
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
  /** The files that scenarios of it name (captures, cards, costs), in the order of their names. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  /** SHA-256 of everything above. */
  readonly hash: string;
}

/** What one job leaves: its arms, or why it failed. A pure function of the plan and the index. */
export interface SweepJob {
  readonly schema: 'tcebench.job/1';
  /** Hash of the plan. */
  readonly plan: string;
  readonly job: number;
  readonly values: readonly SettingValue[];
  /** One sentence; null where the job did what it should. */
  readonly failed: string | null;
  readonly costProfile: string | null;
  readonly arms: readonly ArmResult[];
  readonly warnings: readonly string[];
}

/** One arm of one job. */
export interface SweepRow {
  readonly job: number;
  /** The values of the job's axes, in their order. */
  readonly values: readonly SettingValue[];
  readonly arm: ArmResult;
}

/**
 * Where one arm reaches another along an axis, every other axis held. `slow` reaches `fast` at a value where its
 * `rateBytesPerSec` is as high or higher, both at the chosen value of every constant; there is no tolerance.
 */
export interface Crossover {
  /** The last axis whose values are all numbers. */
  readonly key: string;
  /** The values of the other axes; none in a plan that zips. */
  readonly at: Readonly<Record<string, SettingValue>>;
  readonly slow: ArmId;
  readonly fast: ArmId;
  /**
   * Over the varied values in rising order: `from` value on and at every higher one; `up-to` value and at every lower
   * one; at `all` of them; at `none`; `several`: it changes more than once.
   */
  readonly reached: 'from' | 'up-to' | 'all' | 'none' | 'several';
  /**
   * The varied value of `from` and `up-to`: one that was run, at which `slow` does reach `fast`. With `several` the
   * lowest at which it does. null: there is no crossover among the values (`all`, `none`).
   */
  readonly value: number | null;
  /**
   * For display: where the rates would be equal between that value and its neighbour, if the logarithm of their ratio
   * were linear in the logarithm of the value (in the value itself where one is not above 0). null unless `from`, `up-to`.
   */
  readonly interpolated: number | null;
}

/** What {@link SweepRow | the rows} of a plan give together: a pure function of the plan. */
export interface SweepDocument {
  readonly schema: 'tcebench.sweep/1';
  readonly clock: 'modelled';
  readonly version: string;
  readonly plan: SweepPlan;
  readonly rows: readonly SweepRow[];
  /** Jobs without a result; empty unless the sweep was interrupted. */
  readonly missing: readonly number[];
  /** Jobs that failed, and why, in one sentence. */
  readonly failed: readonly { readonly job: number; readonly reason: string }[];
  /** Along the last numeric axis; a line of it with a job missing or failed has none. */
  readonly crossovers: readonly Crossover[];
  readonly warnings: readonly string[];
}

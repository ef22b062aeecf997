import { type CostProfile, type Prices, pricesOf } from '../../cost/cost-profile.js';
import type { PublishedRole } from '../../result/published-document.js';

/** From a lowest to a highest value, ends included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** One figure of a publication, and what the model has to say of it. */
export interface PublishedFigure {
  readonly what: string;
  readonly role: PublishedRole;
  readonly unit: string;
  /** As published, with the rounding of the source. */
  readonly published: Interval;
  /** How the model's figure comes about. */
  readonly how: string;
  /** Runs the model; nothing in its answer is typed in. */
  readonly model: () => Interval;
}

/** What a preset sets, by group and key. */
export interface ScenarioSettings {
  readonly [group: string]: { readonly [key: string]: unknown };
}

/** One publication as data. Adding one is adding a file and its line in `results.ts`. */
export interface PublishedResult {
  readonly id: string;
  /** Its name by content, which is that of its preset. */
  readonly name: string;
  readonly source: string;
  /** How well the source is known: A read and measured on POWER, B read or derived, C second-hand, D from memory. */
  readonly mark: 'A' | 'B' | 'C' | 'D';
  /** What a reader must know of it. */
  readonly remark?: string;
  /** The preset: the scenario nearest to its situation, as what it sets over the claim's. */
  readonly scenario: ScenarioSettings;
  readonly figures: readonly PublishedFigure[];
}

/** A figure that a source states rounded to `step`. */
export function rounded(value: number, step: number): Interval {
  return { low: value - step / 2, high: value + step / 2 };
}

/** The least and the largest of some figures. */
export function span(values: readonly number[]): Interval {
  return { low: Math.min(...values), high: Math.max(...values) };
}

/** What every constant at the low end of its range gives, and at the high end: a time grows with every cost. */
export function overRanges(profile: CostProfile, figure: (prices: Prices) => number): Interval {
  return {
    low: figure(pricesOf(profile, ({ low }) => low)),
    high: figure(pricesOf(profile, ({ high }) => high)),
  };
}

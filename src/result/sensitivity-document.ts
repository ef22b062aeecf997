/** How much of an arm's rate one constant carries. */
export interface SensitivityRow {
  readonly key: string;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  readonly origin: string;
  /** Rate with the constant at the ends of its range and every other at its value, in bytes per second. */
  readonly rateAtLow: number;
  readonly rateAtHigh: number;
  /** Shares of the variance over all ranges: alone, and together with others. Estimates; small ones may be below 0. */
  readonly firstOrder: number;
  readonly total: number;
}

/** Which constants carry the rate of one arm, the heaviest first. */
export interface SensitivityDocument {
  readonly schema: 'tcebench.sensitivity/1';
  readonly clock: 'modelled';
  readonly version: string;
  readonly scenario: { readonly [key: string]: unknown };
  readonly arm: string;
  readonly cost: string;
  /** Points of the estimate; the arm was priced (constants + 2) times as often. */
  readonly points: number;
  readonly rateBytesPerSec: number;
  /** Mean and standard deviation of the rate over all ranges. */
  readonly meanRate: number;
  readonly deviation: number;
  readonly rows: readonly SensitivityRow[];
}

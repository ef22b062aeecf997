/** The value of a constant that gives an arm a rate. */
export interface SolveDocument {
  readonly schema: 'tcebench.solve/1';
  readonly clock: 'modelled';
  readonly version: string;
  readonly scenario: { readonly [key: string]: unknown };
  readonly arm: string;
  readonly cost: string;
  readonly key: string;
  readonly unit: string;
  readonly targetBytesPerSec: number;
  /** null: no value of the range gives it. */
  readonly value: number | null;
  readonly low: number;
  readonly high: number;
  /** Whether one finished run was priced anew for each value; false: each value was a run of its own. */
  readonly recosted: boolean;
  /** The rate of the arm at the solved value, fed back; null where there is none. */
  readonly rateBytesPerSec: number | null;
  readonly rateAtLow: number;
  readonly rateAtHigh: number;
}

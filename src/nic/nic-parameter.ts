/** Where a number about a card comes from. */
export type ParameterOrigin =
  /** Read in the source named. */
  | 'read'
  /** Worked out from numbers that were read. */
  | 'computed'
  /** A conclusion that nothing read contradicts. */
  | 'inferred'
  /** Remembered, not looked up again. */
  | 'memory';

/** One number about a card or its driver, with its origin, so that it can be shown beside a result. */
export interface NicParameter {
  readonly value: number;
  readonly unit: string;
  readonly origin: ParameterOrigin;
  readonly source: string;
}

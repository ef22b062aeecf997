/** Where a number about a card comes from. */
export const PARAMETER_ORIGINS = [
  /** Read in the source named. */
  'read',
  /** Worked out from numbers that were read. */
  'computed',
  /** Counted in a hypercall log of a real guest. */
  'measured',
  /** A conclusion that nothing read contradicts. */
  'inferred',
  /** Remembered, not looked up again. */
  'memory',
  /** Nobody published it. */
  'assumed',
] as const;

/** Where a number about a card comes from; see {@link PARAMETER_ORIGINS}. */
export type ParameterOrigin = (typeof PARAMETER_ORIGINS)[number];

/** One number about a card or its driver, with its origin, so that it can be shown beside a result. */
export interface NicParameter {
  readonly value: number;
  readonly unit: string;
  readonly origin: ParameterOrigin;
  readonly source: string;
}

/** Named parameters, as a list of them is shown. */
export type ParameterTable = Readonly<Record<string, NicParameter>>;

/** A parameter on one line, for the files in `profiles/`. */
export function parameter(
  value: number,
  unit: string,
  origin: ParameterOrigin,
  source: string,
): NicParameter {
  return { value, unit, origin, source };
}

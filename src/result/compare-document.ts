/** What a comparison says of one metric. `within noise`: differs by less than these runs can tell. */
export type CompareVerdict = 'better' | 'worse' | 'same' | 'within noise';

/** What a metric is counted in; `1/MB` is for 10^6 bytes of payload. */
export type MetricUnit = 'B/s' | '1/s' | 'ns' | 's' | '1/MB' | 'count' | 'share' | 'ratio';

/**
 * How sure a metric is. `exact`: the model repeats it to the last bit. `drawn`: so too, but it hangs on constants with
 * ranges. `measured`: this machine's, with noise.
 */
export type MetricBasis = 'exact' | 'drawn' | 'measured';

/** One metric of both documents. */
export interface CompareRow {
  /** `ID.METRIC`, for example `multi-real.rateBytesPerSec`. */
  readonly metric: string;
  readonly unit: MetricUnit;
  /** Which way is an improvement. */
  readonly better: 'more' | 'less';
  readonly basis: MetricBasis;
  /** null: not in that document. */
  readonly before: number | null;
  readonly after: number | null;
  /** after / before, with its interval where one is known. */
  readonly ratio: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Of the test of two measured samples: how often identical programs would differ as much; null: none was made. */
  readonly p: number | null;
  readonly verdict: CompareVerdict | 'missing';
}

/** What became of a gate; only `passed` is a pass. */
export type GateVerdict = 'passed' | 'failed' | 'undecided';

/** One gate and what became of it. */
export interface GateResult {
  readonly expression: string;
  /** What was held against the bound: a value, or a change in percent; null: nothing to judge. */
  readonly observed: number | null;
  readonly verdict: GateVerdict;
  readonly reason: string;
}

/** The result of `compare`. */
export interface CompareDocument {
  readonly schema: 'tcebench.compare/1';
  /** null: the documents are of two clocks, and so not comparable. */
  readonly clock: 'modelled' | 'measured' | null;
  /** Where the documents came from; null: there is one document only, held against absolute gates. */
  readonly before: string | null;
  readonly after: string;
  readonly comparable: boolean;
  /** Why the documents cannot be compared; empty where they can. */
  readonly reasons: readonly string[];
  readonly rows: readonly CompareRow[];
  readonly gates: readonly GateResult[];
  /** In what the documents differ besides their figures, and where the histories of modelled arms part. */
  readonly differences: readonly string[];
  /** Of measured documents, the larger of the two sessions; null where it is not known or there is none. */
  readonly noiseFloor: number | null;
  readonly smallestDetectableChange: number | null;
  readonly warnings: readonly string[];
}

/** What a comparison says of one metric. `within noise`: differs by less than these runs can tell. */
export type CompareVerdict = 'better' | 'worse' | 'same' | 'within noise';

/** One metric of both documents. */
export interface CompareRow {
  /** `ID.METRIC`, for example `multi-real.rateBytesPerSec`. */
  readonly metric: string;
  /** null: not in that document. */
  readonly before: number | null;
  readonly after: number | null;
  /** after / before, with its interval where one is known. */
  readonly ratio: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly verdict: CompareVerdict | 'missing';
}

/** One gate and what became of it; only `passed` is a pass. */
export interface GateResult {
  readonly expression: string;
  /** What was held against the bound: a value, or a change in percent; null: nothing to judge. */
  readonly observed: number | null;
  readonly verdict: 'passed' | 'failed' | 'undecided';
  readonly reason: string;
}

/** The result of `compare`. */
export interface CompareDocument {
  readonly schema: 'tcebench.compare/1';
  readonly clock: 'modelled' | 'measured';
  readonly before: string;
  readonly after: string;
  readonly comparable: boolean;
  /** Why the documents cannot be compared; empty where they can. */
  readonly reasons: readonly string[];
  readonly rows: readonly CompareRow[];
  readonly gates: readonly GateResult[];
  /** Where the histories of modelled arms part. */
  readonly differences: readonly string[];
  readonly warnings: readonly string[];
}

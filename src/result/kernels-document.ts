/** An operation in which kernels part. */
export interface ComparedOperation {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly op: string;
  /** The note that stands last before it. */
  readonly label: string;
  /** What each kernel gave, in the order of the kernels. */
  readonly outcomes: readonly object[];
  /** Their codes by name where they are a hypercall's, else null. */
  readonly codes: readonly (string | null)[];
}

/** One scenario on all kernels. */
export interface ComparedScenario {
  readonly file: string;
  readonly operations: number;
  readonly differing: readonly ComparedOperation[];
  /** Whether its last record was cut and left out. */
  readonly truncated: boolean;
}

/** Scenarios on several kernels, and where those part. */
export interface KernelsDocument {
  readonly schema: 'tcebench.kernels/1';
  readonly revisions: readonly { readonly id: string; readonly evidence: string }[];
  readonly scenarios: readonly ComparedScenario[];
}

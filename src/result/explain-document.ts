/** One stage of a request's journey: a primitive operation, how often, and what it costs. */
export interface ExplainedStage {
  readonly operation: string;
  readonly constant: string;
  /** How often in one hypercall, on average. */
  readonly perHcall: number;
  readonly nsEach: number;
  readonly low: number;
  readonly high: number;
  readonly origin: string;
  readonly source: string;
  /** What it adds to the mean hypercall. */
  readonly nsPerHcall: number;
  readonly nsPerFrame: number;
}

/** Where the time of one arm goes. */
export interface ExplainDocument {
  readonly schema: 'tcebench.explain/1';
  readonly clock: 'modelled';
  readonly version: string;
  readonly scenario: { readonly [key: string]: unknown };
  readonly arm: string;
  readonly revision: string;
  readonly evidence: string;
  readonly cost: string;
  readonly hcalls: number;
  readonly frames: number;
  readonly hcallsPerFrame: number;
  readonly stages: readonly ExplainedStage[];
  /** The sum of the stages, which is the mean hypercall exactly; null where the arm makes none. */
  readonly meanHcallNs: number | null;
  readonly hcallsNsPerFrame: number;
  readonly otherWorkNsPerFrame: number;
  readonly vcpuNsPerFrame: number;
  /** What the wire leaves for one frame at line rate. */
  readonly budgetNsPerFrame: number;
  readonly boundBy: string;
}

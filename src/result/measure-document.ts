/** How the vCPU hands a hypercall to user space: not at all, or to a sleeping thread that must be woken. */
export type ExitKind = 'none' | 'block';

/** One arm of a measurement: wall-clock time of our handlers on this machine. */
export interface MeasuredArm {
  readonly id: string;
  readonly path: 'userspace' | 'real';
  readonly multiTce: boolean;
  readonly exit: ExitKind;
  readonly vcpus: number;
  /** TCEs set or cleared by one call. */
  readonly tcesPerCall: number;
  /** Calls timed together, a map and its unmap or more: p99 is of such samples, divided by their calls. */
  readonly callsPerSample: number;
  readonly slices: number;
  readonly calls: number;
  /**
   * One median per slice is the unit of analysis: `median` over slices, `low` and `high` the 95 % interval of that
   * median by order statistics, within this process, `p99` the median over slices of each slice's 99th percentile.
   */
  readonly nsPerCall: {
    readonly median: number;
    readonly low: number;
    readonly high: number;
    readonly p99: number;
  };
}

/** The result of a measurement. */
export interface MeasureDocument {
  readonly schema: 'tcebench.measure/1';
  readonly clock: 'measured';
  readonly version: string;
  readonly arms: readonly MeasuredArm[];
  readonly warnings: readonly string[];
}

/** The median of one slice of one arm, in the order in which the slices ran. */
export interface MeasuredSlice {
  readonly armId: string;
  readonly slice: number;
  readonly calls: number;
  readonly medianNs: number;
  readonly p99Ns: number;
}

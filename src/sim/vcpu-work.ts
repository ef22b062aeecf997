import type { CostModel } from '../cost/cost-model.js';
import type { CallLog, LockCoverage } from './call-log.js';
import type { Link } from './closed-loop.js';
import type { CostClasses } from './cost-classes.js';
import type { RunLength } from './functional-run.js';

/** What a unit did, as a card tells it. */
interface WorkUnit {
  readonly payloadBytes: number;
  readonly wireBytes: number;
  readonly frames: number;
  readonly dropped: number;
  readonly transactions: number;
  readonly arrivalPs: number;
}

/** What one vCPU does: a card with the queue sets that it serves, brought up. */
export interface VcpuWork {
  /** One unit of work, executed at once; its calls go to the run's log. */
  step(): void;
  readonly unit: WorkUnit;
  readonly pipeline: 'tx' | 'rx';
  /** Units that may be between the processor and the wire at once. */
  readonly ringUnits: number;
}

/** A run of several vCPUs. */
export interface ContendedRunOptions {
  /** One for each vCPU that has work; all of one pipeline. */
  readonly work: readonly [VcpuWork, ...VcpuWork[]];
  /** Where a step notes its calls. */
  readonly log: CallLog;
  readonly classes: CostClasses;
  readonly cost: CostModel;
  readonly link: Link;
  /** The bus of the card; absent where it is faster than the wire and never binds. */
  readonly pcieBytesPerSec?: number;
  /** Guest threads on a core, and whether its threads leave the guest together. */
  readonly threadsPerCore: number;
  readonly threadsLeaveTogether: boolean;
  /** Pools of the guest's allocator with a lock each, and what a lock covers. */
  readonly pools: number;
  readonly lockCoverage: LockCoverage;
  /** Whether new work is there as soon as old work is done: then a latency counts from that moment. */
  readonly isClosed: boolean;
  readonly length: RunLength;
  /** By vCPU: uniform doubles in [0, 1), each from a stream of its own. */
  readonly random: (vcpu: number) => () => number;
  /** Told now and then: payload done, of how much, and the modelled time. */
  readonly onProgress?: (doneBytes: number, totalBytes: number, simulatedPs: number) => void;
}

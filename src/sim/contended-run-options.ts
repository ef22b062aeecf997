import type { CostModel } from '../cost/cost-model.js';
import type { Card } from '../nic/card.js';
import type { CallLog, LockCoverage } from './call-log.js';
import type { CostClasses } from './cost-classes.js';
import type { RunLength } from './functional-run.js';
import type { Link } from './link.js';

/** What one vCPU does: a card with the queue sets that it serves, brought up; its calls go to the run's log. */
export type VcpuWork = Pick<Card, 'step' | 'unit' | 'pipeline' | 'ringUnits'>;

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
  /** Told now and then: the share of the payload that is done, and the modelled time. */
  readonly onProgress?: (progress: { readonly share: number; readonly simulatedPs: number }) => void;
}

import type { ArmMemory } from './arm-memory.js';
import type { ArmSpec } from './arms.js';

/** What a vCPU's thread starts with. */
export interface VcpuWorkerData {
  readonly spec: ArmSpec;
  readonly vcpu: number;
  /** The memory of the machine that vCPU 0 has built; null for vCPU 0 itself. */
  readonly memory: ArmMemory | null;
  readonly barrier: SharedArrayBuffer;
  readonly lock: SharedArrayBuffer;
}

/** What a userspace thread starts with. */
export interface UserspaceWorkerData {
  readonly spec: ArmSpec;
  readonly memory: ArmMemory;
  readonly mailbox: SharedArrayBuffer;
  readonly lock: SharedArrayBuffer;
}

/**
 * What the coordinator asks of a vCPU's thread. `arrivals`: how many are to have come to the barrier before it begins.
 * `keeps`: whether the samples go into the distribution, which warm-up does not.
 */
export type VcpuRequest =
  | {
      readonly kind: 'slice';
      readonly milliseconds: number;
      readonly arrivals: number;
      readonly keeps: boolean;
    }
  | {
      readonly kind: 'paced';
      readonly milliseconds: number;
      readonly arrivals: number;
      readonly callsPerSec: number;
    }
  | { readonly kind: 'stop' };

/** The first word of a vCPU's thread: its machine stands. */
export interface ReadyReply {
  readonly memory: ArmMemory;
}

/** What the thread answers to a slice: wall time per hypercall. */
export interface SliceReply {
  readonly calls: number;
  readonly medianNs: number;
  readonly p99Ns: number;
  /** Milliseconds on a clock that all threads of the process share. */
  readonly beganMs: number;
  readonly endedMs: number;
}

/** The answer to a paced slice. */
export interface PacedReply {
  readonly calls: number;
  /** Calls that began later than intended by more than the time between two. */
  readonly lateCalls: number;
}

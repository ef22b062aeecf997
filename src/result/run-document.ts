import type { Operation } from '../cost/operations.js';
import type { ClaimDocument } from './claim-document.js';
import type { DocumentCost, EndedInCounts } from './document-parts.js';

/** The seven arms of the claim: batching and path are separate switches, `direct` is the control. */
export type ArmId =
  | 'single-userspace'
  | 'single-virtual'
  | 'single-real'
  | 'multi-userspace'
  | 'multi-virtual'
  | 'multi-real'
  | 'direct';

/** What went through the guest's DMA API over a whole run, set-up and clean-up included, boot left out. */
export interface DmaApiUse {
  readonly maps: number;
  readonly unmaps: number;
  /** Maps that found no addresses. */
  readonly failedMaps: number;
  /** Maps that found a mapping kept for reuse. */
  readonly foundMaps: number;
  /** How often the lock of a pool of addresses was taken: once a search, once a free. */
  readonly iovaLockTakes: number;
  /** Hypercalls made with such a lock held; none in a kernel whose lock covers the search only. */
  readonly hcallsUnderIovaLock: number;
}

/** One arm of a modelled run. Rates are of payload; everything per MB is per 10^6 payload bytes. */
export interface ArmResult {
  readonly id: ArmId;
  readonly path: 'userspace' | 'virtual' | 'real' | 'direct';
  readonly multiTce: boolean;
  readonly revision: string;
  readonly evidence: string;
  /** `control`: an arm that tests the model, not the patch. */
  readonly basis: 'calibrated' | 'predicted' | 'control';
  readonly direction: 'tx' | 'rx' | 'both';
  readonly mtu: number;
  /** At the chosen value of every constant. */
  readonly rateBytesPerSec: number;
  /** 5 % and 95 % quantile over the draws of the constants. */
  readonly rateLow: number;
  readonly rateHigh: number;
  readonly packetsPerSec: number;
  /** null: a stream has no transactions. */
  readonly transactionsPerSec: number | null;
  readonly hcallsPerMB: number;
  readonly tceOpsPerMB: number;
  /** Exits to user space. */
  readonly exitsPerMB: number;
  readonly cpuNsPerKB: number;
  /** Modelled time of the measured part. */
  readonly durationSec: number;
  /** The busiest resource; `arrivals` where work comes from outside and nothing is busy all the time. */
  readonly boundBy: 'wire' | 'pcie' | 'bql' | 'iova-lock' | 'smt' | 'vcpu' | 'arrivals';
  readonly resources: readonly ResourceResult[];
  /** Which rung answered, over the whole run: boot, set-up and warm-up included, so the first map shows. */
  readonly endedIn: EndedInCounts;
  /** null where the arm makes no hypercall while it is measured. */
  readonly hcallP50Ns: number | null;
  readonly hcallP99Ns: number | null;
  readonly latencyP50Ns: number | null;
  readonly latencyP99Ns: number | null;
  /** The same distributions at every share of `QUANTILE_SHARES`, and null where those are. */
  readonly hcallQuantiles: readonly QuantileNs[] | null;
  readonly latencyQuantiles: readonly QuantileNs[] | null;
  /** null where no frame was measured. */
  readonly frameCost: FrameCost | null;
  /** True where the run was priced again without being run again. */
  readonly recosted: boolean;
  /** Frames lost for want of a mapping. */
  readonly droppedFrames: number;
  /** Hypercalls that did not return H_SUCCESS, and those in which the host would have crashed. */
  readonly failedHcalls: number;
  readonly hostFaults: number;
  /** What the guest did once at boot: clearing the window, filling a direct one. Part of no figure above but `endedIn`. */
  readonly boot: { readonly hcalls: number; readonly tceOps: number; readonly modelledNs: number };
  readonly dmaApi: DmaApiUse;
  /** Hash of the event history and of its duration. */
  readonly fingerprint: string;
}

/** The shares at which a document tells a distribution. */
export const QUANTILE_SHARES = [
  0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1,
] as const;

/** The time that this share of all does not exceed. */
export interface QuantileNs {
  readonly share: number;
  readonly ns: number;
}

/** What one frame takes of the processors, at the chosen value of every constant. Waiting is no part of it. */
export interface FrameCost {
  /** Primitive operations of its hypercalls, those that were done. With the other work they add up to {@link vcpuNs}. */
  readonly stages: readonly { readonly operation: Operation; readonly ns: number }[];
  readonly otherWorkNs: number;
  readonly vcpuNs: number;
  /** Processor time of all vCPUs with work while the wire carries a frame: more than that, and the wire waits. */
  readonly budgetNs: number;
}

/** How busy something was in the measured part that units wait for. */
export interface ResourceResult {
  readonly id: string;
  /**
   * Share of the time: of the busiest lock where there are several, of all vCPUs together for `vcpu`, and for `smt` the
   * share of the vCPUs' time that rendezvous with their siblings took.
   */
  readonly utilisation: number;
  /** What units waited for it, for 1000 bytes of payload. */
  readonly waitingNsPerKB: number;
}

/** How one arm stands to another, draw by draw under the same constants. */
export interface Comparison {
  readonly slow: ArmId;
  readonly fast: ArmId;
  readonly ratio: number;
  readonly ratioLow: number;
  readonly ratioHigh: number;
}

/** What the claim says; only shown beside the result, nothing is fitted to it. */
export interface ClaimNumbers {
  readonly slow: number;
  readonly fast: readonly [number, number];
}

/** The result of `run`: a pure function of scenario, profiles and code version. */
export interface RunDocument {
  readonly schema: 'tcebench.run/1';
  readonly clock: 'modelled';
  readonly version: string;
  readonly scenario: { readonly [key: string]: unknown };
  readonly cost: DocumentCost;
  /** The card, where it came from a file. */
  readonly nic?: { readonly [key: string]: unknown };
  readonly claimNumbers: ClaimNumbers;
  /** Payload rate at which the wire is full. */
  readonly wireBytesPerSec: number;
  readonly arms: readonly ArmResult[];
  readonly comparisons: readonly Comparison[];
  /** The trial of the claim; null where the slow arm is left out or nothing is left to calibrate. */
  readonly claim: ClaimDocument | null;
  readonly warnings: readonly string[];
  /** There, and true, where the capture ends inside its last record, which is left out. */
  readonly truncated?: true;
}

/** The share of the draws that an interval leaves out on either side: it goes from their 5 % to their 95 % quantile. */
export const INTERVAL_TAIL = 0.05;

/** Rates of every arm in every draw of the constants, in bytes per second; not part of the document. */
export interface DrawnRates {
  readonly armId: ArmId;
  readonly rates: Float64Array;
}

import type { ArmSpec } from './arms.js';

/** What the coordinator asks of an arm's worker. */
export type SliceRequest =
  | { readonly kind: 'slice'; readonly milliseconds: number }
  | { readonly kind: 'stop' };

/** What the worker answers to a slice: wall time per hypercall. */
export interface SliceReply {
  readonly calls: number;
  readonly medianNs: number;
  readonly p99Ns: number;
}

/** What a userspace thread starts with. */
export interface UserspaceWorkerData {
  readonly spec: ArmSpec;
  readonly buffers: readonly SharedArrayBuffer[];
  readonly mailbox: SharedArrayBuffer;
}

import type { AttachPolicy } from '../../host/attach-policy.js';
import type { GuestViewPolicy } from '../../host/guest-view-policy.js';
import type { VfioPolicy } from '../../host/vfio-policy.js';
import type { ModePolicy } from './mode-policy.js';

/** How well the behaviour of a revision is known. */
export type Evidence = 'vectors' | 'reading' | 'derived';

/** A kernel revision, as data: a set of policies that the shared handlers follow. */
export interface Revision {
  readonly id: string;
  readonly title: string;
  /** What the review of the patch said of it, or what the revision answers. */
  readonly review: string;
  /** How its behaviour is known: outcomes of the real handlers, source read, or a consequence of what was read. */
  readonly evidence: Evidence;
  /** The name of this kernel in the `config` line of a conformance scenario. */
  readonly scenarioKernel: string;
  /** null where the kernel has no real-mode handlers. */
  readonly real: ModePolicy | null;
  readonly virtual: ModePolicy;
  readonly attach: AttachPolicy;
  readonly vfio: VfioPolicy;
  readonly guestView: GuestViewPolicy;
  /** Whether virtual mode answers H_GET_TCE too. */
  readonly answersGetInVirtualMode: boolean;
  /** Whether the kernel knows radix guests, whose changes of entries real mode leaves to virtual mode. */
  readonly knowsRadixGuests: boolean;
}

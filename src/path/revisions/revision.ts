import type { AttachPolicy } from '../../host/attach-policy.js';
import type { EntryCodes } from '../../host/entry-codes.js';
import type { MmuMode } from '../../host/mmu-mode.js';

/**
 * How H_PUT_TCE_INDIRECT reaches its list. `registered`: by the pinned page of a preregistered region; where nothing
 * at all is registered, the caller is taken for an emulated device, the list is found by the page table and the
 * hardware part is skipped. `pointer`: by its user address, which the hardware part reads as a plain pointer, so
 * that an absent page stops the host; only the guest view's part asks for it with `get_user`.
 */
export type ListAccess = 'registered' | 'pointer';

/** What the in-kernel handlers of one mode do where revisions and modes differ. */
export interface ModePolicy extends EntryCodes {
  readonly mode: MmuMode;
  readonly list: ListAccess;
}

/** How well the behaviour of a revision is known. */
export type Evidence = 'vectors' | 'reading' | 'derived';

/** A kernel revision, as data: a set of policies that the shared handlers follow. */
export interface Revision {
  readonly id: string;
  readonly title: string;
  readonly evidence: Evidence;
  /** The name of this kernel in the `config` line of a conformance scenario; null where there are none for it. */
  readonly scenarioKernel: string | null;
  /** null where the kernel has no real-mode handlers. */
  readonly real: ModePolicy | null;
  readonly virtual: ModePolicy;
  readonly attach: AttachPolicy;
}

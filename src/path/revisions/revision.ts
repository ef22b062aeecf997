import type { AttachPolicy } from '../../host/attach-policy.js';
import type { EntryCodes } from '../../host/entry-codes.js';
import type { MmuMode } from '../../host/mmu-mode.js';
import type { VfioPolicy } from '../../host/vfio-policy.js';

/**
 * How H_PUT_TCE_INDIRECT reaches its list. `registered`: by the pinned page of a preregistered region; where nothing
 * at all is registered, the caller is taken for an emulated device, the list is found by the page table and the
 * hardware part is skipped. `registered-or-page-table`: by the pinned page where there is one, else by the page table;
 * the hardware part is done all the same. `pointer`: by its user address, which the hardware part reads as a plain
 * pointer, so that an absent page stops the host; only the guest view's part asks for it with `get_user`. `get-user`:
 * by its user address, every word asked for.
 */
export type ListAccess = 'registered' | 'registered-or-page-table' | 'pointer' | 'get-user';

/**
 * In which order hardware tables and guest view change. `tables`: table after table; a list is checked as a whole for
 * each table, then mapped there, and the guest view follows last. `entries`: entry by entry over all tables with the
 * guest view, nothing checked beforehand, each address looked up in the memory slots once, before the first table.
 */
export type WorkOrder = 'tables' | 'entries';

/** What the in-kernel handlers of one mode do where revisions and modes differ. */
export interface ModePolicy extends EntryCodes {
  readonly mode: MmuMode;
  readonly list: ListAccess;
  readonly order: WorkOrder;
  /** Whether the window check looks at every page of a range, or only at the first. */
  readonly countsPages: boolean;
  /** Whether a value without permission bits may have any address ("poison"), as far as the TCE check goes. */
  readonly acceptsPoison: boolean;
  /** Whether H_STUFF_TCE looks at value and range for each hardware table, which refuses poison. */
  readonly checksTables: boolean;
  /**
   * Whether a failure other than H_TOO_HARD is swallowed: the first entry of the request is cleared in that table,
   * whichever entry failed, and the work goes on.
   */
  readonly clearsAndContinues: boolean;
  /** Whether H_STUFF_TCE goes on after every failure of an entry, H_TOO_HARD included, and tells none. */
  readonly stuffIgnoresFailures: boolean;
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
  readonly vfio: VfioPolicy;
  /** Whether the size of a guest view is rounded up to whole host pages of entries. */
  readonly roundsTableSize: boolean;
  /** Whether the kernel knows radix guests, whose changes of entries real mode leaves to virtual mode. */
  readonly knowsRadixGuests: boolean;
}

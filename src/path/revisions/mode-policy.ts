import type { EntryCodes } from '../../host/entry-codes.js';
import type { MmuMode } from '../../host/mmu-mode.js';
import type { H_PARAMETER } from '../../papr/hcall-return.js';

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
 * Where an address is looked up in the memory slots: for each table in which it is mapped, once for a word if there is
 * any table, or once for every word.
 */
export type SlotLookup = 'each-table' | 'once-for-tables' | 'once';

/**
 * What a failure in one table leads to. `return`: its code is the answer. `clear-and-continue`: H_TOO_HARD is the
 * answer; any other code is swallowed, an entry is cleared in that table, and the work goes on. `clear-and-return`: an
 * entry is cleared, whatever the code, which is the answer.
 */
export type AfterFailure = 'return' | 'clear-and-continue' | 'clear-and-return';

/**
 * Which entry a failure clears: the first of the request, whichever failed (a defect; and by its index in the guest
 * view, which names another entry where the hardware's pages are smaller), or the one that failed.
 */
export type ClearedEntry = 'first' | 'failing';

/**
 * What H_STUFF_TCE makes of the failure of an entry: `ignore` tells none and goes on; `return` answers with it;
 * `clear-and-continue` as in {@link AfterFailure}, and the answer is success; `clear-and-tell-last` the same, and the
 * answer is what the last entry of all gave.
 */
export type StuffFailure = 'ignore' | 'return' | 'clear-and-continue' | 'clear-and-tell-last';

/** How often the hardware's copy of entries is invalidated: after each exchange, after each TCE of the guest, or once for each table at the end of a hypercall. */
export type Invalidation = 'exchange' | 'tce' | 'hcall';

/** What a policy says whatever the order of its lists. */
interface AnyOrderPolicy extends EntryCodes {
  readonly mode: MmuMode;
  readonly list: ListAccess;
  /** The code where an address that is to be mapped has bits below its page. */
  readonly misaligned: number;
  /**
   * The code where a word whose slot, region or host address is missing is refused before anything is mapped; null
   * where only its bits are looked at beforehand.
   */
  readonly notMappable: number | null;
  readonly slotLookup: SlotLookup;
  /** Whether the window check looks at every page of a range, or only at the first. */
  readonly countsPages: boolean;
  /** Whether a value without permission bits may have any address ("poison"), as far as the TCE check goes. */
  readonly acceptsPoison: boolean;
  /** Whether each hardware table is asked for range and, in H_STUFF_TCE, value, which refuses poison. */
  readonly checksTables: boolean;
  readonly afterFailure: AfterFailure;
  readonly clearedEntry: ClearedEntry;
  readonly stuffFailure: StuffFailure;
  readonly invalidation: Invalidation;
  /** Whether an IOMMU page must fit into the pages behind its region, as the region remembers them. */
  readonly checksRegionPages: boolean;
  /** Whether a missing leaf of a userspace view is made where a map needs it. */
  readonly allocatesLevels: boolean;
  /** Whether a word that is not zero needs a page of the guest view that exists already: else H_TOO_HARD. */
  readonly needsGuestViewPage: boolean;
}

/**
 * A list changes table after table: it is checked as a whole for each, then mapped there, and the guest view follows
 * last. It has a backend of its own, which knows what v3 does and nothing that later kernels do otherwise.
 */
export interface ListByTablesPolicy extends AnyOrderPolicy {
  readonly order: 'tables';
  readonly misaligned: typeof H_PARAMETER;
  readonly notMappable: null;
  readonly slotLookup: 'each-table';
  readonly acceptsPoison: false;
  readonly checksTables: true;
  readonly afterFailure: 'return';
  readonly invalidation: 'exchange';
}

/** A list changes entry by entry over all tables with the guest view. */
export interface ListByEntriesPolicy extends AnyOrderPolicy {
  readonly order: 'entries';
  /** Whether every word of a list is checked before its first is mapped, and the list then read a second time. */
  readonly checksListFirst: boolean;
}

/**
 * As by entries with the list checked first, but the loop over the tables uses the index of the list again: the first
 * entry is mapped all over the range, and the guest view gets it behind the range (the defect of the interim revision).
 */
export interface FirstEntryPolicy extends AnyOrderPolicy {
  readonly order: 'first-entry';
  readonly slotLookup: 'each-table';
  readonly checksTables: true;
  readonly afterFailure: 'return';
  readonly invalidation: 'exchange';
}

/** What the in-kernel handlers of one mode do where revisions and modes differ. */
export type ModePolicy = ListByTablesPolicy | ListByEntriesPolicy | FirstEntryPolicy;

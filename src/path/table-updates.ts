import { GPA_TO_UA, type OperationCounts, TCE_INVALIDATES } from '../cost/operations.js';
import type { GuestView } from '../host/guest-view.js';
import type { Host } from '../host/host.js';
import type { IommuTable } from '../host/iommu-table.js';
import { type EntriesCaller, MappedEntries } from '../host/mapped-entries.js';
import type { Memslots } from '../host/memslots.js';
import { H_SUCCESS, H_TOO_HARD } from '../papr/hcall-return.js';
import { addressOf, highHalf, lowHalf, TCE_PERMISSIONS } from '../papr/tce.js';
import type { ModePolicy } from './revisions/mode-policy.js';

// An imported constant is read from memory at every use, one of this module is folded into the code.
const SUCCESS = H_SUCCESS;
const PERMISSIONS = TCE_PERMISSIONS;
const TO_UA = GPA_TO_UA;
const INVALIDATES = TCE_INVALIDATES;

/**
 * One entry of a guest view in the hardware tables that follow it, under the policies of one mode. Where the page of
 * the guest view is larger than the hardware's, an entry of the view stands for several neighbouring ones.
 * One thread at a time may call it.
 */
export class TableUpdates {
  /** The entries themselves, for work on a whole list in one table. */
  declare readonly entries: MappedEntries;
  /** The same, for pages named by their user address. */
  declare private readonly finer: MappedEntries;
  declare private readonly memslots: Memslots;
  // Declared, not defined: a field that begins as undefined costs a check of its type at every read.
  declare private readonly counts: OperationCounts;
  declare private readonly policy: ModePolicy;
  declare private readonly looksUpOnce: boolean;
  declare private readonly looksUpAlways: boolean;
  declare private readonly invalidatesTce: boolean;
  declare private readonly invalidatesHcall: boolean;

  constructor(host: Host, policy: ModePolicy) {
    const caller: EntriesCaller = {
      mode: policy.mode,
      codes: policy,
      pinned: host.pinned,
      slotLookups: policy.slotLookup === 'each-table' ? 1 : 0,
      uncountTranslations: 0,
      checksRegionPages: policy.checksRegionPages,
      allocatesLevels: policy.allocatesLevels,
      invalidatesEach: policy.invalidation === 'exchange',
    };
    this.entries = new MappedEntries(host, caller);
    this.finer = new MappedEntries(host, { ...caller, pinned: host.pinnedByUser, slotLookups: 0 });
    this.memslots = host.memslots;
    this.counts = host.counts;
    this.policy = policy;
    this.looksUpOnce = policy.slotLookup !== 'each-table';
    this.looksUpAlways = policy.slotLookup === 'once';
    this.invalidatesTce = policy.invalidation === 'tce';
    this.invalidatesHcall = policy.invalidation === 'hcall';
  }

  /** Looks an address up in the memory slots where that is done once for all tables: 0 or a code. */
  lookUpSlot(view: GuestView, hi: number, lo: number): number {
    if (!this.looksUpOnce) return SUCCESS;
    if (!this.looksUpAlways && view.tables.length === 0) return SUCCESS;
    this.count(TO_UA, 1);
    return this.entries.isInSlot(view.pageMask, hi, lo) ? SUCCESS : this.policy.map.noSlot;
  }

  /** Maps a word in one table; without permission bits it is mapped too. */
  map(view: GuestView, table: IommuTable, index: number, hi: number, lo: number): number {
    const split = view.pageShift - table.pageShift;
    const code =
      split === 0 ? this.entries.map(table, index, hi, lo) : this.mapFiner(table, index, split, hi, lo);
    if (this.invalidatesTce) this.count(INVALIDATES, 1);
    return code;
  }

  /** Clears an entry of the view in one table. */
  clear(view: GuestView, table: IommuTable, index: number): number {
    const split = view.pageShift - table.pageShift;
    const code = split === 0 ? this.entries.clear(table, index) : this.clearFiner(table, index, split);
    if (this.invalidatesTce) this.count(INVALIDATES, 1);
    return code;
  }

  /**
   * Whether the work goes on after a failure in one table, `first` being the first entry of the request and `index`
   * the one that failed. Clears what the policy clears.
   */
  goesOnAfter(code: number, view: GuestView, table: IommuTable, first: number, index: number): boolean {
    const { afterFailure } = this.policy;
    if (afterFailure === 'return') return false;
    if (afterFailure === 'clear-and-return') {
      this.wipe(view, table, first, index);
      return false;
    }
    return this.clearsAndGoesOn(code, view, table, first, index);
  }

  /** H_TOO_HARD ends the work; after any other failure an entry is cleared and the work goes on. */
  clearsAndGoesOn(code: number, view: GuestView, table: IommuTable, first: number, index: number): boolean {
    if (code === H_TOO_HARD) return false;
    this.wipe(view, table, first, index);
    return true;
  }

  /** Counts the invalidation of one table that ends a hypercall, where it is done so. */
  endHcall(tables: number): void {
    if (this.invalidatesHcall) this.count(INVALIDATES, tables);
  }

  private wipe(view: GuestView, table: IommuTable, first: number, index: number): void {
    if (this.policy.clearedEntry === 'first') {
      this.entries.wipe(table, first);
      return;
    }
    const split = view.pageShift - table.pageShift;
    for (let i = 0; i < 1 << split; i++) this.entries.wipe(table, (index << split) + i);
  }

  /** The user address is looked up once: the hardware pages follow it in user memory, beyond their slot too. */
  private mapFiner(table: IommuTable, index: number, split: number, hi: number, lo: number): number {
    const permissions = lo & PERMISSIONS;
    const first = this.memslots.uaOf(addressOf(hi, lo));
    if (first < 0) return this.policy.map.noSlot;
    const step = 2 ** table.pageShift;
    for (let i = 0; i < 1 << split; i++) {
      const ua = first + i * step;
      const code = this.finer.map(table, (index << split) + i, highHalf(ua), lowHalf(ua) | permissions);
      if (code !== SUCCESS) return code;
    }
    return SUCCESS;
  }

  private clearFiner(table: IommuTable, index: number, split: number): number {
    for (let i = 0; i < 1 << split; i++) {
      const code = this.entries.clear(table, (index << split) + i);
      if (code !== SUCCESS) return code;
    }
    return SUCCESS;
  }

  private count(operation: number, times: number): void {
    const counts = this.counts;
    counts[operation] = (counts[operation] as number) + times;
  }
}

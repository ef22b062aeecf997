import { GUEST_VIEW_STORES, LIST_READS, type OperationCounts } from '../cost/operations.js';
import type { GuestView } from '../host/guest-view.js';
import type { Host } from '../host/host.js';
import type { IommuTable } from '../host/iommu-table.js';
import { H_PARAMETER, H_SUCCESS } from '../papr/hcall-return.js';
import type { FirstEntryPolicy, ListByEntriesPolicy } from './revisions/mode-policy.js';
import type { TableUpdates } from './table-updates.js';
import type { TceCheck } from './tce-check.js';

/**
 * A list entry by entry, each in all tables and then in the guest view. Later kernels validate the whole list first
 * and read it again. One thread at a time may call it.
 */
export class ListByEntries {
  // Declared, not defined: a field that begins as undefined costs a check of its type at every read.
  declare private readonly updates: TableUpdates;
  declare private readonly tceCheck: TceCheck;
  declare private readonly counts: OperationCounts;
  declare private readonly checksListFirst: boolean;
  declare private readonly spreadsFirst: boolean;
  declare private readonly checksTables: boolean;

  constructor(
    host: Host,
    updates: TableUpdates,
    tceCheck: TceCheck,
    policy: ListByEntriesPolicy | FirstEntryPolicy,
  ) {
    this.updates = updates;
    this.tceCheck = tceCheck;
    this.counts = host.counts;
    this.checksListFirst = policy.order === 'first-entry' || policy.checksListFirst;
    this.spreadsFirst = policy.order === 'first-entry';
    this.checksTables = policy.checksTables;
  }

  /** Puts the big-endian words into the tables and the guest view: 0 or a code. */
  put(
    view: GuestView,
    tables: readonly IommuTable[],
    first: number,
    words: DataView,
    npages: number,
  ): number {
    if (this.checksListFirst) {
      const code = this.validate(view, words, npages);
      if (code !== H_SUCCESS) return code;
    }
    if (this.spreadsFirst && tables.length > 0) {
      return this.spreadFirst(view, tables, first, words, npages);
    }
    const code = this.putEach(view, tables, first, words, npages);
    this.updates.endHcall(tables.length);
    return code;
  }

  private validate(view: GuestView, words: DataView, npages: number): number {
    for (let i = 0; i < npages; i++) {
      this.count(LIST_READS, 1);
      const code = this.tceCheck.check(view, words.getInt32(i << 3), words.getInt32((i << 3) + 4));
      if (code !== H_SUCCESS) return code;
    }
    return H_SUCCESS;
  }

  /** What the very last map gave is the answer, if nothing ended the work before. */
  private putEach(
    view: GuestView,
    tables: readonly IommuTable[],
    first: number,
    words: DataView,
    npages: number,
  ): number {
    const { updates } = this;
    const checks = !this.checksListFirst;
    let code = H_SUCCESS;
    for (let i = 0; i < npages; i++) {
      const hi = words.getInt32(i << 3);
      const lo = words.getInt32((i << 3) + 4);
      this.count(LIST_READS, 1);
      if (checks) {
        const refused = this.tceCheck.check(view, hi, lo);
        if (refused !== H_SUCCESS) return refused;
      }
      const unknown = updates.lookUpSlot(view, hi, lo);
      if (unknown !== H_SUCCESS) return unknown;
      code = H_SUCCESS;
      const index = first + i;
      for (let t = 0; t < tables.length; t++) {
        const table = tables[t] as IommuTable;
        if (this.checksTables && index >= table.size) return H_PARAMETER;
        code = updates.map(view, table, index, hi, lo);
        if (code !== H_SUCCESS && !updates.goesOnAfter(code, view, table, first, index)) return code;
      }
      view.store(index, hi, lo);
      this.count(GUEST_VIEW_STORES, 1);
    }
    return code;
  }

  /**
   * One index for two loops: the inner one runs over the range for each table, and leaves the index behind the range,
   * where the guest view is written and the outer loop ends.
   */
  private spreadFirst(
    view: GuestView,
    tables: readonly IommuTable[],
    first: number,
    words: DataView,
    npages: number,
  ): number {
    const hi = words.getInt32(0);
    const lo = words.getInt32(4);
    this.count(LIST_READS, 1);
    for (let t = 0; t < tables.length; t++) {
      for (let i = 0; i < npages; i++) {
        const code = this.updates.map(view, tables[t] as IommuTable, first + i, hi, lo);
        if (code !== H_SUCCESS) return code;
      }
    }
    view.store(first + npages, hi, lo);
    this.count(GUEST_VIEW_STORES, 1);
    return H_SUCCESS;
  }

  private count(operation: number, times: number): void {
    const counts = this.counts;
    counts[operation] = (counts[operation] as number) + times;
  }
}

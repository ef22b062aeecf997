import { GUEST_VIEW_STORES, LIST_READS, type OperationCounts } from '../cost/operations.js';
import type { GuestView } from '../host/guest-view.js';
import type { Host } from '../host/host.js';
import type { IommuTable } from '../host/iommu-table.js';
import type { MappedEntries } from '../host/mapped-entries.js';
import { H_PARAMETER, H_SUCCESS } from '../papr/hcall-return.js';
import type { TableUpdates } from './table-updates.js';
import { hasBitsBelowPage } from './tce-check.js';

/**
 * A list table after table, as v3 has it: the whole list is checked before its first entry is mapped in that table;
 * the guest view follows last and is checked word by word. One thread at a time may call it.
 */
export class ListByTables {
  // Declared, not defined: a field that begins as undefined costs a check of its type at every read.
  declare private readonly entries: MappedEntries;
  declare private readonly counts: OperationCounts;

  constructor(host: Host, updates: TableUpdates) {
    this.entries = updates.entries;
    this.counts = host.counts;
  }

  /** Puts the big-endian words into the tables and the guest view: 0 or a code. */
  put(
    view: GuestView,
    tables: readonly IommuTable[],
    first: number,
    words: DataView,
    npages: number,
  ): number {
    for (let i = 0; i < tables.length; i++) {
      const code = this.putInTable(tables[i] as IommuTable, first, words, npages);
      if (code !== H_SUCCESS) return code;
    }
    return this.store(view, first, words, npages);
  }

  /** An entry without permission is mapped too. */
  private putInTable(table: IommuTable, first: number, words: DataView, npages: number): number {
    const misaligned = this.firstMisaligned(table, first, words, npages);
    this.count(LIST_READS, Math.min(misaligned + 1, npages));
    return misaligned < npages ? H_PARAMETER : this.entries.mapList(table, first, words, npages);
  }

  /** The first word of a list that the table does not take for its place, `npages` where it takes all of them. */
  private firstMisaligned(table: IommuTable, first: number, words: DataView, npages: number): number {
    const end = Math.min(npages, table.size - first);
    for (let i = 0; i < end; i++) {
      if (hasBitsBelowPage(table.pageMask, words.getInt32((i << 3) + 4))) return i;
    }
    return Math.max(end, 0);
  }

  /** Past `GuestView.store`: kernels of this order have every page of a guest view from the start. */
  private store(view: GuestView, first: number, words: DataView, npages: number): number {
    let i = 0;
    for (; i < npages; i++) {
      const tceLo = words.getInt32((i << 3) + 4);
      if (hasBitsBelowPage(view.pageMask, tceLo)) break;
      view.entries.store(first + i, words.getInt32(i << 3), tceLo);
    }
    this.count(GUEST_VIEW_STORES, i);
    this.count(LIST_READS, i < npages ? i + 1 : npages);
    return i < npages ? H_PARAMETER : H_SUCCESS;
  }

  private count(operation: number, times: number): void {
    const counts = this.counts;
    counts[operation] = (counts[operation] as number) + times;
  }
}

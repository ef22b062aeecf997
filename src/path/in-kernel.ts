import { GUEST_VIEW_STORES, LIST_READS, type OperationCounts } from '../cost/operations.js';
import type { GuestView } from '../host/guest-view.js';
import type { Host } from '../host/host.js';
import { HostFault } from '../host/host-fault.js';
import type { IommuTable } from '../host/iommu-table.js';
import { MAX_INDIRECT_TCES, TCE_LIST_ALIGN_BYTES } from '../papr/hcall.js';
import { H_PARAMETER, H_SUCCESS, H_TOO_HARD } from '../papr/hcall-return.js';
import type { HcallSink } from '../papr/hcall-sink.js';
import { TCE_PERMISSIONS } from '../papr/tce.js';
import { ListByEntries } from './list-by-entries.js';
import { ListByTables } from './list-by-tables.js';
import type { ModePolicy, StuffFailure } from './revisions/mode-policy.js';
import { TableUpdates } from './table-updates.js';
import { TceCheck } from './tce-check.js';
import { TceList } from './tce-list.js';

// An imported constant is read from memory at every use, one of this module is folded into the code.
const SUCCESS = H_SUCCESS;
const PARAMETER = H_PARAMETER;
const TOO_HARD = H_TOO_HARD;
const PERMISSIONS = TCE_PERMISSIONS;
const VIEW_STORES = GUEST_VIEW_STORES;

const NO_TABLES: readonly IommuTable[] = [];

/**
 * The handlers inside the host kernel (arch/powerpc/kvm/book3s_64_vio.c and book3s_64_vio_hv.c), check by check.
 * Real and virtual mode of every revision are the same steps under different policies. H_TOO_HARD means "not here":
 * the ladder goes on. A failure rolls nothing back: what was done before it stays.
 * One thread at a time may call it.
 */
export class InKernelHandlers implements HcallSink {
  resultHi = 0;
  resultLo = 0;
  // Declared, not defined: a field that begins as undefined costs a check of its type at every read.
  declare private readonly host: Host;
  declare private readonly updates: TableUpdates;
  declare private readonly tceCheck: TceCheck;
  declare private readonly list: TceList;
  declare private readonly lists: ListByTables | ListByEntries;
  declare private readonly counts: OperationCounts;
  declare private readonly checksTables: boolean;
  declare private readonly stuffFailure: StuffFailure;
  declare private readonly countsPages: boolean;
  declare private readonly needsGuestViewPage: boolean;

  constructor(host: Host, policy: ModePolicy) {
    this.host = host;
    this.updates = new TableUpdates(host, policy);
    this.tceCheck = new TceCheck(host, policy);
    this.list = new TceList(host, policy.list);
    this.lists =
      policy.order === 'tables'
        ? new ListByTables(host, this.updates)
        : new ListByEntries(host, this.updates, this.tceCheck, policy);
    this.counts = host.counts;
    this.checksTables = policy.checksTables;
    this.stuffFailure = policy.stuffFailure;
    this.countsPages = policy.countsPages;
    this.needsGuestViewPage = policy.needsGuestViewPage;
  }

  putTce(liobn: number, iobaHi: number, iobaLo: number, tceHi: number, tceLo: number): number {
    const view = this.host.findGuestView(liobn);
    if (view === null) return TOO_HARD;
    const index = view.entryOf(iobaHi, iobaLo, 1);
    if (index < 0) return PARAMETER;
    if (this.needsGuestViewPage && (tceHi | tceLo) !== 0 && !view.hasPages(index, 1)) return TOO_HARD;
    const refused = this.tceCheck.check(view, tceHi, tceLo);
    if (refused !== SUCCESS) return refused;
    const { updates } = this;
    const clears = (tceLo & PERMISSIONS) === 0;
    if (!clears) {
      const unknown = updates.lookUpSlot(view, tceHi, tceLo);
      if (unknown !== SUCCESS) return unknown;
    }
    const tables = view.tables;
    for (let i = 0; i < tables.length; i++) {
      const table = tables[i] as IommuTable;
      // Attachment sees to page size and offset; in v3 the hardware table may be the smaller one.
      if (this.checksTables && index >= table.size) return PARAMETER;
      const code = clears ? updates.clear(view, table, index) : updates.map(view, table, index, tceHi, tceLo);
      updates.endHcall(1);
      if (code !== SUCCESS && !updates.goesOnAfter(code, view, table, index, index)) return code;
    }
    view.store(index, tceHi, tceLo);
    this.count(VIEW_STORES, 1);
    return SUCCESS;
  }

  putTceIndirect(
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceListHi: number,
    tceListLo: number,
    npages: number,
  ): number {
    const view = this.host.findGuestView(liobn);
    if (view === null) return TOO_HARD;
    if (npages > MAX_INDIRECT_TCES) return PARAMETER;
    if ((tceListLo & (TCE_LIST_ALIGN_BYTES - 1)) !== 0) return PARAMETER;
    const index = view.entryOf(iobaHi, iobaLo, this.countsPages ? npages : 1);
    if (index < 0) return PARAMETER;
    if (this.needsGuestViewPage && !view.hasPages(index, npages)) return TOO_HARD;
    const list = this.list;
    if (!list.reach(tceListHi, tceListLo)) return TOO_HARD;
    if (npages === 0) return SUCCESS;
    if (!list.isPresent) return this.faultOnList(view);
    const tables = list.updatesHardware ? view.tables : NO_TABLES;
    return this.lists.put(view, tables, index, list.words, npages);
  }

  stuffTce(
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceHi: number,
    tceLo: number,
    npages: number,
  ): number {
    const view = this.host.findGuestView(liobn);
    if (view === null) return TOO_HARD;
    const index = view.entryOf(iobaHi, iobaLo, this.countsPages ? npages : 1);
    if (index < 0) return PARAMETER;
    const isPoison = (tceHi | tceLo) !== 0;
    if (this.needsGuestViewPage && isPoison && !view.hasPages(index, npages)) return TOO_HARD;
    if ((tceLo & PERMISSIONS) !== 0) return PARAMETER;
    const tables = view.tables;
    let last = SUCCESS;
    for (let i = 0; i < tables.length; i++) {
      const table = tables[i] as IommuTable;
      if (this.checksTables && (isPoison || index + npages > table.size)) return PARAMETER;
      if (this.stuffFailure === 'ignore') this.updates.entries.clearRange(table, index, npages);
      else last = this.clearEach(view, table, index, npages);
      if (last !== SUCCESS && this.endsStuff(last)) {
        this.updates.endHcall(tables.length);
        return last;
      }
    }
    for (let page = 0; page < npages; page++) view.store(index + page, tceHi, tceLo);
    this.count(VIEW_STORES, npages);
    if (npages > 0) this.updates.endHcall(tables.length);
    return this.stuffFailure === 'clear-and-tell-last' ? last : SUCCESS;
  }

  getTce(liobn: number, iobaHi: number, iobaLo: number): number {
    const view = this.host.findGuestView(liobn);
    if (view === null) return TOO_HARD;
    const index = view.entryOf(iobaHi, iobaLo, 1);
    if (index < 0) return PARAMETER;
    this.resultHi = view.entries.hi(index);
    this.resultLo = view.entries.lo(index);
    return SUCCESS;
  }

  /** Clears entries in one table: what the last one gave, or what ended the work. */
  private clearEach(view: GuestView, table: IommuTable, first: number, npages: number): number {
    const { updates } = this;
    let code = SUCCESS;
    for (let page = 0; page < npages; page++) {
      const index = first + page;
      code = updates.clear(view, table, index);
      if (code === SUCCESS) continue;
      if (this.stuffFailure === 'return') return code;
      if (!updates.clearsAndGoesOn(code, view, table, first, index)) return code;
    }
    return code;
  }

  private endsStuff(code: number): boolean {
    return this.stuffFailure === 'return' || code === TOO_HARD;
  }

  private faultOnList(view: GuestView): number {
    if (this.list.faultsOnAbsence && view.tables.length > 0)
      throw new HostFault('read of a TCE list at an absent user address');
    this.count(LIST_READS, 1);
    return TOO_HARD;
  }

  private count(operation: number, times: number): void {
    const counts = this.counts;
    counts[operation] = (counts[operation] as number) + times;
  }
}

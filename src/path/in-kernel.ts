import { GPA_TO_UA, GUEST_VIEW_STORES, LIST_READS, type OperationCounts } from '../cost/operations.js';
import type { Host } from '../host/host.js';
import { HostFault } from '../host/host-fault.js';
import type { IommuTable } from '../host/iommu-table.js';
import { MappedEntries } from '../host/mapped-entries.js';
import type { SpaprTceTable } from '../host/spapr-tce-table.js';
import { MAX_INDIRECT_TCES, TCE_LIST_ALIGN_BYTES } from '../papr/hcall.js';
import { H_PARAMETER, H_SUCCESS, H_TOO_HARD } from '../papr/hcall-return.js';
import type { HcallSink } from '../papr/hcall-sink.js';
import { TCE_PERMISSIONS } from '../papr/tce.js';
import type { ModePolicy } from './revisions/revision.js';
import { TceList } from './tce-list.js';

// An imported constant is read from memory at every use, one of this module is folded into the code.
const SUCCESS = H_SUCCESS;
const PARAMETER = H_PARAMETER;
const TOO_HARD = H_TOO_HARD;
const PERMISSIONS = TCE_PERMISSIONS;
const VIEW_STORES = GUEST_VIEW_STORES;
const TO_UA = GPA_TO_UA;
const READS = LIST_READS;

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
  declare private readonly entries: MappedEntries;
  declare private readonly list: TceList;
  declare private readonly counts: OperationCounts;
  declare private readonly policy: ModePolicy;
  declare private readonly isEntryByEntry: boolean;
  declare private readonly countsPages: boolean;

  constructor(host: Host, policy: ModePolicy) {
    this.host = host;
    this.entries = new MappedEntries(host, {
      mode: policy.mode,
      codes: policy,
      pinned: host.pinned,
      slotLookups: policy.order === 'tables' ? 1 : 0,
      uncountTranslations: 0,
    });
    this.list = new TceList(host, policy.list);
    this.counts = host.counts;
    this.policy = policy;
    this.isEntryByEntry = policy.order === 'entries';
    this.countsPages = policy.countsPages;
  }

  putTce(liobn: number, iobaHi: number, iobaLo: number, tceHi: number, tceLo: number): number {
    const view = this.host.findGuestView(liobn);
    if (view === null) return TOO_HARD;
    const index = view.entryOf(iobaHi, iobaLo, 1);
    if (index < 0 || (hasBitsBelowPage(view.pageMask, tceLo) && !this.takesBits(tceLo))) return PARAMETER;
    if (this.isEntryByEntry && (tceLo & PERMISSIONS) !== 0) {
      this.count(TO_UA, 1);
      if (!this.entries.isInSlot(view.pageMask, tceHi, tceLo)) return PARAMETER;
    }
    const tables = view.tables;
    for (let i = 0; i < tables.length; i++) {
      const table = tables[i] as IommuTable;
      // Page size and offset are those of the view: only the size can differ.
      if (index >= table.size) return PARAMETER;
      const code =
        (tceLo & PERMISSIONS) === 0
          ? this.entries.clear(table, index)
          : this.entries.map(table, index, tceHi, tceLo);
      if (code !== SUCCESS && !this.goesOnAfter(code, table, index)) return code;
    }
    view.entries.store(index, tceHi, tceLo);
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
    const list = this.list;
    if (!list.reach(tceListHi, tceListLo)) return TOO_HARD;
    if (npages === 0) return SUCCESS;
    if (!list.isPresent) return this.faultOnList(view);
    if (this.isEntryByEntry) return this.putEntries(view, index, list.words, npages);
    if (list.updatesHardware) {
      const tables = view.tables;
      for (let i = 0; i < tables.length; i++) {
        const code = this.putList(tables[i] as IommuTable, index, list.words, npages);
        if (code !== SUCCESS) return code;
      }
    }
    return this.storeList(view, index, list.words, npages);
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
    if (index < 0 || (tceLo & PERMISSIONS) !== 0) return PARAMETER;
    const tables = view.tables;
    for (let i = 0; i < tables.length; i++) {
      const table = tables[i] as IommuTable;
      const code = this.stuffTable(table, index, (tceHi | tceLo) !== 0, npages);
      if (code !== SUCCESS) return code;
    }
    for (let page = 0; page < npages; page++) view.entries.store(index + page, tceHi, tceLo);
    this.count(VIEW_STORES, npages);
    return SUCCESS;
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

  private stuffTable(table: IommuTable, first: number, isPoison: boolean, npages: number): number {
    const { checksTables, stuffIgnoresFailures } = this.policy;
    if (checksTables && (isPoison || first + npages > table.size)) return PARAMETER;
    if (stuffIgnoresFailures) {
      this.entries.clearRange(table, first, npages);
      return SUCCESS;
    }
    for (let page = 0; page < npages; page++) {
      const code = this.entries.clear(table, first + page);
      if (code !== SUCCESS && !this.goesOnAfter(code, table, first)) return code;
    }
    return SUCCESS;
  }

  /** Every entry over all tables, then in the guest view; what the very last map gave is the answer. */
  private putEntries(view: SpaprTceTable, first: number, words: DataView, npages: number): number {
    const tables = view.tables;
    let code = SUCCESS;
    for (let i = 0; i < npages; i++) {
      const tceHi = words.getInt32(i << 3);
      const tceLo = words.getInt32((i << 3) + 4);
      this.count(READS, 1);
      if (hasBitsBelowPage(view.pageMask, tceLo) && !this.takesBits(tceLo)) return PARAMETER;
      this.count(TO_UA, 1);
      if (!this.entries.isInSlot(view.pageMask, tceHi, tceLo)) return PARAMETER;
      code = SUCCESS;
      for (let t = 0; t < tables.length; t++) {
        const table = tables[t] as IommuTable;
        code = this.entries.map(table, first + i, tceHi, tceLo);
        if (code !== SUCCESS && !this.goesOnAfter(code, table, first)) return code;
      }
      view.entries.store(first + i, tceHi, tceLo);
      this.count(VIEW_STORES, 1);
    }
    return code;
  }

  /** The whole list is checked before its first entry is mapped; an entry without permission is mapped too. */
  private putList(table: IommuTable, first: number, words: DataView, npages: number): number {
    const misaligned = this.firstMisaligned(table, first, words, npages);
    this.count(READS, Math.min(misaligned + 1, npages));
    return misaligned < npages ? PARAMETER : this.entries.mapList(table, first, words, npages);
  }

  /** The first word of a list that the table does not take for its place, `npages` where it takes all of them. */
  private firstMisaligned(table: IommuTable, first: number, words: DataView, npages: number): number {
    const end = Math.min(npages, table.size - first);
    for (let i = 0; i < end; i++) {
      if (hasBitsBelowPage(table.pageMask, words.getInt32((i << 3) + 4))) return i;
    }
    return Math.max(end, 0);
  }

  private storeList(view: SpaprTceTable, first: number, words: DataView, npages: number): number {
    let i = 0;
    for (; i < npages; i++) {
      const tceLo = words.getInt32((i << 3) + 4);
      if (hasBitsBelowPage(view.pageMask, tceLo)) break;
      view.entries.store(first + i, words.getInt32(i << 3), tceLo);
    }
    this.count(VIEW_STORES, i);
    this.count(READS, i < npages ? i + 1 : npages);
    return i < npages ? PARAMETER : SUCCESS;
  }

  private faultOnList(view: SpaprTceTable): number {
    if (this.list.faultsOnAbsence && view.tables.length > 0)
      throw new HostFault('read of a TCE list at an absent user address');
    this.count(READS, 1);
    return TOO_HARD;
  }

  /** Whether the TCE check lets a word pass that has bits below its page. */
  private takesBits(tceLo: number): boolean {
    return (tceLo & PERMISSIONS) === 0 && this.policy.acceptsPoison;
  }

  /** Whether a failure in one table is swallowed, with the first entry of the request cleared there. */
  private goesOnAfter(code: number, table: IommuTable, first: number): boolean {
    if (code === TOO_HARD || !this.policy.clearsAndContinues) return false;
    this.entries.wipe(table, first);
    return true;
  }

  private count(operation: number, times: number): void {
    const counts = this.counts;
    counts[operation] = (counts[operation] as number) + times;
  }
}

/** Bits of a TCE below the IOMMU page that are no permission: reserved in the guest view, misaligned in hardware. */
function hasBitsBelowPage(pageMask: number, tceLo: number): boolean {
  return (tceLo & pageMask & ~PERMISSIONS) !== 0;
}

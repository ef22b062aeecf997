import {
  GPA_TO_UA,
  GUEST_VIEW_STORES,
  LIST_READS,
  type OperationCounts,
  REGION_LOOKUPS,
  UA_TO_HPA,
} from '../cost/operations.js';
import type { Host } from '../host/host.js';
import type { IommuTable } from '../host/iommu-table.js';
import {
  MAP_NO_REGION,
  MAP_REGION_DYING,
  MappedEntries,
  UNCOUNT_DONE,
  UNCOUNT_NO_VIEW,
} from '../host/mapped-entries.js';
import type { SpaprTceTable } from '../host/spapr-tce-table.js';
import type { DmaWindow } from '../papr/dma-window.js';
import { MAX_INDIRECT_TCES, TCE_LIST_ALIGN_BYTES } from '../papr/hcall.js';
import { H_PARAMETER, H_SUCCESS, H_TOO_HARD } from '../papr/hcall-return.js';
import type { HcallSink } from '../papr/hcall-sink.js';
import { joinWord, TCE_PERMISSIONS } from '../papr/tce.js';
import type { ModePolicy } from './revisions/revision.js';

const EMPTY_LIST = new DataView(new ArrayBuffer(TCE_LIST_ALIGN_BYTES));

/**
 * The handlers inside the host kernel (arch/powerpc/kvm/book3s_64_vio.c and book3s_64_vio_hv.c), check by check.
 * Real and virtual mode are the same steps under two policies. H_TOO_HARD means "not here": the ladder goes on.
 *
 * Hardware first, guest view last, table after table: a failure leaves the hardware changed and the view as it
 * was. One thread at a time may call it.
 */
export class InKernelHandlers implements HcallSink {
  resultHi = 0;
  resultLo = 0;
  readonly #host: Host;
  readonly #policy: ModePolicy;
  readonly #entries: MappedEntries;
  readonly #counts: OperationCounts;

  constructor(host: Host, policy: ModePolicy) {
    this.#host = host;
    this.#policy = policy;
    this.#entries = new MappedEntries(host.preregistered, host.counts);
    this.#counts = host.counts;
  }

  putTce(liobn: number, iobaHi: number, iobaLo: number, tceHi: number, tceLo: number): number {
    const view = this.#host.findGuestView(liobn);
    if (view === null) return H_TOO_HARD;
    const index = view.window.entryOfRange(iobaHi, iobaLo, 1);
    if (index < 0 || hasBitsBelowPage(view.window, tceLo)) return H_PARAMETER;
    for (const { table } of view.attached) {
      const permissions = tceLo & TCE_PERMISSIONS;
      const code =
        permissions === 0
          ? this.#clear(table, iobaHi, iobaLo)
          : this.#put(table, iobaHi, iobaLo, tceHi, tceLo);
      if (code !== H_SUCCESS) return code;
    }
    this.#storeView(view, index, tceHi, tceLo);
    return H_SUCCESS;
  }

  putTceIndirect(
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceListHi: number,
    tceListLo: number,
    npages: number,
  ): number {
    const view = this.#host.findGuestView(liobn);
    if (view === null) return H_TOO_HARD;
    if (npages > MAX_INDIRECT_TCES) return H_PARAMETER;
    if ((tceListLo & (TCE_LIST_ALIGN_BYTES - 1)) !== 0) return H_PARAMETER;
    const index = view.window.entryOfRange(iobaHi, iobaLo, npages);
    if (index < 0) return H_PARAMETER;
    const list = this.#reachList(joinWord(tceListHi, tceListLo));
    if (list === null) return H_TOO_HARD;
    if (!this.#listIsOfEmulatedDevice()) {
      for (const { table } of view.attached) {
        const code = this.#putList(table, iobaHi, iobaLo, list, npages);
        if (code !== H_SUCCESS) return code;
      }
    }
    return this.#storeListInView(view, index, list, npages);
  }

  stuffTce(
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceHi: number,
    tceLo: number,
    npages: number,
  ): number {
    const view = this.#host.findGuestView(liobn);
    if (view === null) return H_TOO_HARD;
    const index = view.window.entryOfRange(iobaHi, iobaLo, npages);
    if (index < 0 || (tceLo & TCE_PERMISSIONS) !== 0) return H_PARAMETER;
    for (const { table } of view.attached) {
      if ((tceHi | tceLo) !== 0) return H_PARAMETER;
      const first = table.window.entryOfRange(iobaHi, iobaLo, npages);
      if (first < 0) return H_PARAMETER;
      // As posted, the result of each single clear is ignored.
      for (let i = 0; i < npages; i++) this.#unmap(table, first + i);
    }
    for (let i = 0; i < npages; i++) this.#storeView(view, index + i, tceHi, tceLo);
    return H_SUCCESS;
  }

  getTce(liobn: number, iobaHi: number, iobaLo: number): number {
    const view = this.#host.findGuestView(liobn);
    if (view === null) return H_TOO_HARD;
    const index = view.window.entryOfRange(iobaHi, iobaLo, 1);
    if (index < 0) return H_PARAMETER;
    this.resultHi = view.entries.hi(index);
    this.resultLo = view.entries.lo(index);
    return H_SUCCESS;
  }

  #put(table: IommuTable, iobaHi: number, iobaLo: number, tceHi: number, tceLo: number): number {
    const entry = table.window.entryOfRange(iobaHi, iobaLo, 1);
    if (entry < 0 || hasBitsBelowPage(table.window, tceLo)) return H_PARAMETER;
    return this.#map(table, entry, tceHi, tceLo);
  }

  #clear(table: IommuTable, iobaHi: number, iobaLo: number): number {
    const entry = table.window.entryOfRange(iobaHi, iobaLo, 1);
    return entry < 0 ? H_PARAMETER : this.#unmap(table, entry);
  }

  /** The whole list is checked before its first entry is mapped; an entry without permission is mapped too. */
  #putList(table: IommuTable, iobaHi: number, iobaLo: number, list: DataView, npages: number): number {
    const first = table.window.entryOf(iobaHi, iobaLo);
    this.#count(LIST_READS, npages);
    for (let i = 0; i < npages; i++) {
      if (first + i >= table.window.size || hasBitsBelowPage(table.window, list.getInt32(i * 8 + 4))) {
        return H_PARAMETER;
      }
    }
    for (let i = 0; i < npages; i++) {
      this.#count(LIST_READS, 1);
      const code = this.#map(table, first + i, list.getInt32(i * 8), list.getInt32(i * 8 + 4));
      if (code !== H_SUCCESS) return code;
    }
    return H_SUCCESS;
  }

  #map(table: IommuTable, entry: number, tceHi: number, tceLo: number): number {
    const codes = this.#policy.map;
    if (!table.hasUserspaceView) return codes.noView;
    this.#count(GPA_TO_UA, 1);
    const ua = this.#host.memslots.uaOf(joinWord(tceHi, tceLo & ~TCE_PERMISSIONS));
    if (ua < 0) return codes.noSlot;
    const step = this.#entries.map(table, entry, ua, tceLo & TCE_PERMISSIONS);
    if (step === MAP_NO_REGION) return codes.noRegion;
    return step === MAP_REGION_DYING ? codes.regionDying : H_SUCCESS;
  }

  /** A failure to uncount leaves the entry cleared and the count as it was: v3 does not restore it. */
  #unmap(table: IommuTable, entry: number): number {
    if (table.exchange(entry, 0, 0, 0) === 0) return H_SUCCESS;
    const step = this.#entries.uncount(table, entry);
    if (step === UNCOUNT_DONE) return H_SUCCESS;
    return step === UNCOUNT_NO_VIEW ? this.#policy.uncount.noView : this.#policy.uncount.noRegion;
  }

  /** The page of a TCE list, or null where this mode cannot read it. */
  #reachList(tceList: number): DataView | null {
    this.#count(GPA_TO_UA, 1);
    const ua = this.#host.memslots.uaOf(tceList);
    if (ua < 0) return null;
    if (this.#policy.list === 'registered' && !this.#listIsOfEmulatedDevice()) {
      this.#count(REGION_LOOKUPS, 1);
      if (this.#host.preregistered.lookup(ua, TCE_LIST_ALIGN_BYTES) === null) return null;
      this.#count(UA_TO_HPA, 1);
    }
    return this.#host.userMemory.pageIfPresent(ua) ?? EMPTY_LIST;
  }

  #listIsOfEmulatedDevice(): boolean {
    return this.#policy.list === 'registered' && this.#host.preregistered.regions.length === 0;
  }

  #storeListInView(view: SpaprTceTable, index: number, list: DataView, npages: number): number {
    for (let i = 0; i < npages; i++) {
      this.#count(LIST_READS, 1);
      const tceLo = list.getInt32(i * 8 + 4);
      if (hasBitsBelowPage(view.window, tceLo)) return H_PARAMETER;
      this.#storeView(view, index + i, list.getInt32(i * 8), tceLo);
    }
    return H_SUCCESS;
  }

  #storeView(view: SpaprTceTable, index: number, hi: number, lo: number): void {
    view.entries.store(index, hi, lo);
    this.#count(GUEST_VIEW_STORES, 1);
  }

  #count(operation: number, times: number): void {
    this.#counts[operation] = (this.#counts[operation] as number) + times;
  }
}

/** Bits of a TCE below the IOMMU page that are no permission: reserved in the guest view, misaligned in hardware. */
function hasBitsBelowPage(window: DmaWindow, tceLo: number): boolean {
  return (tceLo & window.pageOffsetMask & ~TCE_PERMISSIONS) !== 0;
}

import { GPA_TO_UA, GUEST_VIEW_STORES, LIST_READS, type OperationCounts } from '../cost/operations.js';
import { EBUSY } from '../host/errno.js';
import type { GuestView } from '../host/guest-view.js';
import type { Host } from '../host/host.js';
import { TceEntries } from '../host/tce-entries.js';
import type { VfioContainer } from '../host/vfio-container.js';
import type { DmaWindow } from '../papr/dma-window.js';
import { MAX_INDIRECT_TCES, TCE_LIST_ALIGN_BYTES } from '../papr/hcall.js';
import { H_PARAMETER, H_SUCCESS } from '../papr/hcall-return.js';
import type { HcallSink } from '../papr/hcall-sink.js';
import { highHalf, joinWord, lowHalf, TCE_PERMISSIONS, TCE_READ } from '../papr/tce.js';

/** A TCE table as user space knows it, with the containers that follow its changes. */
interface UserspaceTable {
  readonly liobn: number;
  readonly window: DmaWindow;
  /** KVM's guest view through its mmap where KVM keeps one, else user space's own memory. */
  readonly entries: TceEntries;
  readonly view: GuestView | null;
  readonly containers: readonly VfioContainer[];
}

/**
 * The handlers of the virtual machine monitor, as QEMU has them (hw/ppc/spapr_iommu.c, hw/vfio/common.c of 2.8):
 * each TCE goes to the table and then, one VFIO ioctl a page, to every container. The guest hears H_SUCCESS
 * whatever VFIO said; its errors are only logged, here counted in {@link vfioErrors}.
 *
 * One thread at a time may call it, as under QEMU's big lock.
 */
export class UserspaceHandlers implements HcallSink {
  resultHi = 0;
  resultLo = 0;
  /** Map and unmap ioctls that failed: what QEMU would have written to its log. */
  vfioErrors = 0;
  readonly #host: Host;
  readonly #counts: OperationCounts;
  #tables: readonly UserspaceTable[] = [];
  #last: UserspaceTable | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#counts = host.counts;
  }

  /**
   * Makes a table known and returns its entries; call it after KVM's guest view of the LIOBN exists, if it is to
   * have one.
   */
  addTable(liobn: number, window: DmaWindow, containers: readonly VfioContainer[]): TceEntries {
    const view = this.#host.findGuestView(liobn);
    const own = `table of LIOBN 0x${liobn.toString(16)} in user space`;
    const entries = view?.entries ?? new TceEntries(own, window.size, this.#host.buffers);
    this.#tables = [...this.#tables, { liobn, window, entries, view, containers }];
    return entries;
  }

  /** Forgets the table of a LIOBN, if there is one. */
  removeTable(liobn: number): void {
    this.#tables = this.#tables.filter((table) => table.liobn !== liobn);
    this.#last = undefined;
  }

  putTce(liobn: number, iobaHi: number, iobaLo: number, tceHi: number, tceLo: number): number {
    const table = this.#find(liobn);
    if (table === null) return H_PARAMETER;
    return this.#putOne(table, table.window.entryOf(iobaHi, iobaLo), tceHi, tceLo);
  }

  putTceIndirect(
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceListHi: number,
    tceListLo: number,
    npages: number,
  ): number {
    const table = this.#find(liobn);
    if (table === null || npages > MAX_INDIRECT_TCES) return H_PARAMETER;
    if ((tceListLo & (TCE_LIST_ALIGN_BYTES - 1)) !== 0) return H_PARAMETER;
    const ua = this.#host.memslots.uaOf(joinWord(tceListHi, tceListLo));
    const list = ua < 0 ? undefined : this.#host.userMemory.pageToRead(ua);
    const first = table.window.entryOf(iobaHi, iobaLo);
    let code = H_PARAMETER;
    for (let i = 0; i < npages; i++) {
      this.#count(LIST_READS);
      const tceHi = list?.getInt32(i * 8) ?? 0;
      const tceLo = list?.getInt32(i * 8 + 4) ?? 0;
      code = this.#putOne(table, first + i, tceHi, tceLo);
      if (code !== H_SUCCESS) return code;
    }
    return code;
  }

  stuffTce(
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceHi: number,
    tceLo: number,
    npages: number,
  ): number {
    const table = this.#find(liobn);
    if (table === null || npages > table.window.size) return H_PARAMETER;
    const first = table.window.entryOf(iobaHi, iobaLo);
    let code = H_PARAMETER;
    for (let i = 0; i < npages; i++) {
      code = this.#putOne(table, first + i, tceHi, tceLo);
      if (code !== H_SUCCESS) return code;
    }
    return code;
  }

  getTce(liobn: number, iobaHi: number, iobaLo: number): number {
    const table = this.#find(liobn);
    if (table === null) return H_PARAMETER;
    const index = table.window.entryOf(iobaHi, iobaLo);
    if (index < 0 || index >= table.window.size) return H_PARAMETER;
    this.resultHi = table.entries.hi(index);
    this.resultLo = table.entries.lo(index);
    return H_SUCCESS;
  }

  #putOne(table: UserspaceTable, index: number, tceHi: number, tceLo: number): number {
    if (index < 0 || index >= table.window.size) return H_PARAMETER;
    table.entries.store(index, tceHi, tceLo);
    // A store through the mmap makes the page that it touches.
    table.view?.allocatePage(index);
    this.#count(GUEST_VIEW_STORES);
    for (const container of table.containers) this.#notify(container, table.window, index, tceHi, tceLo);
    return H_SUCCESS;
  }

  /** The IOMMU notifier of one container: an unaligned address is cut to its page, never refused. */
  #notify(container: VfioContainer, window: DmaWindow, index: number, tceHi: number, tceLo: number): void {
    const { pageBytes } = window;
    const iova = window.iobaOf(index);
    const iovaHi = highHalf(iova);
    const iovaLo = lowHalf(iova);
    const permissions = tceLo & TCE_PERMISSIONS;
    if (permissions === 0) {
      if (container.unmapDma(iovaHi, iovaLo, pageBytes) !== 0) this.vfioErrors++;
      return;
    }
    this.#count(GPA_TO_UA);
    const ua = this.#host.memslots.uaOf(joinWord(tceHi, tceLo & ~window.pageOffsetMask));
    if (ua < 0) return;
    const result = container.mapDma(iovaHi, iovaLo, ua, pageBytes, permissions | TCE_READ);
    if (result === 0) return;
    if (result === -EBUSY) {
      container.unmapDma(iovaHi, iovaLo, pageBytes);
      if (container.mapDma(iovaHi, iovaLo, ua, pageBytes, permissions | TCE_READ) === 0) return;
    }
    this.vfioErrors++;
  }

  #find(liobn: number): UserspaceTable | null {
    if (this.#last?.liobn === liobn) return this.#last;
    for (const table of this.#tables) {
      if (table.liobn === liobn) {
        this.#last = table;
        return table;
      }
    }
    return null;
  }

  #count(operation: number): void {
    this.#counts[operation] = (this.#counts[operation] as number) + 1;
  }
}

import type { DmaWindow } from '../papr/dma-window.js';
import { MAX_INDIRECT_TCES, TCE_LIST_ALIGN_BYTES } from '../papr/hcall.js';
import { H_SUCCESS } from '../papr/hcall-return.js';
import type { GuestStore, HcallSink } from '../papr/hcall-sink.js';
import { LogLine } from './log-line.js';
import { behindLast } from './printed-call.js';
import { DEFAULT_PAGE_SHIFT } from './trace-call.js';
import type { TraceWriter } from './trace-writer.js';

/**
 * Stands between a guest and whatever serves its hypercalls, and writes each call as QEMU would have printed it. It
 * is the guest's store too, because of an indirect call QEMU prints the last entry, which is in the list.
 *
 * How far a refused call came is not known here. A refused indirect call is written as failed at its last entry and
 * a refused stuff as failed at its first, so that both are read back with all the entries that they asked for.
 * One thread; every CPU writes its list right before its call.
 */
export class HcallRecorder implements HcallSink, GuestStore {
  readonly #sink: HcallSink;
  readonly #store: GuestStore;
  readonly #writer: TraceWriter;
  readonly #line = new LogLine();
  readonly #pageShifts = new Map<number, number>();
  /** The list written last. */
  readonly #listHi = new Int32Array(MAX_INDIRECT_TCES);
  readonly #listLo = new Int32Array(MAX_INDIRECT_TCES);

  constructor(sink: HcallSink, store: GuestStore, writer: TraceWriter) {
    this.#sink = sink;
    this.#store = store;
    this.#writer = writer;
  }

  get resultHi(): number {
    return this.#sink.resultHi;
  }

  get resultLo(): number {
    return this.#sink.resultLo;
  }

  /** Writes that a table is there; before the first call on it. */
  newTable(liobn: number, window: DmaWindow): void {
    this.#pageShifts.set(liobn, window.pageShift);
    this.#writer.newTable(liobn, window);
  }

  storeWord(gpa: number, hi: number, lo: number): void {
    const index = (gpa & (TCE_LIST_ALIGN_BYTES - 1)) >>> 3;
    this.#listHi[index] = hi;
    this.#listLo[index] = lo;
    this.#store.storeWord(gpa, hi, lo);
  }

  putTce(liobn: number, iobaHi: number, iobaLo: number, tceHi: number, tceLo: number): number {
    const code = this.#sink.putTce(liobn, iobaHi, iobaLo, tceHi, tceLo);
    this.#target(liobn, iobaHi, iobaLo, code);
    this.#line.tceHi = tceHi;
    this.#line.tceLo = tceLo;
    this.#writer.call('put', this.#line);
    return code;
  }

  putTceIndirect(
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceListHi: number,
    tceListLo: number,
    npages: number,
  ): number {
    const code = this.#sink.putTceIndirect(liobn, iobaHi, iobaLo, tceListHi, tceListLo, npages);
    const line = this.#line;
    this.#target(liobn, iobaHi, iobaLo, code);
    line.tceListHi = tceListHi;
    line.tceListLo = tceListLo;
    line.tceHi = this.#listHi[npages - 1] ?? 0;
    line.tceLo = this.#listLo[npages - 1] ?? 0;
    line.count = Math.max(code === H_SUCCESS ? npages - 1 : npages - 2, 0);
    this.#writer.call('indirect', line);
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
    const code = this.#sink.stuffTce(liobn, iobaHi, iobaLo, tceHi, tceLo, npages);
    const line = this.#line;
    this.#target(liobn, iobaHi, iobaLo, code);
    line.tceHi = tceHi;
    line.tceLo = tceLo;
    line.count = npages;
    if (code === H_SUCCESS) behindLast(npages, this.#pageShifts.get(liobn) ?? DEFAULT_PAGE_SHIFT, line);
    this.#writer.call('stuff', line);
    return code;
  }

  getTce(liobn: number, iobaHi: number, iobaLo: number): number {
    const code = this.#sink.getTce(liobn, iobaHi, iobaLo);
    this.#target(liobn, iobaHi, iobaLo, code);
    this.#line.tceHi = this.#sink.resultHi;
    this.#line.tceLo = this.#sink.resultLo;
    this.#writer.call('get', this.#line);
    return code;
  }

  #target(liobn: number, iobaHi: number, iobaLo: number, code: number): void {
    const line = this.#line;
    line.liobn = liobn;
    line.iobaHi = iobaHi;
    line.iobaLo = iobaLo;
    line.ret = code;
  }
}

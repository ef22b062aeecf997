import { type CallStream, CallStreamBuilder } from '../papr/call-stream.js';
import type { DmaWindow } from '../papr/dma-window.js';
import { MAX_INDIRECT_TCES } from '../papr/hcall.js';
import { highHalf, joinWord, lowHalf, TCE_PERMISSIONS } from '../papr/tce.js';
import { writeList } from './issue-call.js';
import { Lifetimes } from './lifetimes.js';
import { LiveEntries } from './live-entries.js';
import type { LineRange } from './range-snapshots.js';
import type { CallConsumer } from './replay.js';
import type { TraceCall } from './trace-call.js';

interface Table {
  readonly index: number;
  readonly entries: LiveEntries;
}

/**
 * Takes the calls of some lines of a log as a stream that can go round: its tables begin empty, and what is live at the
 * end, or when a table goes away, is cleared by calls of its own. Refused calls are left out. One consumer of a replay.
 */
export class StreamRecorder implements CallConsumer {
  readonly #lines: LineRange;
  readonly #maxCalls: number;
  readonly #builder = new CallStreamBuilder();
  readonly #tables = new Map<number, Table>();
  readonly #windows = new Map<number, DmaWindow>();
  readonly #lifetimes = new Lifetimes();
  /** Calls of the log that are in the stream, and calls that were left out because the log says they failed. */
  logged = 0;
  refused = 0;
  /** Calls of the lines beyond the limit. */
  beyond = 0;

  constructor(lines: LineRange, maxCalls: number) {
    this.#lines = lines;
    this.#maxCalls = maxCalls;
  }

  newTable(liobn: number, window: DmaWindow): void {
    this.removeTable(liobn);
    this.#windows.set(liobn, window);
  }

  removeTable(liobn: number): void {
    const table = this.#tables.get(liobn);
    if (table !== undefined) this.#clearLive(table);
  }

  call(call: TraceCall): void {
    if (call.line < this.#lines.lineFrom || call.line > this.#lines.lineTo) return;
    const table = this.#table(call.liobn);
    if (call.ret !== 0 || table === null) {
      this.refused++;
      return;
    }
    if (this.#builder.calls >= this.#maxCalls) {
      this.beyond++;
      return;
    }
    this.logged++;
    this.#add(call, table);
  }

  /** The stream, after the last call. */
  build(ramBytes: number): CallStream {
    for (const table of this.#tables.values()) this.#clearLive(table);
    return this.#builder.build(ramBytes);
  }

  #table(liobn: number): Table | null {
    const known = this.#tables.get(liobn);
    if (known !== undefined) return known;
    const window = this.#windows.get(liobn);
    if (window === undefined) return null;
    const { pageShift, offset, size } = window;
    const index = this.#builder.addWindow({ pageShift, offset, size });
    const table = { index, entries: new LiveEntries(window) };
    this.#tables.set(liobn, table);
    return table;
  }

  #add(call: TraceCall, { index, entries }: Table): void {
    const { kind, iobaHi, iobaLo, tceHi, tceLo, npages } = call;
    const builder = this.#builder;
    if (kind === 'get') {
      builder.getTce(index, iobaHi, iobaLo);
      return;
    }
    if (kind === 'put') builder.putTce(index, iobaHi, iobaLo, tceHi, tceLo);
    else if (kind === 'stuff') builder.stuffTce(index, iobaHi, iobaLo, tceHi, tceLo, npages);
    else
      builder.putTceIndirect(index, iobaHi, iobaLo, joinWord(call.tceListHi, call.tceListLo), listOf(call));
    const first = entries.window.entryOf(iobaHi, iobaLo);
    const isMap = (tceLo & TCE_PERMISSIONS) !== 0;
    if (isMap) entries.map(first, npages, tceHi, tceLo, call.tceStep, 0);
    else entries.clear(first, npages, 0, this.#lifetimes);
  }

  #clearLive({ index, entries }: Table): void {
    const { window } = entries;
    for (let entry = entries.next(0); entry >= 0; entry = entries.next(entry + 1)) {
      let count = 1;
      const most = this.#builder.multiTce ? MAX_INDIRECT_TCES : 1;
      while (count < most && entry + count < window.size && entries.isLive(entry + count)) count++;
      const ioba = window.iobaOf(entry);
      if (most === 1) this.#builder.putTce(index, highHalf(ioba), lowHalf(ioba), 0, 0);
      else this.#builder.stuffTce(index, highHalf(ioba), lowHalf(ioba), 0, 0, count);
      entry += count - 1;
    }
    entries.reset();
  }
}

function listOf(call: TraceCall): number[] {
  const list: number[] = [];
  writeList(call, 0, { storeWord: (_, hi, lo) => list.push(hi, lo) });
  return list;
}

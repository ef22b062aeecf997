import { assert } from '../errors.js';
import type { DmaWindow } from '../papr/dma-window.js';
import { highHalf, lowHalf } from '../papr/tce.js';
import {
  EVENT_PREFIX,
  EVENTS,
  type EventFormat,
  type Field,
  IOBA,
  LAST_INDEX,
  LIOBN,
  NPAGES,
  TCE,
  TCE_LIST,
} from './event-format.js';
import type { CallKind, LogLine } from './log-line.js';
import { DEFAULT_PAGE_SHIFT } from './trace-call.js';
import { DEFAULT_WINDOW_BYTES } from './trace-window.js';

const BUFFER_BYTES = 256 * 1024;
/** No line that is written is longer. */
const MAX_WRITTEN_BYTES = 512;

const DIGITS = Buffer.from('0123456789abcdef');
const NEWLINE = 10;
const MINUS = 45;

/** A recording has no host threads: every line is from thread 1. */
const STAMP = Buffer.from('1@');
/** QEMU prints a host address and a file descriptor; a recording has neither. */
const NO_TABLE_MEMORY = Buffer.from(' table=0x0 fd=-1');
/** The number of QEMU's first PCI host bridge. */
const BRIDGE = 'buid=0x800000020000000 addr=0x0';

/** LIOBNs with this bit are those of PCI host bridges. */
const PCI_LIOBN = 0x80000000;

/** The formats of the four calls whose names begin with a prefix. */
function formats(prefix: string): Readonly<Record<CallKind, EventFormat>> {
  const of = (kind: CallKind): EventFormat => {
    const name = Buffer.from(`${prefix}${kind}`);
    const format = EVENTS.find((event) => event.name.equals(name));
    assert(format !== undefined, `an event ${name}`);
    return format;
  };
  return { put: of('put'), indirect: of('indirect'), stuff: of('stuff'), get: of('get') };
}

const PCI = formats('pci_');
const OTHER = formats('');

/**
 * Writes events as QEMU's `log` trace backend prints them, by the table that the parser reads with, into one buffer
 * that is handed on whenever it is full. No line allocates. One thread.
 *
 * A recording has no clock: the time before a line is its number, in microseconds, so that tools which sort by time
 * keep the order.
 */
export class TraceWriter {
  /** Lines written. */
  lines = 0;
  readonly #take: (bytes: Uint8Array) => void;
  readonly #buffer = Buffer.alloc(BUFFER_BYTES);
  #used = 0;

  /** `take` gets the bytes; they are overwritten once it returns. */
  constructor(take: (bytes: Uint8Array) => void) {
    this.#take = take;
  }

  /**
   * A table comes into being. Its geometry is not part of that event, so for any window but QEMU's default one a
   * `ddw_create` follows, the only event that states one.
   */
  newTable(liobn: number, window: DmaWindow): void {
    const isDefault =
      window.pageShift === DEFAULT_PAGE_SHIFT && window.offset === 0 && window.bytes === DEFAULT_WINDOW_BYTES;
    this.#begin();
    this.#text('new_table liobn=0x');
    this.#hex(highHalf(liobn), lowHalf(liobn));
    this.#bytes(NO_TABLE_MEMORY);
    this.#end();
    if (isDefault) return;
    this.#begin();
    const page = window.pageBytes.toString(16);
    const start = window.iobaOf(0).toString(16);
    this.#text(
      `ddw_create ${BRIDGE}, page size=0x${page}, requested=0x${window.bytes.toString(16)}, ` +
        `start addr=0x${start}, liobn=0x${liobn.toString(16)}`,
    );
    this.#end();
  }

  /** A table ceases to be. */
  removeTable(liobn: number): void {
    this.#begin();
    this.#text(`ddw_remove liobn=0x${liobn.toString(16)}`);
    this.#end();
  }

  /** A call, with its fields as printed; see {@link LogLine}. */
  call(kind: CallKind, line: LogLine): void {
    const { name, fields } = (line.liobn >= PCI_LIOBN ? PCI : OTHER)[kind];
    this.#begin();
    this.#bytes(name);
    for (let i = 0; i < fields.length; i++) this.#field(fields[i] as Field, line);
    this.#end();
  }

  /** Hands on what is left. */
  flush(): void {
    if (this.#used > 0) this.#take(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }

  #field({ key, slot }: Field, line: LogLine): void {
    this.#bytes(key);
    switch (slot) {
      case LIOBN:
        this.#hex(highHalf(line.liobn), lowHalf(line.liobn));
        return;
      case IOBA:
        this.#hex(line.iobaHi, line.iobaLo);
        return;
      case TCE:
        this.#hex(line.tceHi, line.tceLo);
        return;
      case TCE_LIST:
        this.#hex(line.tceListHi, line.tceListLo);
        return;
      case LAST_INDEX:
        this.#hex(0, line.count);
        return;
      default:
        this.#decimal(slot === NPAGES ? line.count : line.ret);
    }
  }

  #begin(): void {
    if (this.#used > BUFFER_BYTES - MAX_WRITTEN_BYTES) this.flush();
    const stamp = ++this.lines;
    this.#bytes(STAMP);
    this.#decimal(Math.floor(stamp / 1e6));
    const micros = stamp % 1e6;
    this.#buffer[this.#used++] = 0x2e;
    for (let unit = 100_000; unit >= 1; unit /= 10) {
      this.#buffer[this.#used++] = DIGITS[Math.floor(micros / unit) % 10] as number;
    }
    this.#buffer[this.#used++] = 0x3a;
    this.#bytes(EVENT_PREFIX);
  }

  #end(): void {
    this.#buffer[this.#used++] = NEWLINE;
  }

  #text(text: string): void {
    this.#used += this.#buffer.write(text, this.#used, 'latin1');
  }

  #bytes(bytes: Buffer): void {
    for (let i = 0; i < bytes.length; i++) this.#buffer[this.#used++] = bytes[i] as number;
  }

  #hex(hi: number, lo: number): void {
    let shift = hi !== 0 ? 60 - (Math.clz32(hi) & ~3) : 28 - (Math.clz32(lo | 1) & ~3);
    for (; shift >= 0; shift -= 4) {
      const half = shift >= 32 ? hi >>> (shift - 32) : lo >>> shift;
      this.#buffer[this.#used++] = DIGITS[half & 15] as number;
    }
  }

  #decimal(value: number): void {
    if (value < 0) this.#buffer[this.#used++] = MINUS;
    const magnitude = Math.abs(value);
    let unit = 1;
    while (unit * 10 <= magnitude) unit *= 10;
    for (; unit >= 1; unit /= 10) {
      this.#buffer[this.#used++] = DIGITS[Math.floor(magnitude / unit) % 10] as number;
    }
  }
}

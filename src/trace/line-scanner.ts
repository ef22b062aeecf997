import { LineParser } from './line-parser.js';
import type { LogEvents } from './log-line.js';

const NEWLINE = 10;
/** What some editors put before the text of a file. */
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** A longer line cannot be a known event; what is kept of a line that chunks cut in two is bounded by it. */
export const MAX_LINE_BYTES = 4096;

/** What a log is made of, apart from its events. */
export interface ScanCounts {
  /** Complete lines; a cut last line is not among them. */
  readonly lines: number;
  /** Lines that are no known event. */
  readonly foreign: number;
  /** Known events that could not be read. */
  readonly malformed: number;
  /** Number of the first malformed line, 0 if none. */
  readonly firstMalformedLine: number;
  /** Known events without `PID@SECONDS.MICROSECONDS:` before them. */
  readonly unprefixed: number;
  /** The log ends inside a line or inside its gzip stream. */
  readonly truncated: boolean;
}

/**
 * Cuts chunks of bytes into lines and hands each known event on. Memory is bounded by {@link MAX_LINE_BYTES},
 * whatever the chunks are; no chunk is kept. One scanner reads one log once.
 */
export class LineScanner {
  readonly #events: LogEvents;
  readonly #parser = new LineParser();
  /** The beginning of a line whose end is in a chunk to come, with room for a newline. */
  readonly #carry = Buffer.alloc(MAX_LINE_BYTES + 2);
  #carried = 0;
  /** Bytes of a byte order mark passed by; all of it once the text has begun. */
  #bomBytes = 0;
  #lines = 0;
  #foreign = 0;
  #malformed = 0;
  #firstMalformedLine = 0;
  #unprefixed = 0;

  constructor(events: LogEvents) {
    this.#events = events;
  }

  /** Reads the lines that end in this chunk. The chunk may be overwritten afterwards. */
  push(chunk: Buffer): void {
    let at = this.#bomBytes < BOM.length ? this.#skipBom(chunk) : 0;
    if (this.#carried > 0) {
      const newline = chunk.indexOf(NEWLINE);
      this.#keep(chunk, 0, newline < 0 ? chunk.length : newline + 1);
      if (newline < 0) return;
      this.#carriedLine();
      at = newline + 1;
    }
    const last = chunk.lastIndexOf(NEWLINE);
    const parser = this.#parser;
    while (at <= last) {
      parser.parse(chunk, at);
      const stop = parser.position;
      const newline = chunk[stop] === NEWLINE ? stop : chunk.indexOf(NEWLINE, stop);
      this.#line(newline - at);
      at = newline + 1;
    }
    this.#keep(chunk, at, chunk.length);
  }

  /** Reads a last line without newline, if it is whole, and tells what there was. */
  end(isStreamCut: boolean): ScanCounts {
    let isCut = isStreamCut;
    if (this.#carried > 0) {
      isCut = true;
      if (this.#carried <= MAX_LINE_BYTES) {
        this.#carry[this.#carried] = NEWLINE;
        this.#parser.parse(this.#carry, 0);
        const { kind } = this.#parser.line;
        if (kind !== 'foreign' && kind !== 'malformed') {
          isCut = isStreamCut;
          this.#line(this.#carried);
        }
      }
    }
    return {
      lines: this.#lines,
      foreign: this.#foreign,
      malformed: this.#malformed,
      firstMalformedLine: this.#firstMalformedLine,
      unprefixed: this.#unprefixed,
      truncated: isCut,
    };
  }

  /** Where the text of a first chunk begins. */
  #skipBom(chunk: Buffer): number {
    for (let at = 0; at < chunk.length; at++) {
      if (chunk[at] !== BOM[this.#bomBytes]) {
        this.#bomBytes = BOM.length;
        return at;
      }
      if (++this.#bomBytes === BOM.length) return at + 1;
    }
    return chunk.length;
  }

  /** Beyond the limit only the length counts, and only that it is beyond. */
  #keep(chunk: Buffer, from: number, to: number): void {
    const carried = this.#carried;
    const room = this.#carry.length - carried;
    const taken = Math.min(room, to - from);
    chunk.copy(this.#carry, carried, from, from + taken);
    this.#carried = carried + taken;
  }

  #carriedLine(): void {
    const bytes = this.#carried - 1;
    this.#carried = 0;
    this.#carry[this.#carry.length - 1] = NEWLINE;
    this.#parser.parse(this.#carry, 0);
    this.#line(bytes);
  }

  #line(bytes: number): void {
    const { line, isPrefixed } = this.#parser;
    this.#lines++;
    if (line.kind === 'foreign' || bytes > MAX_LINE_BYTES) {
      this.#foreign++;
      return;
    }
    line.line = this.#lines;
    if (!isPrefixed) this.#unprefixed++;
    if (line.kind === 'malformed' || !this.#events.event(line)) {
      this.#malformed++;
      if (this.#firstMalformedLine === 0) this.#firstMalformedLine = this.#lines;
    }
  }
}

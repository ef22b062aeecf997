import { highHalf, joinWord, lowHalf } from '../papr/tce.js';
import {
  BUID,
  DDW_LIOBN,
  DDW_PAGE_SIZE,
  DDW_REQUESTED,
  DDW_START_ADDR,
  EVENT_PREFIX,
  EVENTS,
  type EventFormat,
  FIRST_DECIMAL,
  type Field,
  IOBA,
  LAST_INDEX,
  LIOBN,
  NPAGES,
  TCE,
  TCE_LIST,
} from './event-format.js';
import { LogLine } from './log-line.js';

const NEWLINE = 10;
const MINUS = 45;

/** What ends each of the three numbers of `PID@SECONDS.MICROSECONDS:`. */
const STAMP_ENDS = Buffer.from('@.:');

/** Value of each hexadecimal digit by its byte, 255 for every other byte. */
const DIGITS = new Uint8Array(256).fill(255);
for (let digit = 0; digit < 16; digit++) {
  const text = digit.toString(16);
  DIGITS[text.charCodeAt(0)] = digit;
  DIGITS[text.toUpperCase().charCodeAt(0)] = digit;
}

/** Bytes that end a name or a value; in the events with free text a comma does too. */
const ENDS = new Uint8Array(256);
for (const byte of Buffer.from(' ,\r\n')) ENDS[byte] = 1;

/** A 64-bit word has at most this many digits. */
const WORD_DIGITS = 16;
/** A decimal of this many digits is exact as a number. */
const DECIMAL_DIGITS = 15;
/** Last index of the longest list. */
const LAST_LIST_INDEX = 511;
/** No table has more entries: bounds every loop over `npages`, and lets it be shifted as a word. */
const MAX_NPAGES = 2 ** 32 - 1;

/**
 * Reads one line of QEMU's `log` trace backend from bytes, without a string or another allocation. One per thread.
 *
 * The caller guarantees a newline at or behind the start of the line: no text, digit or separator below is a
 * newline, so the parser stops there at the latest and no read needs an end of buffer.
 */
export class LineParser {
  /** What the last line was. */
  readonly line = new LogLine();
  /** Where parsing stopped: at or before the newline of the line. */
  position = 0;
  /** Whether the line began with `PID@SECONDS.MICROSECONDS:`. */
  isPrefixed = false;

  /**
   * Reads the line that begins at `start`.
   *
   * A short log costs more in compiling its reader than in reading. Hence one long function with few loops: as
   * several short ones the compiler would translate it twice over, each for itself and again inside its caller.
   */
  parse(bytes: Buffer, start: number): void {
    const { line } = this;
    const digits = DIGITS;
    line.kind = 'foreign';
    this.position = start;
    let at = start;
    let stamps = 0;
    while (stamps < 3) {
      const from = at;
      while ((digits[bytes[at] as number] as number) < 10) at++;
      if (at === from || bytes[at] !== STAMP_ENDS[stamps]) break;
      at++;
      stamps++;
    }
    this.isPrefixed = stamps === 3;
    if (!this.isPrefixed) at = start;
    const prefix = EVENT_PREFIX;
    for (let i = 0; i < prefix.length; i++, at++) {
      if (bytes[at] !== prefix[i]) return;
    }

    let event: EventFormat | undefined;
    const events = EVENTS;
    for (let i = 0; i < events.length; i++) {
      const candidate = events[i] as EventFormat;
      const { name } = candidate;
      let matched = 0;
      while (matched < name.length && bytes[at + matched] === name[matched]) matched++;
      if (matched < name.length || ENDS[bytes[at + matched] as number] === 0) continue;
      event = candidate;
      at += matched;
      break;
    }
    if (event === undefined) return;

    line.kind = 'malformed';
    const { fields } = event;
    for (let i = 0; i < fields.length; i++) {
      const { key, slot } = fields[i] as Field;
      for (let k = 0; k < key.length; k++, at++) {
        if (bytes[at] !== key[k]) return;
      }
      const isHex = slot < FIRST_DECIMAL;
      const isNegative = !isHex && bytes[at] === MINUS;
      if (isNegative) at++;
      const from = at;
      let hi = 0;
      let lo = 0;
      let decimal = 0;
      let digit = digits[bytes[at] as number] as number;
      if (isHex) {
        while (digit < 16) {
          hi = (hi << 4) | (lo >>> 28);
          lo = (lo << 4) | digit;
          digit = digits[bytes[++at] as number] as number;
        }
      } else {
        while (digit < 10) {
          decimal = decimal * 10 + digit;
          digit = digits[bytes[++at] as number] as number;
        }
        if (isNegative) decimal = 0 - decimal;
      }
      const length = at - from;
      if (length === 0 || length > (isHex ? WORD_DIGITS : DECIMAL_DIGITS)) return;
      if (ENDS[bytes[at] as number] === 0) return;
      switch (slot) {
        case LIOBN:
          line.liobn = joinWord(hi, lo);
          break;
        case IOBA:
          line.iobaHi = hi;
          line.iobaLo = lo;
          break;
        case TCE:
          line.tceHi = hi;
          line.tceLo = lo;
          break;
        case TCE_LIST:
          line.tceListHi = hi;
          line.tceListLo = lo;
          break;
        case LAST_INDEX:
          line.count = hi === 0 && lo >= 0 && lo <= LAST_LIST_INDEX ? lo : -1;
          break;
        case BUID:
          line.buidHi = hi;
          line.buidLo = lo;
          break;
        case NPAGES:
          line.count = decimal <= MAX_NPAGES ? decimal : -1;
          break;
        default:
          line.ret = decimal;
      }
    }
    this.position = at;
    line.kind = event.kind;
    if (!this.#isPlausible(bytes)) line.kind = 'malformed';
  }

  /** Checks what a count can be; and the fields of `ddw_create`, which stand anywhere. */
  #isPlausible(bytes: Buffer): boolean {
    const { kind, count, ret } = this.line;
    switch (kind) {
      case 'stuff':
        return count >= 0;
      case 'indirect':
        return count >= 0 && (ret === 0 || count < LAST_LIST_INDEX);
      case 'ddwCreate':
        return this.#ddwCreate(bytes);
      default:
        return true;
    }
  }

  #ddwCreate(bytes: Buffer): boolean {
    const { line } = this;
    const text = bytes.toString('latin1', this.position, bytes.indexOf(NEWLINE, this.position));
    line.pageBytes = hexAnywhere(text, DDW_PAGE_SIZE);
    line.windowBytes = hexAnywhere(text, DDW_REQUESTED);
    const start = hexAnywhere(text, DDW_START_ADDR);
    line.iobaHi = highHalf(start);
    line.iobaLo = lowHalf(start);
    line.liobn = hexAnywhere(text, DDW_LIOBN);
    return line.pageBytes >= 0 && start >= 0 && line.liobn >= 0;
  }
}

/** A value of free text, rounded above 2^53 unless it is a multiple of a page; -1 where it is not there. */
function hexAnywhere(text: string, pattern: RegExp): number {
  const digits = pattern.exec(text)?.[1];
  return digits === undefined ? -1 : Number.parseInt(digits, 16);
}

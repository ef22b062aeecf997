import { inputError } from '../errors.js';
import type { DmaWindow } from '../papr/dma-window.js';
import { joinWord, TCE_PERMISSIONS } from '../papr/tce.js';
import type { WindowSource } from '../result/log-figures.js';
import { ClearingRun } from './clearing-run.js';
import type { LogLine } from './log-line.js';
import { DEFAULT_PAGE_SHIFT, type TraceCall } from './trace-call.js';
import { checkedWindow, DEFAULT_WINDOW_BYTES, type WindowOverride } from './trace-window.js';

/** Unit in which addresses are compared before the page size of a window is certain. */
const UNIT_BYTES = 4096;

/** What a log says about one LIOBN, gathered call by call, and the window that follows from it. */
export class LiobnSurvey {
  readonly liobn: number;
  readonly clearing = new ClearingRun();
  readonly #override: WindowOverride | undefined;
  #pageShift: number;
  #pageBytes: number;
  #ddwStart = 0;
  #ddwBytes = 0;
  #hasDdw = false;
  #hasTable = false;
  #hasCalls = false;
  #isOlderThanLog = false;
  #lowest = Number.POSITIVE_INFINITY;
  #lowestLine = 0;
  #highest = 0;
  #highestLine = 0;

  constructor(liobn: number, override: WindowOverride | undefined) {
    this.liobn = liobn;
    this.#override = override;
    this.#pageShift = override?.pageShift ?? DEFAULT_PAGE_SHIFT;
    this.#pageBytes = 2 ** this.#pageShift;
  }

  get pageShift(): number {
    return this.#pageShift;
  }

  /** Bytes of an IOMMU page. */
  get pageBytes(): number {
    return this.#pageBytes;
  }

  /** Whether the table was there before the first line of the log. */
  get isOlderThanLog(): boolean {
    return this.#isOlderThanLog || !this.#hasTable;
  }

  /** Whether there is a table to replay; a LIOBN that QEMU refused every time has none. */
  get isReplayed(): boolean {
    if (this.#override !== undefined || this.#hasDdw) return true;
    return this.#hasCalls && (this.#hasTable || this.#highest > 0);
  }

  newTable(): void {
    this.#hasTable = true;
    this.clearing.interrupt();
  }

  /** A `ddw_create` line; false where its page size is none. */
  ddwCreate(line: LogLine, name: string): boolean {
    const pageShift = Math.log2(line.pageBytes);
    if (!Number.isInteger(pageShift) || pageShift < 12 || pageShift > 31) return false;
    if (this.#override !== undefined) return true;
    const start = joinWord(line.iobaHi, line.iobaLo);
    if (this.#highest > 0 && (pageShift !== this.#pageShift || start !== this.#ddwStart)) {
      throw inputError(
        `${name}:${line.line}: LIOBN ${this.#id} is created again with another page size or start address`,
        'replay the log in two parts, cut before that line',
      );
    }
    this.#hasDdw = true;
    this.#pageShift = pageShift;
    this.#pageBytes = line.pageBytes;
    this.#ddwStart = start;
    this.#ddwBytes = Math.max(this.#ddwBytes, line.windowBytes);
    return true;
  }

  call(call: TraceCall): void {
    this.#hasCalls = true;
    const npages = call.ret === 0 ? call.npages : call.effective;
    if (npages === 0) return;
    if (!this.#hasTable) this.#isOlderThanLog = true;
    const start = joinWord(call.iobaHi, call.iobaLo & -this.#pageBytes) / UNIT_BYTES;
    const end = start + (npages * this.#pageBytes) / UNIT_BYTES;
    if (start < this.#lowest) {
      this.#lowest = start;
      this.#lowestLine = call.line;
    }
    if (end > this.#highest) {
      this.#highest = end;
      this.#highestLine = call.line;
    }
    if (call.kind === 'get') return;
    if ((call.tceLo & TCE_PERMISSIONS) === 0) this.clearing.clear(start, end, call.line);
    else this.clearing.interrupt();
  }

  /** The window, wide enough for every call that succeeded; `warn` takes what the user should know of it. */
  window(name: string, warn: (message: string) => void): { window: DmaWindow; by: WindowSource } {
    const { by, start, bytes } = this.#geometry(name, warn);
    const pageBytes = this.#pageBytes;
    const offset = Math.floor(start / pageBytes);
    const lowest = Math.floor((this.#lowest * UNIT_BYTES) / pageBytes);
    const end = Math.ceil((this.#highest * UNIT_BYTES) / pageBytes);
    let size = Math.max(1, Math.ceil(bytes / pageBytes));
    const outsideLine = lowest < offset ? this.#lowestLine : end > offset + size ? this.#highestLine : 0;
    if (outsideLine > 0 && (by === 'override' || lowest < offset)) {
      throw inputError(
        `${name}:${outsideLine}: a call on LIOBN ${this.#id} succeeded outside the window of ${bytes} bytes from ` +
          `${formatAddress(start)}`,
        'state a window that spans every call of the log',
      );
    }
    if (outsideLine > 0) {
      size = powerOfTwoFrom(end - offset);
      warn(
        `${name}:${outsideLine}: LIOBN ${this.#id} is used beyond the ${bytes} bytes its window seemed to have; ` +
          `enlarged to ${size * pageBytes} bytes`,
      );
    }
    return { by, window: checkedWindow(`${name}: LIOBN ${this.#id}`, this.#pageShift, offset, size) };
  }

  #geometry(
    name: string,
    warn: (message: string) => void,
  ): { by: WindowSource; start: number; bytes: number } {
    if (this.#override !== undefined) return { by: 'override', ...this.#override };
    const pageBytes = this.#pageBytes;
    if (this.clearing.end > 0) {
      const pages = Math.ceil((this.clearing.end * UNIT_BYTES) / pageBytes);
      return { by: 'clearing', start: 0, bytes: powerOfTwoFrom(pages) * pageBytes };
    }
    if (this.#hasDdw) {
      const touched = Math.max(pageBytes, this.#highest * UNIT_BYTES - this.#ddwStart);
      const bytes = this.#ddwBytes > 0 ? this.#ddwBytes : powerOfTwoFrom(touched / pageBytes) * pageBytes;
      return { by: 'ddw', start: this.#ddwStart, bytes };
    }
    warn(
      `${name}: nothing tells the window of LIOBN ${this.#id} (no clearing from IOBA 0, no ddw_create); ` +
        'assumed 1 GiB of 4 KiB pages from IOBA 0',
    );
    return { by: 'default', start: 0, bytes: DEFAULT_WINDOW_BYTES };
  }

  get #id(): string {
    return formatAddress(this.liobn);
  }
}

function formatAddress(value: number): string {
  return `0x${value.toString(16)}`;
}

function powerOfTwoFrom(value: number): number {
  let power = 1;
  while (power < value) power *= 2;
  return power;
}

import type { DmaWindow } from '../papr/dma-window.js';
import { TCE_PERMISSIONS } from '../papr/tce.js';
import type { CallKind, LogLine } from './log-line.js';

/** Page size of every window but those that a `ddw_create` line or the user describes. */
export const DEFAULT_PAGE_SHIFT = 12;

/**
 * One hypercall as the guest made it, concluded from what QEMU printed. One object is overwritten call after call;
 * not to be kept, nor shared between threads.
 */
export interface TraceCall {
  readonly kind: CallKind;
  /** 1-based number of the log's line. */
  readonly line: number;
  readonly liobn: number;
  /** Address of the first entry. */
  readonly iobaHi: number;
  readonly iobaLo: number;
  /** put, stuff: the value; indirect: the value of the first entry; get: the value QEMU read. */
  readonly tceHi: number;
  readonly tceLo: number;
  /** indirect: what each value is above the one before it, bytes. Otherwise 0. */
  readonly tceStep: number;
  /** indirect: guest physical address of the list. */
  readonly tceListHi: number;
  readonly tceListLo: number;
  /** Entries that the call asks for. Of a failed indirect: up to the one that failed, the rest being unknown. */
  readonly npages: number;
  /** Entries, from the first on, that the call set in QEMU's table: `npages`, less or none where it failed. */
  readonly effective: number;
  /** What the log says the call handled: 1, `iobaN` + 1 or `npages`. */
  readonly printed: number;
  readonly ret: number;
}

/**
 * Concludes the hypercall from a line of one of the four call events, in place.
 *
 * What the handlers of hw/ppc/spapr_iommu.c (QEMU 7.2) print:
 * - put, get: the page-masked `ioba`, whatever the result.
 * - indirect: `ioba` as given. `iobaN` is the index of the last entry handled and `tceN` its value; if entry k
 *   failed, `iobaN` is max(k - 1, 0) but `tceN` is the value of entry k. Entries before k were set. Which of 0 and
 *   1 an `iobaN` of 0 means only the window can tell. A call with no entries fails too, with `tceN` 0.
 * - stuff: `ioba` behind the last entry done; if an entry failed, that entry's own address, and how many were
 *   done before it is unknown. So the replayed call begins where it fails, and nothing counts as cleared.
 *
 * Linux maps one physically contiguous buffer per indirect call, so the values not printed are taken to lie one
 * page apart; where that cannot be (no permission bits, or it would go below 0) all are taken to be `tceN`.
 *
 * @param window where known; null in the survey, which is about to find it
 * @returns false where the line contradicts itself: a stuff that succeeded and ended before IOBA 0 + npages
 */
export function decodeCall(
  line: LogLine,
  pageShift: number,
  window: DmaWindow | null,
): line is LogLine & TraceCall {
  line.tceStep = 0;
  switch (line.kind) {
    case 'stuff':
      return decodeStuff(line, pageShift);
    case 'indirect':
      decodeIndirect(line, pageShift, window);
      return true;
    default:
      line.npages = 1;
      line.printed = 1;
      line.effective = line.kind === 'put' && line.ret === 0 ? 1 : 0;
      return true;
  }
}

function decodeStuff(line: LogLine, pageShift: number): boolean {
  const npages = line.count;
  line.npages = npages;
  line.printed = npages;
  line.effective = line.ret === 0 ? npages : 0;
  if (line.ret !== 0) return true;
  const lo = (line.iobaLo - (npages << pageShift)) | 0;
  const hi = (line.iobaHi >>> 0) - (npages >>> (32 - pageShift)) - borrow(line.iobaLo, lo);
  line.iobaLo = lo;
  line.iobaHi = hi | 0;
  return hi >= 0;
}

function decodeIndirect(line: LogLine, pageShift: number, window: DmaWindow | null): void {
  const failed = line.ret === 0 ? line.count : failedIndex(line, window);
  const last = Math.max(failed, 0);
  line.printed = line.count + 1;
  line.npages = failed + 1;
  line.effective = line.ret === 0 ? line.npages : last;
  const lo = (line.tceLo - (last << pageShift)) | 0;
  const hi = (line.tceHi >>> 0) - (last >>> (32 - pageShift)) - borrow(line.tceLo, lo);
  if ((lo & TCE_PERMISSIONS) === 0 || hi < 0) return;
  line.tceLo = lo;
  line.tceHi = hi | 0;
  line.tceStep = (1 << pageShift) >>> 0;
}

/** Index of the entry that failed, -1 where the call seems to have had none. */
function failedIndex(line: LogLine, window: DmaWindow | null): number {
  if (line.count > 0) return line.count + 1;
  if (window === null) return 0;
  const entry = window.entryOf(line.iobaHi, line.iobaLo);
  if (entry < 0 || entry >= window.size) return 0;
  return line.tceHi === 0 && line.tceLo === 0 ? -1 : 1;
}

/** What the high half loses when a subtraction made the low half wrap. */
function borrow(before: number, after: number): number {
  return after >>> 0 > before >>> 0 ? 1 : 0;
}

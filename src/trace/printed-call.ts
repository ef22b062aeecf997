import type { LogLine } from './log-line.js';
import type { TraceCall } from './trace-call.js';

/** What QEMU prints of a call: the inverse of `decodeCall`, written to `printed`. */
export function printCall(call: TraceCall, pageShift: number, printed: LogLine): void {
  printed.liobn = call.liobn;
  printed.iobaHi = call.iobaHi;
  printed.iobaLo = call.iobaLo;
  printed.tceHi = call.tceHi;
  printed.tceLo = call.tceLo;
  printed.tceListHi = call.tceListHi;
  printed.tceListLo = call.tceListLo;
  printed.ret = call.ret;
  switch (call.kind) {
    case 'stuff':
      printed.count = call.printed;
      if (call.ret === 0) behindLast(call.npages, pageShift, printed);
      return;
    case 'indirect':
      printed.count = call.printed - 1;
      if (call.tceStep > 0) toLastEntry(Math.max(call.npages - 1, 0), pageShift, printed);
  }
}

/** Moves the address of a call to the one behind its last entry, where QEMU's loop over a stuff ends. */
export function behindLast(npages: number, pageShift: number, printed: LogLine): void {
  const lo = (printed.iobaLo + (npages << pageShift)) | 0;
  printed.iobaHi = highAfter(printed.iobaHi, printed.iobaLo, lo, npages >>> (32 - pageShift));
  printed.iobaLo = lo;
}

/** Moves the value of a call from that of its first entry to that of its last. */
function toLastEntry(last: number, pageShift: number, printed: LogLine): void {
  const lo = (printed.tceLo + (last << pageShift)) | 0;
  printed.tceHi = highAfter(printed.tceHi, printed.tceLo, lo, last >>> (32 - pageShift));
  printed.tceLo = lo;
}

/** The high half of a sum, by its low half before and after. */
function highAfter(hi: number, before: number, after: number, added: number): number {
  return (hi + added + (after >>> 0 < before >>> 0 ? 1 : 0)) | 0;
}

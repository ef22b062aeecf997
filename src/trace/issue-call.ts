import { TCE_LIST_ALIGN_BYTES } from '../papr/hcall.js';
import type { GuestStore, HcallSink } from '../papr/hcall-sink.js';
import { joinWord } from '../papr/tce.js';
import type { TraceCall } from './trace-call.js';

/**
 * Makes a logged hypercall again, as the guest made it: for an indirect call the list is written to guest memory
 * first. A list that does not begin at a multiple of its page is not written, as every handler refuses it unread.
 *
 * @returns the sink's return code; to be compared with `call.ret`
 */
export function issueCall(call: TraceCall, sink: HcallSink, store: GuestStore): number {
  const { liobn, iobaHi, iobaLo, npages } = call;
  switch (call.kind) {
    case 'put':
      return sink.putTce(liobn, iobaHi, iobaLo, call.tceHi, call.tceLo);
    case 'indirect':
      if ((call.tceListLo & (TCE_LIST_ALIGN_BYTES - 1)) === 0) {
        writeList(call, joinWord(call.tceListHi, call.tceListLo), store);
      }
      return sink.putTceIndirect(liobn, iobaHi, iobaLo, call.tceListHi, call.tceListLo, npages);
    case 'stuff':
      return sink.stuffTce(liobn, iobaHi, iobaLo, call.tceHi, call.tceLo, npages);
    case 'get':
      return sink.getTce(liobn, iobaHi, iobaLo);
  }
}

/** Writes the list of an indirect call to memory, from an address on. */
export function writeList(call: TraceCall, gpa: number, store: GuestStore): void {
  const step = call.tceStep;
  let hi = call.tceHi;
  let lo = call.tceLo;
  for (let i = 0; i < call.npages; i++) {
    store.storeWord(gpa + i * 8, hi, lo);
    lo = (lo + step) | 0;
    if (lo >>> 0 < step) hi = (hi + 1) | 0;
  }
}

import { H_PUT_TCE, H_PUT_TCE_INDIRECT, H_STUFF_TCE } from '../papr/hcall.js';
import type { HcallSink } from '../papr/hcall-sink.js';
import { joinWord } from '../papr/tce.js';
import {
  ARG_HI,
  ARG_LO,
  FAILED,
  HCALL,
  IOBA_HI,
  IOBA_LO,
  LIOBN_HI,
  LIOBN_LO,
  NPAGES,
  PARKED,
  REPLY,
  REQUEST,
  RESULT,
  RESULT_HI,
  RESULT_LO,
  STATE,
  STOP,
} from './mailbox-words.js';

/**
 * The userspace thread's end: serves requests until the vCPU says stop. Blocks its thread meanwhile: asleep between
 * calls, or with `spins` only while no slice is under way. The order of memory is explained at the other end.
 */
export function serveMailbox(mailbox: SharedArrayBuffer, spins: boolean, handlers: HcallSink): void {
  const words = new Int32Array(mailbox);
  for (;;) {
    const state = Atomics.load(words, STATE);
    if (state === STOP) return;
    if (state !== REQUEST) {
      if (!spins || state === PARKED) Atomics.wait(words, STATE, state);
      continue;
    }
    try {
      words[RESULT] = serve(words, handlers);
    } catch (error) {
      // The vCPU sleeps and hears of no event: without a word it would wait for ever.
      Atomics.store(words, STATE, FAILED);
      Atomics.notify(words, STATE);
      throw error;
    }
    words[RESULT_HI] = handlers.resultHi;
    words[RESULT_LO] = handlers.resultLo;
    Atomics.store(words, STATE, REPLY);
    if (!spins) Atomics.notify(words, STATE);
  }
}

function serve(words: Int32Array, handlers: HcallSink): number {
  const liobn = joinWord(words[LIOBN_HI] as number, words[LIOBN_LO] as number);
  const iobaHi = words[IOBA_HI] as number;
  const iobaLo = words[IOBA_LO] as number;
  const argHi = words[ARG_HI] as number;
  const argLo = words[ARG_LO] as number;
  const npages = words[NPAGES] as number;
  switch (words[HCALL]) {
    case H_PUT_TCE:
      return handlers.putTce(liobn, iobaHi, iobaLo, argHi, argLo);
    case H_PUT_TCE_INDIRECT:
      return handlers.putTceIndirect(liobn, iobaHi, iobaLo, argHi, argLo, npages);
    case H_STUFF_TCE:
      return handlers.stuffTce(liobn, iobaHi, iobaLo, argHi, argLo, npages);
    default:
      return handlers.getTce(liobn, iobaHi, iobaLo);
  }
}

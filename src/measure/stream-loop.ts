import { assert } from '../errors.js';
import {
  CALL_ARG_HI,
  CALL_ARG_LO,
  CALL_FIRST_TCE,
  CALL_IOBA_HI,
  CALL_IOBA_LO,
  CALL_KIND,
  CALL_NPAGES,
  CALL_WINDOW,
  CALL_WORDS,
  type CallStream,
} from '../papr/call-stream.js';
import { H_GET_TCE, H_PUT_TCE, H_PUT_TCE_INDIRECT } from '../papr/hcall.js';
import { H_SUCCESS } from '../papr/hcall-return.js';
import type { GuestStore, HcallSink } from '../papr/hcall-sink.js';
import { joinWord } from '../papr/tce.js';
import { LIOBN } from './arm-machine.js';

/** The measured work where it comes from a log or a card: its calls in their order, from the first again after the last. */
export class StreamLoop {
  readonly #sink: HcallSink;
  readonly #store: GuestStore;
  readonly #words: Int32Array;
  readonly #tces: Int32Array;
  readonly #end: number;
  readonly #callsPerSample: number;
  #at = 0;

  constructor(stream: CallStream, callsPerSample: number, sink: HcallSink, store: GuestStore) {
    this.#sink = sink;
    this.#store = store;
    this.#words = stream.words;
    this.#tces = stream.tces;
    this.#end = stream.calls * CALL_WORDS;
    this.#callsPerSample = callsPerSample;
  }

  /** Makes the calls of one sample. */
  sample(): void {
    for (let i = 0; i < this.#callsPerSample; i++) this.step();
  }

  /** Makes one call; the guest's own stores to its list are timed with it. */
  step(): void {
    const at = this.#at;
    const code = this.#call(at);
    this.#at = at + CALL_WORDS === this.#end ? 0 : at + CALL_WORDS;
    assert(code === H_SUCCESS, 'a measured hypercall failed');
  }

  #call(at: number): number {
    const words = this.#words;
    const liobn = LIOBN + (words[at + CALL_WINDOW] as number);
    const iobaHi = words[at + CALL_IOBA_HI] as number;
    const iobaLo = words[at + CALL_IOBA_LO] as number;
    const argHi = words[at + CALL_ARG_HI] as number;
    const argLo = words[at + CALL_ARG_LO] as number;
    const npages = words[at + CALL_NPAGES] as number;
    switch (words[at + CALL_KIND]) {
      case H_PUT_TCE:
        return this.#sink.putTce(liobn, iobaHi, iobaLo, argHi, argLo);
      case H_PUT_TCE_INDIRECT:
        this.#writeList(joinWord(argHi, argLo), words[at + CALL_FIRST_TCE] as number, npages);
        return this.#sink.putTceIndirect(liobn, iobaHi, iobaLo, argHi, argLo, npages);
      case H_GET_TCE:
        return this.#sink.getTce(liobn, iobaHi, iobaLo);
      default:
        return this.#sink.stuffTce(liobn, iobaHi, iobaLo, argHi, argLo, npages);
    }
  }

  #writeList(list: number, firstTce: number, npages: number): void {
    const tces = this.#tces;
    for (let i = 0; i < npages; i++) {
      const at = (firstTce + i) * 2;
      this.#store.storeWord(list + i * 8, tces[at] as number, tces[at + 1] as number);
    }
  }
}

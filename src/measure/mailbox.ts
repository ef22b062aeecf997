import { H_GET_TCE, H_PUT_TCE, H_PUT_TCE_INDIRECT, H_STUFF_TCE } from '../papr/hcall.js';
import type { HcallSink } from '../papr/hcall-sink.js';
import { highHalf, joinWord, lowHalf } from '../papr/tce.js';

/** Word indices of a mailbox; nobody else knows them. */
const STATE = 0;
const HCALL = 1;
const LIOBN_HI = 2;
const LIOBN_LO = 3;
const IOBA_HI = 4;
const IOBA_LO = 5;
const ARG_HI = 6;
const ARG_LO = 7;
const NPAGES = 8;
const RESULT = 9;
const RESULT_HI = 10;
const RESULT_LO = 11;
const WORDS = 12;

const IDLE = 0;
const REQUEST = 1;
const REPLY = 2;
const STOP = 3;
const FAILED = 4;

/** A userspace thread that has not answered for so long never will. */
const ANSWER_MILLISECONDS = 10_000;

/** A new mailbox between one vCPU thread and one userspace thread. */
export function newMailbox(): SharedArrayBuffer {
  return new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT);
}

/**
 * The vCPU's end of a blocking hand-over: it writes the request, wakes the userspace thread and sleeps until the
 * reply is there.
 *
 * STATE is the only word accessed atomically, and only its stores publish: the plain stores before
 * `Atomics.store(STATE, REQUEST)` are visible to the thread that has read REQUEST, and the same holds for the
 * reply. One side owns the other words, and every table of the machine, at any time, so plain stores to the
 * tables are enough. `Atomics.wait` re-reads STATE under the waiters' lock, so a wake-up between our store and
 * our sleep is not lost.
 */
export class MailboxClient implements HcallSink {
  resultHi = 0;
  resultLo = 0;
  readonly #words: Int32Array;

  constructor(mailbox: SharedArrayBuffer) {
    this.#words = new Int32Array(mailbox);
  }

  putTce(liobn: number, iobaHi: number, iobaLo: number, tceHi: number, tceLo: number): number {
    return this.#call(H_PUT_TCE, liobn, iobaHi, iobaLo, tceHi, tceLo, 1);
  }

  putTceIndirect(
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceListHi: number,
    tceListLo: number,
    npages: number,
  ): number {
    return this.#call(H_PUT_TCE_INDIRECT, liobn, iobaHi, iobaLo, tceListHi, tceListLo, npages);
  }

  stuffTce(
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceHi: number,
    tceLo: number,
    npages: number,
  ): number {
    return this.#call(H_STUFF_TCE, liobn, iobaHi, iobaLo, tceHi, tceLo, npages);
  }

  getTce(liobn: number, iobaHi: number, iobaLo: number): number {
    const code = this.#call(H_GET_TCE, liobn, iobaHi, iobaLo, 0, 0, 0);
    this.resultHi = this.#words[RESULT_HI] as number;
    this.resultLo = this.#words[RESULT_LO] as number;
    return code;
  }

  /** Lets the userspace thread end. */
  stop(): void {
    Atomics.store(this.#words, STATE, STOP);
    Atomics.notify(this.#words, STATE);
  }

  #call(
    hcall: number,
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    argHi: number,
    argLo: number,
    npages: number,
  ): number {
    const words = this.#words;
    words[HCALL] = hcall;
    words[LIOBN_HI] = highHalf(liobn);
    words[LIOBN_LO] = lowHalf(liobn);
    words[IOBA_HI] = iobaHi;
    words[IOBA_LO] = iobaLo;
    words[ARG_HI] = argHi;
    words[ARG_LO] = argLo;
    words[NPAGES] = npages;
    Atomics.store(words, STATE, REQUEST);
    Atomics.notify(words, STATE);
    while (Atomics.load(words, STATE) === REQUEST) {
      const woken = Atomics.wait(words, STATE, REQUEST, ANSWER_MILLISECONDS);
      if (woken === 'timed-out') throw new Error('the userspace thread does not answer');
    }
    if (Atomics.load(words, STATE) === FAILED) throw new Error('the userspace thread failed in a hypercall');
    words[STATE] = IDLE;
    return words[RESULT] as number;
  }
}

/** The userspace thread's end: serves requests until the vCPU says stop. Blocks its thread meanwhile. */
export function serveMailbox(mailbox: SharedArrayBuffer, handlers: HcallSink): void {
  const words = new Int32Array(mailbox);
  for (;;) {
    const state = Atomics.load(words, STATE);
    if (state === STOP) return;
    if (state !== REQUEST) {
      Atomics.wait(words, STATE, state);
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
    Atomics.notify(words, STATE);
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

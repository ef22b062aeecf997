import { H_GET_TCE, H_PUT_TCE, H_PUT_TCE_INDIRECT, H_STUFF_TCE } from '../papr/hcall.js';
import type { HcallSink } from '../papr/hcall-sink.js';
import { highHalf, lowHalf } from '../papr/tce.js';
import {
  ARG_HI,
  ARG_LO,
  FAILED,
  HCALL,
  IDLE,
  IOBA_HI,
  IOBA_LO,
  LIOBN_HI,
  LIOBN_LO,
  NPAGES,
  PARKED,
  REQUEST,
  RESULT,
  RESULT_HI,
  RESULT_LO,
  STATE,
  STOP,
  WORDS,
} from './mailbox-words.js';

/** A userspace thread that has not answered for so long never will. */
const ANSWER_MILLISECONDS = 10_000;

/** About a millisecond. */
const SPINS_PER_LOOK_AT_THE_CLOCK = 2 ** 17;

/** A new mailbox between one vCPU thread and one userspace thread. */
export function newMailbox(): SharedArrayBuffer {
  return new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT);
}

/**
 * The vCPU's end of a hand-over to a userspace thread: it writes the request and waits until the reply is there. With
 * `block` it wakes the other thread and sleeps, with `spin` both look at the mailbox all the time.
 *
 * Memory order: STATE is the only word that both sides access at once, always by Atomics, and only its stores
 * publish. The plain stores before `Atomics.store(STATE, REQUEST)` are visible to the thread that has read REQUEST,
 * and the same holds for the reply. One side owns the other words, and every table of the machine, at any time, so
 * plain stores to the tables are enough. `Atomics.wait` compares STATE under the waiters' lock, so a wake-up between
 * our store and our sleep is not lost.
 */
export class MailboxClient implements HcallSink {
  resultHi = 0;
  resultLo = 0;
  readonly #words: Int32Array;
  readonly #spins: boolean;

  constructor(mailbox: SharedArrayBuffer, exit: 'spin' | 'block') {
    this.#words = new Int32Array(mailbox);
    this.#spins = exit === 'spin';
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

  /** Calls follow: a userspace thread that spins begins to. */
  wake(): void {
    this.#tell(IDLE);
  }

  /** No calls follow for a while: a thread that spins goes to sleep, so as not to disturb others' slices. */
  park(): void {
    this.#tell(PARKED);
  }

  /** Lets the userspace thread end. */
  stop(): void {
    this.#tell(STOP);
  }

  #tell(state: number): void {
    Atomics.store(this.#words, STATE, state);
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
    const isAnswered = this.#spins ? this.#spin() : this.#sleep();
    if (!isAnswered) throw new Error('the userspace thread does not answer');
    if (Atomics.load(words, STATE) === FAILED) throw new Error('the userspace thread failed in a hypercall');
    return words[RESULT] as number;
  }

  #sleep(): boolean {
    const words = this.#words;
    Atomics.notify(words, STATE);
    while (Atomics.load(words, STATE) === REQUEST) {
      if (Atomics.wait(words, STATE, REQUEST, ANSWER_MILLISECONDS) === 'timed-out') return false;
    }
    return true;
  }

  #spin(): boolean {
    const words = this.#words;
    let spins = 0;
    let since = Number.NaN;
    while (Atomics.load(words, STATE) === REQUEST) {
      if (++spins % SPINS_PER_LOOK_AT_THE_CLOCK !== 0) continue;
      const now = performance.now();
      if (Number.isNaN(since)) since = now;
      if (now - since > ANSWER_MILLISECONDS) return false;
    }
    return true;
  }
}

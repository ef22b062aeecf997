import type { Agenda } from './agenda.js';

/** What an exit and the entry after it take on a quiet core, and when the siblings are called out. */
export interface ExitLegs {
  readonly exitPs: number;
  readonly entryPs: number;
  /** From the beginning of the exit leg to the call that pulls the siblings out. */
  readonly signalPs: number;
}

/** After the core is out: a caller goes on in the host, one that was roused or has finished enters the guest. */
const GOES_ON = 0;
const ENTERS = 1;
const IS_ROUSED = 2;

/**
 * The threads of cores on which an exit to virtual mode pulls every thread out of the guest (POWER8 and before).
 *
 * An exit begins with the exit leg of its thread, in which the siblings in the guest are called; each then goes
 * through an exit leg of its own, and only when the last is out can the first be served. The siblings enter again
 * at once and lose the legs of one exit. Who exits between the first exit and the call shares the rendezvous. Who
 * has been served while the core is on its way out waits until it is out and enters with the others; otherwise it
 * enters alone. A thread that is called out while it enters begins its entry anew. Idle threads are out already.
 */
export class CoreThreads {
  /** By thread: time of its own that a rendezvous took, since {@link takeStall}. */
  readonly stalledPs: Float64Array;
  readonly #agenda: Agenda;
  readonly #legs: ExitLegs;
  readonly #lanes: number;
  readonly #threads: number;
  readonly #isShared: boolean;
  readonly #inGuest: Uint8Array;
  readonly #spins: Uint8Array;
  /** When a thread is in the guest again. */
  readonly #backAt: Float64Array;
  readonly #leftAt: Float64Array;
  /** By which the next event of a thread is late. */
  readonly #late: Float64Array;
  /** By core: whether siblings are still to be called, when the core is out, the last own exit leg's end. */
  readonly #isCalling: Uint8Array;
  readonly #outAt: Float64Array;
  readonly #lastOutAt: Float64Array;
  /** Threads of a core that wait for it to be out, and what they do then. */
  readonly #waiting: Int32Array;
  readonly #thenDoes: Uint8Array;
  readonly #waitingCount: Int32Array;
  /** Processes from this number on are the calls of the cores. */
  readonly #firstCall: number;

  /** `legs` are null on machines whose threads leave one by one. `firstCall` begins the cores' process numbers. */
  constructor(agenda: Agenda, lanes: number, threads: number, legs: ExitLegs | null, firstCall: number) {
    const cores = Math.ceil(lanes / threads);
    this.#agenda = agenda;
    this.#legs = legs ?? { exitPs: 0, entryPs: 0, signalPs: 0 };
    this.#lanes = lanes;
    this.#threads = threads;
    this.#isShared = legs !== null && threads > 1;
    this.#firstCall = firstCall;
    this.stalledPs = new Float64Array(lanes);
    this.#inGuest = new Uint8Array(lanes);
    this.#spins = new Uint8Array(lanes);
    this.#backAt = new Float64Array(lanes);
    this.#leftAt = new Float64Array(lanes);
    this.#late = new Float64Array(lanes);
    this.#isCalling = new Uint8Array(cores);
    this.#outAt = new Float64Array(cores);
    this.#lastOutAt = new Float64Array(cores);
    this.#waiting = new Int32Array(cores * threads);
    this.#thenDoes = new Uint8Array(cores * threads);
    this.#waitingCount = new Int32Array(cores);
  }

  /** Whether a thread has siblings that its exits pull out. */
  isShared(lane: number): boolean {
    return this.#isShared && (lane % this.#threads > 0 || lane + 1 < this.#lanes);
  }

  /** How late the event of a thread is that has just come; it must then be put off by so much. */
  takeLateness(lane: number): number {
    const late = this.#late[lane] as number;
    if (late > 0) this.#late[lane] = 0;
    return late;
  }

  /** What rendezvous took from a thread since it was last asked. */
  takeStall(lane: number): number {
    const stalled = this.stalledPs[lane] as number;
    this.stalledPs[lane] = 0;
    return stalled;
  }

  /** When a thread that was pulled out is in the guest again. */
  backAt(lane: number): number {
    return this.#backAt[lane] as number;
  }

  /** A thread spins for a lock, with no event of its own, or no longer does. */
  spin(lane: number, spins: boolean): void {
    this.#spins[lane] = spins ? 1 : 0;
  }

  /** A thread has nothing to do. */
  rest(lane: number): void {
    this.#inGuest[lane] = 0;
  }

  /** A thread has work; false: its core is on its way out, and the thread is woken when it is out. */
  rouse(lane: number): boolean {
    if (!this.#isShared || this.#inGuest[lane] === 1) return true;
    const { nowPs } = this.#agenda;
    const core = this.#coreOf(lane);
    if (this.#isCalling[core] === 1) {
      this.#wait(core, lane, IS_ROUSED);
      return false;
    }
    const outAt = this.#outAt[core] as number;
    this.#isBack(lane, Math.max(nowPs, outAt));
    if (outAt <= nowPs) return true;
    this.#agenda.at(outAt, lane);
    return false;
  }

  /** A thread exits now; it is woken when its core is out. */
  leave(lane: number): void {
    const { nowPs } = this.#agenda;
    const { exitPs, signalPs } = this.#legs;
    const core = this.#coreOf(lane);
    this.#inGuest[lane] = 0;
    this.#leftAt[lane] = nowPs;
    const ownOutAt = nowPs + exitPs;
    if (this.#isCalling[core] === 1) {
      this.#lastOutAt[core] = ownOutAt;
      this.#wait(core, lane, GOES_ON);
    } else if (this.#hasThreadInGuest(core)) {
      this.#isCalling[core] = 1;
      this.#lastOutAt[core] = ownOutAt;
      this.#wait(core, lane, GOES_ON);
      this.#agenda.at(nowPs + signalPs, this.#firstCall + core);
    } else {
      this.#outAt[core] = ownOutAt;
      this.#agenda.at(ownOutAt, lane);
    }
  }

  /** A thread has been served; it is woken in the guest. */
  enter(lane: number): void {
    const { nowPs } = this.#agenda;
    const core = this.#coreOf(lane);
    if (this.#isCalling[core] === 1) {
      this.#leftAt[lane] = nowPs;
      this.#wait(core, lane, ENTERS);
      return;
    }
    const from = Math.max(nowPs, this.#outAt[core] as number);
    this.#stall(lane, from - nowPs);
    this.#isBack(lane, from + this.#legs.entryPs);
    this.#agenda.at(this.backAt(lane), lane);
  }

  /** The siblings of a core are called out now: an event of the core's own process. */
  call(process: number): void {
    const core = process - this.#firstCall;
    const { nowPs } = this.#agenda;
    const { exitPs, entryPs } = this.#legs;
    let outAt = this.#lastOutAt[core] as number;
    const first = core * this.#threads;
    const end = Math.min(first + this.#threads, this.#lanes);
    for (let lane = first; lane < end; lane++) {
      if (this.#inGuest[lane] === 1) outAt = Math.max(outAt, nowPs + exitPs);
    }
    for (let lane = first; lane < end; lane++) {
      if (this.#inGuest[lane] === 1) this.#pullOut(lane, outAt + entryPs);
    }
    this.#isCalling[core] = 0;
    this.#outAt[core] = outAt;
    for (let i = first; i < first + (this.#waitingCount[core] as number); i++) {
      this.#letGo(this.#waiting[i] as number, this.#thenDoes[i] as number, outAt);
    }
    this.#waitingCount[core] = 0;
  }

  /** A thread in the guest is out of it until `back`. */
  #pullOut(lane: number, back: number): void {
    const lost = back - Math.max(this.#agenda.nowPs, this.#backAt[lane] as number);
    this.#backAt[lane] = back;
    if (this.#spins[lane] === 1) return;
    this.#late[lane] = (this.#late[lane] as number) + lost;
    this.#stall(lane, lost);
  }

  /** The core is out at `outAt`: what a thread that waited for it does. */
  #letGo(lane: number, does: number, outAt: number): void {
    const { exitPs, entryPs } = this.#legs;
    const leftAt = this.#leftAt[lane] as number;
    if (does === GOES_ON) {
      this.#stall(lane, outAt - (leftAt + exitPs));
      this.#agenda.at(outAt, lane);
      return;
    }
    if (does === ENTERS) this.#stall(lane, outAt - leftAt);
    this.#isBack(lane, does === ENTERS ? outAt + entryPs : outAt);
    this.#agenda.at(this.backAt(lane), lane);
  }

  #isBack(lane: number, atPs: number): void {
    this.#inGuest[lane] = 1;
    this.#backAt[lane] = atPs;
  }

  #stall(lane: number, ps: number): void {
    this.stalledPs[lane] = (this.stalledPs[lane] as number) + ps;
  }

  #wait(core: number, lane: number, does: number): void {
    const at = core * this.#threads + (this.#waitingCount[core] as number);
    this.#waiting[at] = lane;
    this.#thenDoes[at] = does;
    this.#waitingCount[core] = (this.#waitingCount[core] as number) + 1;
  }

  #hasThreadInGuest(core: number): boolean {
    const first = core * this.#threads;
    for (let lane = first; lane < first + this.#threads && lane < this.#lanes; lane++) {
      if (this.#inGuest[lane] === 1) return true;
    }
    return false;
  }

  #coreOf(lane: number): number {
    return Math.floor(lane / this.#threads);
  }
}

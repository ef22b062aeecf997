import { noOperations, type OperationCounts } from '../cost/operations.js';
import { H_GET_TCE, H_PUT_TCE, H_PUT_TCE_INDIRECT, H_STUFF_TCE } from '../papr/hcall.js';
import type { HcallSink } from '../papr/hcall-sink.js';
import { TCE_PERMISSIONS } from '../papr/tce.js';
import type { CallLog } from './call-log.js';
import { CostClasses } from './cost-classes.js';
import { HistoryHash } from './history-hash.js';

/** Lengths of a kind of call that are told apart, and where each kind begins. */
const LENGTHS = 32;
const SETS = 0;
const CLEARS = LENGTHS;
const INDIRECTS = 2 * LENGTHS;
const STUFFS = 3 * LENGTHS;
const GETS = 4 * LENGTHS;

/** What a {@link MeteredSink} noted since {@link MeteredSink.startMeasuring}; a copy that no later call changes. */
export interface MeteredCalls {
  readonly hcalls: number;
  /** TCEs that the calls asked to set or clear. */
  readonly tceOps: number;
  /** Calls whose code was not H_SUCCESS. */
  readonly failedHcalls: number;
  readonly classes: CostClasses;
  /** How many calls each class has had. */
  readonly callsOfClass: Float64Array;
  /** Hash of every call so far, warm-up included. */
  readonly history: string;
}

/**
 * Stands between a maker of hypercalls and the machine that serves them, and notes for each call what it cost in
 * operations, without knowing any price.
 */
export class MeteredSink implements HcallSink {
  readonly #sink: HcallSink;
  readonly #counts: OperationCounts;
  /** The counts before the call that is next. */
  readonly #before: OperationCounts = noOperations();
  readonly #log: CallLog | null;
  readonly #classes = new CostClasses();
  readonly #history = new HistoryHash();
  #hcalls = 0;
  #tceOps = 0;
  #failedHcalls = 0;
  #callsOfClass = new Float64Array(64);
  /** The class of the last call of each kind and length: mostly that of the next one like it. */
  readonly #classOfLike = new Int32Array(5 * LENGTHS).fill(-1);

  /** `counts` are those of the machine behind `sink`; a `log` is told of every call. */
  constructor(sink: HcallSink, counts: OperationCounts, log: CallLog | null = null) {
    this.#sink = sink;
    this.#counts = counts;
    this.#before.set(counts);
    this.#log = log;
  }

  get resultHi(): number {
    return this.#sink.resultHi;
  }

  get resultLo(): number {
    return this.#sink.resultLo;
  }

  /** The numbers of the measured part so far. */
  measured(): MeteredCalls {
    return {
      hcalls: this.#hcalls,
      tceOps: this.#tceOps,
      failedHcalls: this.#failedHcalls,
      classes: this.#classes,
      callsOfClass: this.#callsOfClass.slice(0, this.#classes.size),
      history: this.#history.digest(),
    };
  }

  /** Forgets the numbers of the warm-up, not its history. */
  startMeasuring(): void {
    this.#callsOfClass.fill(0);
    this.#tceOps = 0;
    this.#hcalls = 0;
    this.#failedHcalls = 0;
  }

  putTce(liobn: number, iobaHi: number, iobaLo: number, tceHi: number, tceLo: number): number {
    const code = this.#sink.putTce(liobn, iobaHi, iobaLo, tceHi, tceLo);
    this.#note(H_PUT_TCE, (tceLo & TCE_PERMISSIONS) === 0 ? CLEARS : SETS, iobaHi, iobaLo, 1, code);
    this.#history.add(tceLo);
    return code;
  }

  putTceIndirect(
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceListHi: number,
    tceListLo: number,
    npages: number,
  ): number {
    const code = this.#sink.putTceIndirect(liobn, iobaHi, iobaLo, tceListHi, tceListLo, npages);
    this.#note(H_PUT_TCE_INDIRECT, INDIRECTS, iobaHi, iobaLo, npages, code);
    return code;
  }

  stuffTce(
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceHi: number,
    tceLo: number,
    npages: number,
  ): number {
    const code = this.#sink.stuffTce(liobn, iobaHi, iobaLo, tceHi, tceLo, npages);
    this.#note(H_STUFF_TCE, STUFFS, iobaHi, iobaLo, npages, code);
    return code;
  }

  getTce(liobn: number, iobaHi: number, iobaLo: number): number {
    const code = this.#sink.getTce(liobn, iobaHi, iobaLo);
    this.#note(H_GET_TCE, GETS, iobaHi, iobaLo, 0, code);
    return code;
  }

  #note(hcall: number, kind: number, iobaHi: number, iobaLo: number, tces: number, code: number): void {
    this.#hcalls++;
    this.#tceOps += tces;
    if (code !== 0) this.#failedHcalls++;
    const like = kind + (tces < LENGTHS ? tces : LENGTHS - 1);
    const id = this.#classes.classify(this.#before, this.#counts, this.#classOfLike[like] as number);
    this.#classOfLike[like] = id;
    if (id >= this.#callsOfClass.length) this.#growCalls();
    this.#callsOfClass[id] = (this.#callsOfClass[id] as number) + 1;
    if (this.#log !== null) this.#log.noteCall(id, kind === CLEARS || kind === STUFFS, tces, code);
    this.#history.add(hcall ^ (tces << 12));
    this.#history.add(iobaHi ^ iobaLo);
    this.#history.add(id ^ (code << 16));
  }

  #growCalls(): void {
    const calls = new Float64Array(this.#callsOfClass.length * 2);
    calls.set(this.#callsOfClass);
    this.#callsOfClass = calls;
  }
}

/** How often the measured calls did an operation. */
export function totalOf({ classes, callsOfClass }: MeteredCalls, operation: number): number {
  let total = 0;
  for (let id = 0; id < callsOfClass.length; id++) {
    total += (callsOfClass[id] as number) * (classes.counts[classes.offsetOf(id) + operation] as number);
  }
  return total;
}

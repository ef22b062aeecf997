import { H_GET_TCE, H_PUT_TCE, H_PUT_TCE_INDIRECT, H_STUFF_TCE } from './hcall.js';
import { highHalf, joinWord, lowHalf, TCE_PERMISSIONS } from './tce.js';

/** A window that calls of a stream go to, in IOMMU pages; the calls name it by its index. */
export interface StreamWindow {
  readonly pageShift: number;
  readonly offset: number;
  readonly size: number;
}

/** Words of one call, in this order. ARG is the TCE, or of an indirect call the address of its list. */
export const CALL_WORDS = 8;
export const CALL_KIND = 0;
export const CALL_WINDOW = 1;
export const CALL_IOBA_HI = 2;
export const CALL_IOBA_LO = 3;
export const CALL_ARG_HI = 4;
export const CALL_ARG_LO = 5;
export const CALL_NPAGES = 6;
/** Index of the first TCE of an indirect call's list among {@link CallStream.tces}. */
export const CALL_FIRST_TCE = 7;

/**
 * Hypercalls in memory, for threads to make again and again: after the last one every table is as before the first.
 * Plain data on shared memory that nobody changes, so it can be sent to any number of threads.
 */
export interface CallStream {
  readonly windows: readonly StreamWindow[];
  /** Every address in it lies below. */
  readonly ramBytes: number;
  /** Guest addresses of the pages that hold lists. */
  readonly listPages: readonly number[];
  readonly calls: number;
  /** {@link CALL_WORDS} for each call. */
  readonly words: Int32Array<SharedArrayBuffer>;
  /** High and low half of each TCE of each list. */
  readonly tces: Int32Array<SharedArrayBuffer>;
  /** TCEs that the calls set, clear or read together. */
  readonly tceOps: number;
  /** Whether any call is an indirect one or a stuff. */
  readonly multiTce: boolean;
}

/** Gathers the calls of a {@link CallStream}. One owner. */
export class CallStreamBuilder {
  readonly #windows: StreamWindow[] = [];
  readonly #words: number[] = [];
  readonly #tces: number[] = [];
  readonly #listPages = new Set<number>();
  #calls = 0;
  #tceOps = 0;
  #multiTce = false;

  get calls(): number {
    return this.#calls;
  }

  get multiTce(): boolean {
    return this.#multiTce;
  }

  /** A further window; returns its index. */
  addWindow(window: StreamWindow): number {
    return this.#windows.push({ ...window }) - 1;
  }

  putTce(window: number, iobaHi: number, iobaLo: number, tceHi: number, tceLo: number): void {
    this.#add(H_PUT_TCE, window, iobaHi, iobaLo, tceHi, tceLo, 1);
  }

  /** `tces`: high and low half of each. */
  putTceIndirect(
    window: number,
    iobaHi: number,
    iobaLo: number,
    list: number,
    tces: readonly number[],
  ): void {
    this.#listPages.add(list);
    this.#add(H_PUT_TCE_INDIRECT, window, iobaHi, iobaLo, highHalf(list), lowHalf(list), tces.length / 2);
    this.#tces.push(...tces);
    this.#multiTce = true;
  }

  stuffTce(
    window: number,
    iobaHi: number,
    iobaLo: number,
    tceHi: number,
    tceLo: number,
    npages: number,
  ): void {
    this.#add(H_STUFF_TCE, window, iobaHi, iobaLo, tceHi, tceLo, npages);
    this.#multiTce = true;
  }

  getTce(window: number, iobaHi: number, iobaLo: number): void {
    this.#add(H_GET_TCE, window, iobaHi, iobaLo, 0, 0, 1);
  }

  /** All that was gathered, on shared memory. */
  build(ramBytes: number): CallStream {
    return {
      windows: this.#windows,
      ramBytes,
      listPages: [...this.#listPages],
      calls: this.#calls,
      words: sharedWords(this.#words),
      tces: sharedWords(this.#tces),
      tceOps: this.#tceOps,
      multiTce: this.#multiTce,
    };
  }

  #add(
    kind: number,
    window: number,
    iobaHi: number,
    iobaLo: number,
    argHi: number,
    argLo: number,
    npages: number,
  ): void {
    this.#words.push(kind, window, iobaHi, iobaLo, argHi, argLo, npages, this.#tces.length / 2);
    this.#calls++;
    this.#tceOps += npages;
  }
}

/** The same calls by a guest whose memory begins `bytes` higher, on windows counted from `firstWindow` on. */
export function movedStream(stream: CallStream, bytes: number, firstWindow: number): CallStream {
  const words = sharedWords(stream.words);
  const tces = sharedWords(stream.tces);
  for (let call = 0; call < stream.calls; call++) {
    const at = call * CALL_WORDS;
    words[at + CALL_WINDOW] = (words[at + CALL_WINDOW] as number) + firstWindow;
    const isList = words[at + CALL_KIND] === H_PUT_TCE_INDIRECT;
    if (isList || isMapping(words[at + CALL_ARG_LO] as number)) addTo(words, at + CALL_ARG_HI, bytes);
  }
  for (let at = 0; at < tces.length; at += 2) {
    if (isMapping(tces[at + 1] as number)) addTo(tces, at, bytes);
  }
  return { ...stream, words, tces, listPages: stream.listPages.map((gpa) => gpa + bytes) };
}

/** A word without permission clears its entry: there is no address in it. */
function isMapping(lo: number): boolean {
  return (lo & TCE_PERMISSIONS) !== 0;
}

function addTo(words: Int32Array, at: number, bytes: number): void {
  const sum = joinWord(words[at] as number, words[at + 1] as number) + bytes;
  words[at] = highHalf(sum);
  words[at + 1] = lowHalf(sum);
}

function sharedWords(from: ArrayLike<number>): Int32Array<SharedArrayBuffer> {
  const words = new Int32Array(
    new SharedArrayBuffer(Math.max(1, from.length) * Int32Array.BYTES_PER_ELEMENT),
  );
  words.set(from);
  return words;
}

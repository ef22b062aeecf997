import type { DmaWindow } from '../papr/dma-window.js';
import type { GuestStore, HcallSink } from '../papr/hcall-sink.js';
import { TCE_PERMISSIONS } from '../papr/tce.js';

/** One hypercall as it was made; `page` and `permissions` are those of the first entry, 0 for a clear. */
export interface RecordedCall {
  readonly op: 'put' | 'indirect' | 'stuff';
  readonly entry: number;
  readonly npages: number;
  readonly page: number;
  readonly permissions: number;
}

/** Test helper: uniform numbers below 2^32 from a seed. */
export function testRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state ^ (state >>> 15)) >>> 0;
  };
}

/**
 * Test helper, never used by the product: a sink that keeps the table, counts calls by kind and counts every
 * breach of what a guest may do.
 */
export class RecordingSink implements HcallSink, GuestStore {
  readonly resultHi = 0;
  readonly resultLo = 0;
  /** Calls by kind, a put by whether it sets or clears. */
  puts = 0;
  clears = 0;
  indirects = 0;
  stuffs = 0;
  tcesSet = 0;
  tcesCleared = 0;
  clearedEmpty = 0;
  live = 0;
  peakLive = 0;
  /** Entries set, by permission bits. */
  readonly byPermission = [0, 0, 0, 0];
  /** Breaches; each is a sentence. */
  readonly breaches: string[] = [];
  /** Every call, once it is an array. */
  log: RecordedCall[] | undefined;
  /** Called before each hypercall with its number from 1 on: a code other than 0 refuses it. */
  refuse: (call: number) => number = () => 0;

  readonly #window: DmaWindow;
  readonly #ramPages: number;
  /** TCE of each entry as page * 4 + permissions, and the length of the map that set it. */
  readonly #tces: Float64Array;
  readonly #lengths: Int32Array;
  readonly #stored = new Map<number, number>();
  #calls = 0;

  constructor(window: DmaWindow, ramBytes: number) {
    this.#window = window;
    this.#ramPages = ramBytes / 2 ** window.pageShift;
    this.#tces = new Float64Array(window.size);
    this.#lengths = new Int32Array(window.size);
  }

  get calls(): number {
    return this.#calls;
  }

  /** Calls of traffic and of boot, made anew from the next one on; what is live stays. */
  resetCounts(): void {
    this.puts = 0;
    this.clears = 0;
    this.indirects = 0;
    this.stuffs = 0;
    this.tcesSet = 0;
    this.tcesCleared = 0;
    this.#calls = 0;
  }

  storeWord(gpa: number, hi: number, lo: number): void {
    if (gpa % 8 !== 0) this.breaches.push(`word stored at ${gpa}`);
    this.#stored.set(gpa, (hi >>> 0) * 2 ** 32 + (lo >>> 0));
  }

  putTce(_liobn: number, iobaHi: number, iobaLo: number, tceHi: number, tceLo: number): number {
    const code = this.refuse(++this.#calls);
    if (code !== 0) return code;
    const entry = this.#entry(iobaHi, iobaLo, 1);
    const tce = (tceHi >>> 0) * 2 ** 32 + (tceLo >>> 0);
    if (tce % 4 === 0) {
      if (tce !== 0) this.breaches.push(`entry ${entry} cleared by ${tce}`);
      this.clears++;
      this.#clear(entry, 1);
      this.log?.push({ op: 'put', entry, npages: 1, page: 0, permissions: 0 });
      return 0;
    }
    this.puts++;
    this.#set(entry, tce);
    this.#lengths[entry] = 1;
    this.log?.push({ op: 'put', entry, npages: 1, page: this.#pageOf(tce), permissions: tce % 4 });
    return 0;
  }

  putTceIndirect(
    _liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceListHi: number,
    tceListLo: number,
    npages: number,
  ): number {
    const code = this.refuse(++this.#calls);
    if (code !== 0) return code;
    const entry = this.#entry(iobaHi, iobaLo, npages);
    const list = (tceListHi >>> 0) * 2 ** 32 + (tceListLo >>> 0);
    if (list % 4096 !== 0 || npages < 1 || npages > 512) this.breaches.push(`list ${list}+${npages}`);
    this.indirects++;
    const first = this.#stored.get(list) ?? 0;
    for (let i = 0; i < npages; i++) {
      const tce = this.#stored.get(list + i * 8) ?? 0;
      if (tce !== first + i * 2 ** this.#window.pageShift) this.breaches.push(`list entry ${i} is ${tce}`);
      this.#set(entry + i, tce);
    }
    this.#lengths[entry] = npages;
    this.log?.push({ op: 'indirect', entry, npages, page: this.#pageOf(first), permissions: first % 4 });
    return 0;
  }

  stuffTce(
    _liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceHi: number,
    tceLo: number,
    npages: number,
  ): number {
    const code = this.refuse(++this.#calls);
    if (code !== 0) return code;
    const entry = this.#entry(iobaHi, iobaLo, npages);
    if (tceHi !== 0 || tceLo !== 0) this.breaches.push(`stuffed with ${tceHi}, ${tceLo}`);
    if (this.live > 0 && this.#lengths[entry] !== npages) {
      this.breaches.push(`unmap of ${entry}+${npages} matches no map`);
    }
    this.stuffs++;
    this.#clear(entry, npages);
    this.log?.push({ op: 'stuff', entry, npages, page: 0, permissions: 0 });
    return 0;
  }

  getTce(): number {
    this.breaches.push('H_GET_TCE');
    return 0;
  }

  #entry(iobaHi: number, iobaLo: number, npages: number): number {
    const entry = this.#window.entryOfRange(iobaHi, iobaLo, npages);
    if (entry < 0) this.breaches.push(`ioba ${iobaHi}:${iobaLo}+${npages} is outside the window`);
    return entry;
  }

  #pageOf(tce: number): number {
    return Math.floor(tce / 2 ** this.#window.pageShift);
  }

  #set(entry: number, tce: number): void {
    if (this.#tces[entry] !== 0) this.breaches.push(`entry ${entry} set while live`);
    const permissions = tce % 4;
    const inPage = tce % 2 ** this.#window.pageShift;
    if (inPage !== permissions || inPage > TCE_PERMISSIONS) this.breaches.push(`tce ${tce}`);
    if (this.#pageOf(tce) >= this.#ramPages) this.breaches.push(`page ${this.#pageOf(tce)} is not RAM`);
    this.byPermission[permissions] = (this.byPermission[permissions] ?? 0) + 1;
    this.#tces[entry] = tce;
    this.tcesSet++;
    this.live++;
    this.peakLive = Math.max(this.peakLive, this.live);
  }

  #clear(entry: number, npages: number): void {
    for (let i = entry; i < entry + npages; i++) {
      if (this.#tces[i] === 0) {
        this.clearedEmpty++;
        continue;
      }
      this.#tces[i] = 0;
      this.tcesCleared++;
      this.live--;
    }
    this.#lengths[entry] = 0;
  }
}

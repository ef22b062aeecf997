import type { DmaWindow } from '../papr/dma-window.js';
import { MAX_INDIRECT_TCES } from '../papr/hcall.js';
import { H_SUCCESS } from '../papr/hcall-return.js';
import type { GuestStore, HcallSink } from '../papr/hcall-sink.js';
import { highHalf, lowHalf } from '../papr/tce.js';

/** What a {@link TceCalls} is made from. */
export interface TceCallsOptions {
  readonly sink: HcallSink;
  readonly store: GuestStore;
  readonly liobn: number;
  readonly window: DmaWindow;
  /** Whether the hypervisor offers H_PUT_TCE_INDIRECT and H_STUFF_TCE. */
  readonly multiTce: boolean;
  /** TCEs that one list may hold, 1 to 512; absent: the page full of them that the kernel uses. */
  readonly maxIndirectTces?: number | undefined;
  /** Address of the 4 KiB page that holds the lists of this CPU. */
  readonly listGpa: number;
}

/**
 * How one CPU of a pseries guest turns a run of table entries into hypercalls
 * (arch/powerpc/platforms/pseries/iommu.c, v4.9). Page numbers are guest addresses divided by the IOMMU page.
 * One thread.
 */
export class TceCalls {
  /** Hypercalls made, failed ones included. */
  hcalls = 0;
  /** Hypercalls that clear entries and were refused; the guest only prints a message. */
  failedClears = 0;
  readonly #sink: HcallSink;
  readonly #store: GuestStore;
  readonly #liobn: number;
  readonly #multiTce: boolean;
  readonly #maxIndirectTces: number;
  readonly #listGpa: number;
  readonly #listHi: number;
  readonly #listLo: number;
  readonly #pageShift: number;
  readonly #baseHi: number;
  readonly #baseLo: number;
  #iobaHi = 0;
  #iobaLo = 0;

  constructor(options: TceCallsOptions) {
    this.#sink = options.sink;
    this.#store = options.store;
    this.#liobn = options.liobn;
    this.#multiTce = options.multiTce;
    this.#maxIndirectTces = options.maxIndirectTces ?? MAX_INDIRECT_TCES;
    this.#listGpa = options.listGpa;
    this.#listHi = highHalf(options.listGpa);
    this.#listLo = lowHalf(options.listGpa);
    this.#pageShift = options.window.pageShift;
    const base = options.window.iobaOf(0);
    this.#baseHi = highHalf(base);
    this.#baseLo = lowHalf(base);
  }

  /**
   * Maps `npages` neighbouring pages: one H_PUT_TCE each where there is one or no multi-TCE, otherwise an
   * H_PUT_TCE_INDIRECT for every list full. False when the hypervisor refused: the entries of the calls before the
   * refused one are cleared again. What a refused indirect call did set the guest cannot know, and leaves.
   */
  set(entry: number, npages: number, page: number, permissions: number): boolean {
    return npages === 1 || !this.#multiTce
      ? this.#putEach(entry, npages, page, permissions)
      : this.putIndirect(entry, npages, page, permissions);
  }

  /** Clears entries: one H_STUFF_TCE, however many, or one H_PUT_TCE each without multi-TCE. */
  clear(entry: number, npages: number): void {
    const count = this.#multiTce ? 1 : npages;
    for (let i = 0; i < count; i++) {
      this.#pointTo(entry + i);
      this.hcalls++;
      const code = this.#multiTce
        ? this.#sink.stuffTce(this.#liobn, this.#iobaHi, this.#iobaLo, 0, 0, npages)
        : this.#sink.putTce(this.#liobn, this.#iobaHi, this.#iobaLo, 0, 0);
      if (code !== H_SUCCESS) this.failedClears++;
    }
  }

  /** {@link set} by H_PUT_TCE_INDIRECT whatever the guest was told: how the direct window is filled. */
  putIndirect(entry: number, npages: number, page: number, permissions: number): boolean {
    const shift = this.#pageShift;
    for (let done = 0; done < npages; ) {
      const count = Math.min(npages - done, this.#maxIndirectTces);
      for (let i = 0; i < count; i++) {
        const target = page + done + i;
        this.#store.storeWord(
          this.#listGpa + i * 8,
          target >>> (32 - shift),
          (target << shift) | permissions,
        );
      }
      this.#pointTo(entry + done);
      this.hcalls++;
      const code = this.#sink.putTceIndirect(
        this.#liobn,
        this.#iobaHi,
        this.#iobaLo,
        this.#listHi,
        this.#listLo,
        count,
      );
      if (code !== H_SUCCESS) return this.#undo(entry, done);
      done += count;
    }
    return true;
  }

  #putEach(entry: number, npages: number, page: number, permissions: number): boolean {
    const shift = this.#pageShift;
    for (let done = 0; done < npages; done++) {
      const target = page + done;
      const tceHi = target >>> (32 - shift);
      const tceLo = (target << shift) | permissions;
      this.#pointTo(entry + done);
      this.hcalls++;
      const code = this.#sink.putTce(this.#liobn, this.#iobaHi, this.#iobaLo, tceHi, tceLo);
      if (code !== H_SUCCESS) return this.#undo(entry, done);
    }
    return true;
  }

  #undo(entry: number, done: number): false {
    if (done > 0) this.clear(entry, done);
    return false;
  }

  #pointTo(entry: number): void {
    const lo = entry << this.#pageShift;
    const sum = (this.#baseLo + lo) | 0;
    const carry = sum >>> 0 < lo >>> 0 ? 1 : 0;
    this.#iobaLo = sum;
    this.#iobaHi = (this.#baseHi + (entry >>> (32 - this.#pageShift)) + carry) | 0;
  }
}

import { assert } from '../errors.js';
import { H_SUCCESS } from '../papr/hcall-return.js';
import type { GuestStore, HcallSink } from '../papr/hcall-sink.js';
import { TCE_PERMISSIONS } from '../papr/tce.js';
import { type ArmSpec, LIOBN, LIST_GPA } from './arms.js';

const WINDOW_ENTRIES = 2 ** 18;
const RAM_PAGES = 2 ** 16;
const PAGE_SHIFT = 12;

/**
 * The measured work: map a buffer at the next addresses of the window, unmap it, go on. Addresses come round
 * only after the whole window, as the guest kernel's allocator hands them out, so the tables are as cold as real
 * ones. Own code for each arm's worker: a call site shared by several sinks would distort all of them.
 */
export class MapUnmapLoop {
  readonly #sink: HcallSink;
  readonly #store: GuestStore;
  readonly #tcesPerMap: number;
  readonly #multiTce: boolean;
  #entry = 0;
  #page = 0;

  constructor(spec: ArmSpec, sink: HcallSink, store: GuestStore) {
    this.#sink = sink;
    this.#store = store;
    this.#tcesPerMap = spec.tcesPerMap;
    this.#multiTce = spec.multiTce;
  }

  /** Hypercalls of one {@link step}. */
  get callsPerStep(): number {
    return this.#multiTce ? 2 : 2 * this.#tcesPerMap;
  }

  /** Maps and unmaps one buffer. */
  step(): void {
    const failures = this.#multiTce ? this.#mapAndUnmapMulti() : this.#mapAndUnmapSingle();
    assert(failures === H_SUCCESS, 'a measured hypercall failed');
    this.#entry = (this.#entry + this.#tcesPerMap) % WINDOW_ENTRIES;
    this.#page = (this.#page + this.#tcesPerMap) % RAM_PAGES;
  }

  #mapAndUnmapSingle(): number {
    const sink = this.#sink;
    const n = this.#tcesPerMap;
    let codes = 0;
    for (let i = 0; i < n; i++) {
      codes |= sink.putTce(LIOBN, 0, (this.#entry + i) << PAGE_SHIFT, 0, this.#tce(i));
    }
    for (let i = 0; i < n; i++) codes |= sink.putTce(LIOBN, 0, (this.#entry + i) << PAGE_SHIFT, 0, 0);
    return codes;
  }

  #mapAndUnmapMulti(): number {
    const sink = this.#sink;
    const n = this.#tcesPerMap;
    const iobaLo = this.#entry << PAGE_SHIFT;
    for (let i = 0; i < n; i++) this.#store.storeWord(LIST_GPA + i * 8, 0, this.#tce(i));
    const mapped = sink.putTceIndirect(LIOBN, 0, iobaLo, 0, LIST_GPA, n);
    return mapped | sink.stuffTce(LIOBN, 0, iobaLo, 0, 0, n);
  }

  #tce(i: number): number {
    return ((this.#page + i) << PAGE_SHIFT) | TCE_PERMISSIONS;
  }
}

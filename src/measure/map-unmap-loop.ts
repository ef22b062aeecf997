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
  readonly #mapsPerSample: number;
  readonly #multiTce: boolean;
  #entry = 0;
  #page = 0;

  constructor(spec: ArmSpec, sink: HcallSink, store: GuestStore) {
    this.#sink = sink;
    this.#store = store;
    this.#tcesPerMap = spec.tcesPerMap;
    this.#mapsPerSample = spec.mapsPerSample;
    this.#multiTce = spec.multiTce;
  }

  /** Hypercalls of one {@link sample}. */
  get callsPerSample(): number {
    return 2 * this.#mapsPerSample;
  }

  /** Maps and unmaps buffers, one after another. */
  sample(): void {
    let codes = H_SUCCESS;
    for (let i = 0; i < this.#mapsPerSample; i++) {
      codes |= this.#multiTce ? this.#mapAndUnmapMulti() : this.#mapAndUnmapSingle();
      this.#entry = (this.#entry + this.#tcesPerMap) % WINDOW_ENTRIES;
      this.#page = (this.#page + this.#tcesPerMap) % RAM_PAGES;
    }
    assert(codes === H_SUCCESS, 'a measured hypercall failed');
  }

  #mapAndUnmapSingle(): number {
    const iobaLo = this.#entry << PAGE_SHIFT;
    return this.#sink.putTce(LIOBN, 0, iobaLo, 0, this.#tce(0)) | this.#sink.putTce(LIOBN, 0, iobaLo, 0, 0);
  }

  /** The guest's own stores to the list are timed with the call that needs them. */
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

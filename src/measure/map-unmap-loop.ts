import { assert } from '../errors.js';
import { H_SUCCESS } from '../papr/hcall-return.js';
import type { GuestStore, HcallSink } from '../papr/hcall-sink.js';
import { TCE_PERMISSIONS } from '../papr/tce.js';
import { LIOBN, PAGE_SHIFT, shareOf, type VcpuShare } from './arm-machine.js';
import type { ArmSpec } from './arms.js';

/**
 * The measured work: map a buffer at the next addresses of the vCPU's part of the window, unmap it, go on. Addresses
 * come round only after the whole part, as the guest kernel's allocator hands them out, so the tables are as cold as
 * real ones. Own code for each arm's worker: a call site shared by several sinks would distort all of them.
 */
export class MapUnmapLoop {
  readonly #sink: HcallSink;
  readonly #store: GuestStore;
  readonly #share: VcpuShare;
  readonly #tcesPerMap: number;
  readonly #stepsPerSample: number;
  readonly #multiTce: boolean;
  #entry = 0;
  #page = 0;

  constructor(spec: ArmSpec, vcpu: number, sink: HcallSink, store: GuestStore) {
    this.#sink = sink;
    this.#store = store;
    this.#share = shareOf(spec, vcpu);
    this.#tcesPerMap = spec.tcesPerCall;
    this.#stepsPerSample = spec.stepsPerSample + spec.extraSteps;
    this.#multiTce = spec.multiTce;
  }

  /** Maps and unmaps buffers, one after another. */
  sample(): void {
    for (let i = 0; i < this.#stepsPerSample; i++) this.step();
  }

  /** Maps one buffer and unmaps it again: two hypercalls. */
  step(): void {
    const codes = this.#multiTce ? this.#mapAndUnmapMulti() : this.#mapAndUnmapSingle();
    this.#entry = (this.#entry + this.#tcesPerMap) % this.#share.entries;
    this.#page = (this.#page + this.#tcesPerMap) % this.#share.pages;
    assert(codes === H_SUCCESS, 'a measured hypercall failed');
  }

  #mapAndUnmapSingle(): number {
    const iobaLo = this.#iobaLo();
    return this.#sink.putTce(LIOBN, 0, iobaLo, 0, this.#tce(0)) | this.#sink.putTce(LIOBN, 0, iobaLo, 0, 0);
  }

  /** The guest's own stores to the list are timed with the call that needs them. */
  #mapAndUnmapMulti(): number {
    const sink = this.#sink;
    const n = this.#tcesPerMap;
    const list = this.#share.listGpa;
    const iobaLo = this.#iobaLo();
    for (let i = 0; i < n; i++) this.#store.storeWord(list + i * 8, 0, this.#tce(i));
    const mapped = sink.putTceIndirect(LIOBN, 0, iobaLo, 0, list, n);
    return mapped | sink.stuffTce(LIOBN, 0, iobaLo, 0, 0, n);
  }

  #iobaLo(): number {
    return (this.#share.firstEntry + this.#entry) << PAGE_SHIFT;
  }

  #tce(i: number): number {
    return ((this.#share.firstPage + this.#page + i) << PAGE_SHIFT) | TCE_PERMISSIONS;
  }
}

import { H_TOO_HARD } from '../papr/hcall-return.js';
import type { HcallSink } from '../papr/hcall-sink.js';

/**
 * Real mode of a radix guest (from 4.11 on): whatever changes an entry is left to virtual mode before anything is
 * looked at; H_GET_TCE is answered as ever. One thread at a time may call it.
 */
export class RadixGuestHandlers implements HcallSink {
  readonly #real: HcallSink;

  constructor(real: HcallSink) {
    this.#real = real;
  }

  get resultHi(): number {
    return this.#real.resultHi;
  }

  get resultLo(): number {
    return this.#real.resultLo;
  }

  putTce(): number {
    return H_TOO_HARD;
  }

  putTceIndirect(): number {
    return H_TOO_HARD;
  }

  stuffTce(): number {
    return H_TOO_HARD;
  }

  getTce(liobn: number, iobaHi: number, iobaLo: number): number {
    return this.#real.getTce(liobn, iobaHi, iobaLo);
  }
}

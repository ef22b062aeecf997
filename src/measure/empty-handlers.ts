import { H_SUCCESS } from '../papr/hcall-return.js';
import type { HcallSink } from '../papr/hcall-sink.js';

/** Handlers that do nothing: what is left of a hypercall is the hand-over. */
export class EmptyHandlers implements HcallSink {
  readonly resultHi = 0;
  readonly resultLo = 0;

  putTce(): number {
    return H_SUCCESS;
  }

  putTceIndirect(): number {
    return H_SUCCESS;
  }

  stuffTce(): number {
    return H_SUCCESS;
  }

  getTce(): number {
    return H_SUCCESS;
  }
}

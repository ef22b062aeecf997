import { H_SUCCESS, H_TOO_HARD } from '../papr/hcall-return.js';
import type { HcallSink } from '../papr/hcall-sink.js';
import { formatWord } from '../papr/tce.js';
import type { ScenarioHcall } from './scenario-operation.js';

/** What a hypercall of a scenario gave. */
export interface HcallResult {
  /** The PAPR code; H_TOO_HARD where user space would have to go on. */
  readonly ret: number;
  /** H_GET_TCE: what it put in r4. */
  readonly value?: string;
  /** In mode `auto`: which handlers gave the code. */
  readonly handledBy?: 'real' | 'virtual' | 'user';
}

/**
 * Runs a hypercall through the handlers of its mode; `auto` goes on to virtual mode after H_TOO_HARD. `liobn` is
 * the number that stands for the LIOBN of the call.
 */
export function runHcall(
  hcall: ScenarioHcall,
  liobn: number,
  real: HcallSink,
  virtual: HcallSink,
): HcallResult {
  if (hcall.mode === 'virtual') return resultOf(hcall, virtual, call(hcall, liobn, virtual));
  const code = call(hcall, liobn, real);
  if (hcall.mode === 'real') return resultOf(hcall, real, code);
  if (code !== H_TOO_HARD) return { ...resultOf(hcall, real, code), handledBy: 'real' };
  // H_GET_TCE has no handler of virtual mode.
  const next = hcall.name === 'H_GET_TCE' ? H_TOO_HARD : call(hcall, liobn, virtual);
  return { ret: next, handledBy: next === H_TOO_HARD ? 'user' : 'virtual' };
}

function call({ name, ioba, word, npages }: ScenarioHcall, liobn: number, sink: HcallSink): number {
  switch (name) {
    case 'H_PUT_TCE':
      return sink.putTce(liobn, ioba.hi, ioba.lo, word.hi, word.lo);
    case 'H_PUT_TCE_INDIRECT':
      return sink.putTceIndirect(liobn, ioba.hi, ioba.lo, word.hi, word.lo, npages);
    case 'H_STUFF_TCE':
      return sink.stuffTce(liobn, ioba.hi, ioba.lo, word.hi, word.lo, npages);
    case 'H_GET_TCE':
      return sink.getTce(liobn, ioba.hi, ioba.lo);
  }
}

function resultOf({ name }: ScenarioHcall, sink: HcallSink, code: number): HcallResult {
  if (name !== 'H_GET_TCE' || code !== H_SUCCESS) return { ret: code };
  return { ret: code, value: formatWord(sink.resultHi, sink.resultLo) };
}

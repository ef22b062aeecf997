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

/** The handlers of a scenario's kernel. */
export interface ScenarioHandlers {
  /** null where the kernel has none. */
  readonly real: HcallSink | null;
  readonly virtual: HcallSink;
  readonly answersGetInVirtualMode: boolean;
}

/**
 * Runs a hypercall through the handlers of its mode; `auto` goes on to virtual mode after H_TOO_HARD. `liobn` is
 * the number that stands for the LIOBN of the call.
 */
export function runHcall(hcall: ScenarioHcall, liobn: number, handlers: ScenarioHandlers): HcallResult {
  const { real, virtual } = handlers;
  if (hcall.mode === 'virtual') return resultOf(hcall, virtual, makeHcall(hcall, liobn, virtual));
  // A kernel without real-mode handlers goes to virtual mode at once.
  const code = real === null ? H_TOO_HARD : makeHcall(hcall, liobn, real);
  if (real === null || code === H_TOO_HARD) {
    return hcall.mode === 'real' ? { ret: code } : inVirtualMode(hcall, liobn, handlers);
  }
  const result = resultOf(hcall, real, code);
  return hcall.mode === 'real' ? result : { ...result, handledBy: 'real' };
}

function inVirtualMode(hcall: ScenarioHcall, liobn: number, handlers: ScenarioHandlers): HcallResult {
  const { virtual } = handlers;
  const answers = hcall.name !== 'H_GET_TCE' || handlers.answersGetInVirtualMode;
  const code = answers ? makeHcall(hcall, liobn, virtual) : H_TOO_HARD;
  if (code === H_TOO_HARD) return { ret: code, handledBy: 'user' };
  return { ...resultOf(hcall, virtual, code), handledBy: 'virtual' };
}

/** Makes the hypercall of a scenario; `liobn` as in {@link runHcall}. Returns its code. */
export function makeHcall(
  { name, ioba, word, npages }: ScenarioHcall,
  liobn: number,
  sink: HcallSink,
): number {
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

import { TCE_PERMISSIONS } from '../papr/tce.js';
import { CallSizes } from './call-sizes.js';
import { Lifetimes } from './lifetimes.js';
import type { CallKind } from './log-line.js';
import type { TraceCall } from './trace-call.js';

/** What is added up over a part of a log; parts add up to a whole. */
export class Tally {
  calls = 0;
  readonly byKind: Record<CallKind, number> = { put: 0, indirect: 0, stuff: 0, get: 0 };
  putMap = 0;
  tcesMapped = 0;
  tcesUnmapped = 0;
  clearedWhileEmpty = 0;
  readonly sizes = {
    putMap: new CallSizes(),
    putClear: new CallSizes(),
    indirect: new CallSizes(),
    stuff: new CallSizes(),
  };
  readonly lifetimes = new Lifetimes();
  readonly returnCodes = new Map<number, number>();
  #successes = 0;

  /** Counts a call as such; not what it did to a table. */
  call(call: TraceCall): void {
    this.calls++;
    if (call.ret === 0) this.#successes++;
    else this.returnCodes.set(call.ret, (this.returnCodes.get(call.ret) ?? 0) + 1);
    switch (call.kind) {
      case 'put':
        this.byKind.put++;
        if ((call.tceLo & TCE_PERMISSIONS) === 0) {
          this.sizes.putClear.add(1);
        } else {
          this.putMap++;
          this.sizes.putMap.add(1);
        }
        return;
      case 'indirect':
        this.byKind.indirect++;
        this.sizes.indirect.add(call.printed);
        return;
      case 'stuff':
        this.byKind.stuff++;
        this.sizes.stuff.add(call.printed);
        return;
      case 'get':
        this.byKind.get++;
    }
  }

  /** Calls by return code, in ascending order of the codes that are not negative. */
  get byReturnCode(): Record<string, number> {
    const codes: Record<string, number> = {};
    if (this.#successes > 0) codes['0'] = this.#successes;
    for (const [code, calls] of this.returnCodes) codes[code] = calls;
    return codes;
  }

  addAll(other: Tally): void {
    this.calls += other.calls;
    this.byKind.put += other.byKind.put;
    this.byKind.indirect += other.byKind.indirect;
    this.byKind.stuff += other.byKind.stuff;
    this.byKind.get += other.byKind.get;
    this.putMap += other.putMap;
    this.tcesMapped += other.tcesMapped;
    this.tcesUnmapped += other.tcesUnmapped;
    this.clearedWhileEmpty += other.clearedWhileEmpty;
    this.sizes.putMap.addAll(other.sizes.putMap);
    this.sizes.putClear.addAll(other.sizes.putClear);
    this.sizes.indirect.addAll(other.sizes.indirect);
    this.sizes.stuff.addAll(other.sizes.stuff);
    this.lifetimes.addAll(other.lifetimes);
    this.#successes += other.#successes;
    for (const [code, calls] of other.returnCodes) {
      this.returnCodes.set(code, (this.returnCodes.get(code) ?? 0) + calls);
    }
  }
}

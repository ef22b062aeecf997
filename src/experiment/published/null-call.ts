import { CostModel } from '../../cost/cost-model.js';
import type { CostProfile, Prices } from '../../cost/cost-profile.js';
import { assert } from '../../errors.js';
import { H_PARAMETER } from '../../papr/hcall-return.js';
import type { HcallSink } from '../../papr/hcall-sink.js';
import { buildMachine, type PathId } from '../../path/machine.js';
import { V4_12 } from '../../path/revisions/v4-12.js';
import type { CallLog } from '../../sim/call-log.js';
import { MeteredSink } from '../../sim/metered-sink.js';
import { PICOSECONDS_PER_NS } from '../../units.js';
import { type Interval, overRanges } from './published-result.js';

const LIOBN = 0x80000000;
const PAGE_SHIFT = 12;
/** A whole 64 KiB page of entries, so that no revision rounds it up. */
const ENTRIES = 8192;

/** A hypercall that does nothing: the address lies behind the window, so the handler answers after its first check. */
export function makeNullCall(sink: HcallSink): void {
  const code = sink.putTce(LIOBN, 0, ENTRIES * 2 ** PAGE_SHIFT, 0, 0);
  assert(code === H_PARAMETER, `an address outside the window gave ${code}`);
}

/** A machine of one path, metered. */
export function nullCallSink(path: PathId, log: CallLog | null = null): MeteredSink {
  const windows = [{ liobn: LIOBN, pageShift: PAGE_SHIFT, offset: 0, size: ENTRIES }];
  const machine = buildMachine({ ramBytes: 2 ** 26, path, windows }, V4_12);
  return new MeteredSink(machine.ladder, machine.host.counts, log);
}

/** What such a call costs on one path, over the ranges of a profile. */
export function nullCallNs(profile: CostProfile, path: PathId): Interval {
  const sink = nullCallSink(path);
  makeNullCall(sink);
  const { classes } = sink.measured();
  const nsAt = (prices: Prices) =>
    new CostModel(prices).operationsPs(classes.counts, classes.offsetOf(0)) / PICOSECONDS_PER_NS;
  return overRanges(profile, nsAt);
}

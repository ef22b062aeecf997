import { CostModel } from '../../cost/cost-model.js';
import { type CostProfile, type Prices, pricesOf } from '../../cost/cost-profile.js';
import { emptyUnit } from '../../nic/card.js';
import { CallLog } from '../../sim/call-log.js';
import { ContendedRun } from '../../sim/contended-run.js';
import type { VcpuWork } from '../../sim/contended-run-options.js';
import { randomStream } from '../../sim/streams.js';
import { PICOSECONDS_PER_NS } from '../../units.js';
import { makeNullCall, nullCallSink } from './null-call.js';
import { type Interval, span } from './published-result.js';

/** Guest work between two calls of the caller, in ns. */
const WORK_NS = 100e3;
/** The same for its siblings: none that calls, rare calls, as many as the caller, more. */
const SIBLING_WORK_NS: readonly (number | null)[] = [null, 1e6, 100e3, 20e3];

/**
 * The median time of a hypercall to the host kernel on a core whose other threads are busy in the guest, from the legs
 * of a quiet core: the least and the most that the profile's ranges and busy siblings of any kind give.
 */
export function callOnBusyCoreNs(profile: CostProfile, threads: number): Interval {
  const cheapest = pricesOf(profile, ({ low }) => low);
  const dearest = pricesOf(profile, ({ high }) => high);
  const medians = [cheapest, dearest].flatMap((prices) =>
    SIBLING_WORK_NS.map((siblingNs) => medianNs(profile, prices, threads, siblingNs)),
  );
  return span(medians);
}

function medianNs(profile: CostProfile, prices: Prices, threads: number, siblingNs: number | null): number {
  const log = new CallLog();
  const sink = nullCallSink('virtual', log);
  // A byte of payload is a nanosecond of guest work, so that a unit's length is its time.
  const cost = new CostModel({
    ...prices,
    ...{ otherWorkNsPerByte: 1, otherWorkNsPerPacket: 0, otherWorkNsPerTransaction: 0 },
  });
  const thread = (workNs: number, calls: boolean): VcpuWork => ({
    unit: { ...emptyUnit(), payloadBytes: workNs, frames: 1 },
    pipeline: 'tx',
    ringUnits: 64,
    step: () => {
      if (calls) makeNullCall(sink);
    },
  });
  const siblings = Array.from({ length: threads - 1 }, () =>
    thread(siblingNs ?? WORK_NS, siblingNs !== null),
  );
  const done = new ContendedRun({
    ...{ work: [thread(WORK_NS, true), ...siblings], log, cost },
    classes: sink.measured().classes,
    link: { bitsPerSec: 1e15 },
    threadsPerCore: threads,
    threadsLeaveTogether: profile.threadsLeaveTogether,
    ...{ pools: 1, lockCoverage: 'none', isClosed: true },
    length: { warmupBytes: 10 * WORK_NS, measuredBytes: 400 * WORK_NS },
    random: (vcpu) => randomStream(1, 1, `busy-core/${vcpu}`).nextUnit,
  }).run();
  return (done.callTimes.quantilePs(0.5) ?? 0) / PICOSECONDS_PER_NS;
}

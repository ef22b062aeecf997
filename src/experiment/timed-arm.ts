import type { CostModel } from '../cost/cost-model.js';
import { type ArmResult, QUANTILE_SHARES, type QuantileNs } from '../result/run-document.js';
import type { Arm } from '../scenario/arms.js';
import type { ResolvedScenario } from '../scenario/load-scenario.js';
import { busOf } from '../scenario/vcpu-shares.js';
import { pricesOfClasses, type Timing, timeClosedLoop } from '../sim/closed-loop.js';
import { DurationHistogram } from '../sim/duration-histogram.js';
import type { MeteredCalls } from '../sim/metered-sink.js';
import type { ResourceUse } from '../sim/resource-use.js';
import { weightedQuantile } from '../stats/quantile.js';
import { PICOSECONDS_PER_NS } from '../units.js';
import type { ArmRun } from './arm-run.js';
import { runContendedArm } from './contended-arm.js';
import type { ExecutedArm } from './executed-arm.js';
import type { OnProgress } from './run-progress.js';

/** Of one hypercall; null where there was none. */
type HcallTimes = Pick<ArmResult, 'hcallP50Ns' | 'hcallP99Ns' | 'hcallQuantiles'>;

/** null where nobody waits for a unit: a stream as fast as it goes. */
type Latencies = Pick<ArmResult, 'latencyP50Ns' | 'latencyP99Ns' | 'latencyQuantiles'>;

/** The time in ns that a share does not exceed; null where nothing was timed. */
type QuantileOf = (share: number) => number | null;

/** What one arm did and how long it took under one set of prices, whichever clock timed it. */
export interface TimedArm extends ExecutedArm, HcallTimes, Latencies {
  readonly dropped: number;
  readonly timing: Pick<
    Timing,
    'durationPs' | 'vcpuBusyPs' | 'wireBusyPs' | 'payloadBytes' | 'packets' | 'transactions'
  >;
  readonly resources: readonly ResourceUse[];
  /** The rate of the second half of the measured payload over that of the first. */
  readonly secondOverFirstHalf: number;
}

/** Times a finished run of one vCPU. */
export function timeFinishedArm(
  { arm, run, calls, endedIn, hostFaults, dmaApi, boot }: ArmRun,
  resolved: ResolvedScenario,
  cost: CostModel,
): TimedArm {
  const { link, traffic } = resolved.scenario;
  const latencies = new DurationHistogram();
  const timing = timeClosedLoop(run, cost, link, { isClosed: traffic.arrival === 'closed', into: latencies });
  const share = (busyPs: number) => (timing.durationPs === 0 ? 0 : busyPs / timing.durationPs);
  return {
    ...{ arm, calls, endedIn, hostFaults, dmaApi, boot, timing, dropped: run.dropped },
    ...hcallTimes(quantileOfCalls(calls, cost)),
    ...latencyOf(latencies, resolved),
    resources: [
      { id: 'wire', utilisation: share(timing.wireBusyPs), waitingPs: timing.wireWaitPs },
      ...(run.pcieBytesPerSec === undefined
        ? []
        : [{ id: 'pcie', utilisation: share(timing.pcieBusyPs), waitingPs: timing.pcieWaitPs } as const]),
      { id: 'vcpu', utilisation: share(timing.vcpuBusyPs), waitingPs: timing.vcpuWaitPs },
    ],
    secondOverFirstHalf: secondOverFirstHalf(run, timing, cost, resolved),
  };
}

/** Runs and times one arm with several vCPUs. */
export function timeContendedArm(
  arm: Arm,
  resolved: ResolvedScenario,
  cost: CostModel,
  onProgress?: OnProgress,
): TimedArm {
  const { done, calls, endedIn, hostFaults, dmaApi, boot } = runContendedArm(arm, resolved, cost, onProgress);
  return {
    ...{ arm, calls, endedIn, hostFaults, dmaApi, boot, timing: done, dropped: done.dropped },
    ...hcallTimes(quantileOf(done.callTimes)),
    ...latencyOf(done.latencies, resolved),
    resources: done.resources(busOf(resolved) !== null),
    secondOverFirstHalf: done.secondOverFirstHalf,
  };
}

function hcallTimes(at: QuantileOf): HcallTimes {
  return { hcallP50Ns: at(0.5), hcallP99Ns: at(0.99), hcallQuantiles: quantilesOf(at) };
}

function latencyOf(latencies: DurationHistogram, { scenario: { traffic } }: ResolvedScenario): Latencies {
  if (traffic.workload === 'stream' && traffic.arrival === 'closed') {
    return { latencyP50Ns: null, latencyP99Ns: null, latencyQuantiles: null };
  }
  const at = quantileOf(latencies);
  return { latencyP50Ns: at(0.5), latencyP99Ns: at(0.99), latencyQuantiles: quantilesOf(at) };
}

function quantileOf(histogram: DurationHistogram): QuantileOf {
  return (share) => {
    const ps = histogram.quantilePs(share);
    return ps === null ? null : ps / PICOSECONDS_PER_NS;
  };
}

function quantilesOf(at: QuantileOf): readonly QuantileNs[] | null {
  const quantiles = QUANTILE_SHARES.flatMap((share) => {
    const ns = at(share);
    return ns === null ? [] : [{ share, ns }];
  });
  return quantiles.length === 0 ? null : quantiles;
}

/** The second half alone is the same run with a longer warm-up. */
function secondOverFirstHalf(
  run: ArmRun['run'],
  whole: Timing,
  cost: CostModel,
  { scenario: { link } }: ResolvedScenario,
): number {
  const { payloadBytes, size } = run.units;
  let half = run.firstMeasured;
  for (let bytes = 0; half < size && bytes * 2 < whole.payloadBytes; half++) {
    bytes += payloadBytes[half] as number;
  }
  const second = timeClosedLoop({ ...run, firstMeasured: half }, cost, link);
  const firstPs = whole.durationPs - second.durationPs;
  const firstBytes = whole.payloadBytes - second.payloadBytes;
  if (firstPs <= 0 || second.durationPs <= 0 || firstBytes === 0 || second.payloadBytes === 0) return 1;
  return second.payloadBytes / second.durationPs / (firstBytes / firstPs);
}

/** The time of one hypercall, from the price and the number of each kind. */
function quantileOfCalls({ classes, callsOfClass }: MeteredCalls, cost: CostModel): QuantileOf {
  const prices = pricesOfClasses(classes, cost);
  const order = Array.from(callsOfClass.keys()).sort((a, b) => (prices[a] as number) - (prices[b] as number));
  return (share) => {
    const ps = weightedQuantile(prices, callsOfClass, order, share);
    return ps === null ? null : ps / PICOSECONDS_PER_NS;
  };
}

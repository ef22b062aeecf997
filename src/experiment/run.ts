import { CostModel } from '../cost/cost-model.js';
import { nominalPrices, type Prices } from '../cost/cost-profile.js';
import { USERSPACE_EXITS } from '../cost/operations.js';
import { NIC_PROFILES } from '../nic/profiles/profiles.js';
import type { ArmId, ArmResult, Comparison, DrawnRates, RunDocument } from '../result/run-document.js';
import { armsOf } from '../scenario/arms.js';
import type { ResolvedScenario } from '../scenario/load-scenario.js';
import { mayBeRecosted, workingVcpus } from '../scenario/vcpu-shares.js';
import { rateBytesPerSec } from '../sim/closed-loop.js';
import { HistoryHash } from '../sim/history-hash.js';
import type { Link } from '../sim/link.js';
import { type MeteredCalls, totalOf } from '../sim/metered-sink.js';
import { RepricedRun } from '../sim/repriced-run.js';
import { boundBy } from '../sim/resource-use.js';
import type { Recording } from '../trace/recording.js';
import { MB, PICOSECONDS_PER_NS, PICOSECONDS_PER_SEC } from '../units.js';
import { type ArmRun, runArm } from './arm-run.js';
import { runContendedArm } from './contended-arm.js';
import { drawModels, intervalOf } from './draws.js';
import { frameCostOf } from './frame-cost.js';
import { recordableArm } from './recordable-arm.js';
import { type OnProgress, progressOfPart } from './run-progress.js';
import { type TimedArm, timeContendedArm, timeFinishedArm } from './timed-arm.js';
import { tryClaim } from './trial/trial.js';
import { clockWarnings, warningsOf } from './warnings.js';
import { wireRate, wireRateOfTimed } from './wire-rate.js';

/** A modelled run: the document, and the rates behind its intervals. */
export interface ModelledRun {
  readonly document: RunDocument;
  readonly drawn: readonly DrawnRates[];
}

/** What a caller of {@link runScenario} may choose. */
export interface RunOptions {
  /** Whether the claim is tried; the trial runs many more scenarios. */
  readonly trial?: boolean;
  readonly onProgress?: OnProgress;
  /** Rates of each arm in each draw, where other threads have worked them out; only with several vCPUs. */
  readonly rates?: ReadonlyMap<ArmId, Float64Array>;
  /** Takes every hypercall of a run with one vCPU and one arm; any other is refused with it. */
  readonly recording?: Recording | undefined;
}

/**
 * Runs every arm of a scenario on the modelled clock. With one vCPU the order of calls cannot depend on time: each arm
 * is executed once, and its times in every draw of the constants follow from the same finished run. With several
 * vCPUs each draw is a run of its own, and nothing is solved for, so the document has no trial. The draws are common
 * to all arms. Equal scenarios give equal bytes.
 */
export function runScenario(
  resolved: ResolvedScenario,
  version: string,
  { trial = true, onProgress, rates: known, recording }: RunOptions = {},
): ModelledRun {
  const { scenario, profile } = resolved;
  const link: Link = scenario.link;
  const prices = nominalPrices(profile);
  const nominal = new CostModel(prices);
  const draws = drawModels(profile, scenario.run);
  const isFixed = mayBeRecosted(resolved);
  const runs: ArmRun[] = [];
  const timed: TimedArm[] = [];
  const drawn: DrawnRates[] = [];
  const wanted = armsOf(resolved);
  if (recording !== undefined) recordableArm(resolved);
  for (const [i, arm] of wanted.entries()) {
    const part = progressOfPart(i, wanted.length, onProgress);
    if (isFixed) {
      const run = runArm(arm, resolved, recording);
      runs.push(run);
      timed.push(timeFinishedArm(run, resolved, nominal));
      const repriced = new RepricedRun(run.run, link);
      const rates = Float64Array.from(draws, (cost) => repriced.rateBytesPerSec(cost));
      drawn.push({ armId: arm.id, rates });
    } else {
      const jobs = draws.length + 1;
      timed.push(timeContendedArm(arm, resolved, nominal, progressOfPart(0, jobs, part)));
      const rates =
        known?.get(arm.id) ??
        Float64Array.from(draws, (cost, draw) =>
          rateBytesPerSec(runContendedArm(arm, resolved, cost, progressOfPart(draw + 1, jobs, part)).done),
        );
      drawn.push({ armId: arm.id, rates });
    }
    part?.({ share: 1, simulatedPs: timed[i]?.timing.durationPs ?? 0 });
  }
  const arms = timed.map((arm, i) => armResult(arm, drawn[i]?.rates ?? new Float64Array(), resolved, prices));
  const wireBytesPerSec = isFixed ? wireRate(runs, link) : wireRateOfTimed(timed[0]);
  const document: RunDocument = {
    schema: 'tcebench.run/1',
    clock: 'modelled',
    version,
    scenario,
    cost: { profile: profile.id, title: profile.title, constants: profile.constants },
    ...(NIC_PROFILES.includes(resolved.nic) ? {} : { nic: { ...resolved.nic } }),
    claimNumbers: scenario.claim,
    wireBytesPerSec,
    arms,
    comparisons: comparisonsOf(arms, drawn),
    claim: trial && isFixed ? tryClaim(resolved, runs, wireBytesPerSec) : null,
    warnings: [
      ...(resolved.warnings ?? []),
      ...warningsOf(arms, resolved),
      ...clockWarnings(timed, resolved),
    ],
    ...(resolved.truncated === true ? { truncated: true } : {}),
  };
  return { document, drawn };
}

function armResult(
  timed: TimedArm,
  rates: Float64Array,
  resolved: ResolvedScenario,
  prices: Prices,
): ArmResult {
  const { scenario, revision } = resolved;
  const { arm, calls, timing, resources } = timed;
  const megabytes = timing.payloadBytes / MB;
  const { low, high } = intervalOf(rates);
  return {
    id: arm.id,
    path: arm.path,
    multiTce: arm.multiTce,
    revision: revision.id,
    evidence: revision.evidence,
    basis: arm.path === 'direct' ? 'control' : 'predicted',
    direction: scenario.traffic.workload === 'rr' ? 'both' : scenario.traffic.direction,
    mtu: scenario.nic.mtu,
    rateBytesPerSec: rateBytesPerSec(timing),
    rateLow: low,
    rateHigh: high,
    packetsPerSec: (timing.packets * PICOSECONDS_PER_SEC) / timing.durationPs,
    transactionsPerSec:
      timing.transactions === 0 ? null : (timing.transactions * PICOSECONDS_PER_SEC) / timing.durationPs,
    hcallsPerMB: calls.hcalls / megabytes,
    tceOpsPerMB: calls.tceOps / megabytes,
    exitsPerMB: totalOf(calls, USERSPACE_EXITS) / megabytes,
    cpuNsPerKB: timing.vcpuBusyPs / PICOSECONDS_PER_NS / (timing.payloadBytes / 1e3),
    durationSec: timing.durationPs / PICOSECONDS_PER_SEC,
    boundBy: boundBy(resources, scenario.traffic.arrival === 'closed'),
    resources: resources.map(({ id, utilisation, waitingPs }) => ({
      id,
      utilisation,
      waitingNsPerKB: waitingPs / PICOSECONDS_PER_NS / (timing.payloadBytes / 1e3),
    })),
    endedIn: timed.endedIn,
    hcallP50Ns: timed.hcallP50Ns,
    hcallP99Ns: timed.hcallP99Ns,
    latencyP50Ns: timed.latencyP50Ns,
    latencyP99Ns: timed.latencyP99Ns,
    hcallQuantiles: timed.hcallQuantiles,
    latencyQuantiles: timed.latencyQuantiles,
    frameCost: frameCostOf(calls, timing, prices, workingVcpus(resolved)),
    recosted: false,
    droppedFrames: timed.dropped,
    failedHcalls: calls.failedHcalls,
    hostFaults: timed.hostFaults,
    boot: {
      hcalls: timed.boot.hcalls,
      tceOps: timed.boot.tceOps,
      modelledNs: new CostModel(prices).operationsPs(timed.boot.counts) / PICOSECONDS_PER_NS,
    },
    dmaApi: timed.dmaApi,
    fingerprint: fingerprintOf(calls, timing.durationPs),
  };
}

/** Hash of every call in its order, of what each kind cost in operations, and of the modelled time. */
function fingerprintOf({ history, classes }: MeteredCalls, durationPs: number): string {
  const hash = new HistoryHash();
  for (const digit of history) hash.add(digit.charCodeAt(0));
  for (let i = 0; i < classes.offsetOf(classes.size); i++) hash.addNumber(classes.counts[i] as number);
  hash.addNumber(durationPs);
  return hash.digest();
}

/** The paths side by side, draw by draw: batching apart from the path. */
function comparisonsOf(arms: readonly ArmResult[], drawn: readonly DrawnRates[]): Comparison[] {
  const pairs = [
    ['single-userspace', 'single-virtual'],
    ['single-userspace', 'single-real'],
    ['multi-userspace', 'multi-virtual'],
    ['multi-userspace', 'multi-real'],
    ['single-userspace', 'multi-userspace'],
    ['single-userspace', 'multi-real'],
  ] as const;
  return pairs.flatMap(([slow, fast]) => {
    const slowArm = arms.findIndex(({ id }) => id === slow);
    const fastArm = arms.findIndex(({ id }) => id === fast);
    const slowRates = drawn[slowArm]?.rates;
    const fastRates = drawn[fastArm]?.rates;
    const before = arms[slowArm];
    const after = arms[fastArm];
    if (slowRates === undefined || fastRates === undefined || !before || !after) return [];
    const { low, high } = intervalOf(fastRates.map((rate, i) => rate / (slowRates[i] as number)));
    return [
      {
        slow,
        fast,
        ratio: after.rateBytesPerSec / before.rateBytesPerSec,
        ratioLow: low,
        ratioHigh: high,
      },
    ];
  });
}

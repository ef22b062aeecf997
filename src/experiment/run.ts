import { CostModel, PICOSECONDS_PER_NS, PICOSECONDS_PER_SEC } from '../cost/cost-model.js';
import { pricesOf } from '../cost/cost-profile.js';
import { USERSPACE_EXITS } from '../cost/operations.js';
import { inputError } from '../errors.js';
import { NIC_PROFILES } from '../nic/profiles/profiles.js';
import type { ArmResult, Comparison, DrawnRates, RunDocument } from '../result/run-document.js';
import { type Link, pricesOfClasses, rateBytesPerSec, timeClosedLoop } from '../sim/closed-loop.js';
import { HistoryHash } from '../sim/history-hash.js';
import { type MeteredCalls, totalOf } from '../sim/metered-sink.js';
import { weightedQuantile } from '../stats/quantile.js';
import type { Recording } from '../trace/recording.js';
import { MB } from '../units.js';
import { type ArmRun, runArm } from './arm-run.js';
import { type Arm, armsOf } from './arms.js';
import { drawModels, intervalOf } from './draws.js';
import type { ResolvedScenario } from './load-scenario.js';
import { tryClaim } from './trial/trial.js';
import { warningsOf } from './warnings.js';
import { wireRate } from './wire-rate.js';

/** A modelled run: the document, and the rates behind its intervals. */
export interface ModelledRun {
  readonly document: RunDocument;
  readonly drawn: readonly DrawnRates[];
}

/** What a run does beside running. */
export interface RunOptions {
  /** Whether the claim is tried. */
  readonly trial?: boolean;
  /** Takes every hypercall. */
  readonly recording?: Recording | undefined;
}

/**
 * Runs every arm of a scenario on the modelled clock. Each arm is executed once; its times at the chosen values
 * and in every draw of the constants follow from the same finished run, which is exact for a closed loop with
 * one vCPU. The draws are common to all arms. Equal scenarios give equal bytes. The trial of the claim runs many more
 * scenarios; without it the document has none. A `recording` takes one arm; a scenario that leaves several is refused
 * with it.
 */
export function runScenario(
  resolved: ResolvedScenario,
  version: string,
  { trial = true, recording }: RunOptions = {},
): ModelledRun {
  const { scenario, profile } = resolved;
  const link: Link = scenario.link;
  const nominal = new CostModel(pricesOf(profile, ({ value }) => value));
  const draws = drawModels(profile, scenario.run);
  const toRun = armsOf(scenario, resolved.revision, profile);
  if (recording !== undefined) checkOneArm(toRun);
  const runs = toRun.map((arm) => runArm(arm, resolved, recording));
  const drawn = runs.map(({ arm, run }) => ({
    armId: arm.id,
    rates: Float64Array.from(draws, (cost) => rateBytesPerSec(timeClosedLoop(run, cost, link))),
  }));
  const arms = runs.map((run, i) => armResult(run, drawn[i]?.rates ?? new Float64Array(), resolved, nominal));
  const wireBytesPerSec = wireRate(runs, link);
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
    claim: trial ? tryClaim(resolved, runs, wireBytesPerSec) : null,
    warnings: [...(resolved.warnings ?? []), ...warningsOf(arms, resolved)],
  };
  return { document, drawn };
}

function checkOneArm(arms: readonly Arm[]): void {
  if (arms.length === 1) return;
  throw inputError(
    `--record takes one arm, and this scenario has ${arms.length}: ${arms.map(({ id }) => id).join(', ')}`,
    'choose one, for example with --set host.path=real --set guest.multiTce=true',
  );
}

function armResult(
  { arm, run, calls, endedIn, hostFaults, dmaApi, boot }: ArmRun,
  rates: Float64Array,
  { scenario, revision }: ResolvedScenario,
  cost: CostModel,
): ArmResult {
  const timing = timeClosedLoop(run, cost, scenario.link);
  const megabytes = timing.payloadBytes / MB;
  const { low, high } = intervalOf(rates);
  const [hcallP50Ns, hcallP99Ns] = hcallPercentiles(calls, cost);
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
    boundBy: timing.wireBusyPs >= timing.vcpuBusyPs ? 'wire' : 'vcpu',
    endedIn,
    hcallP50Ns,
    hcallP99Ns,
    latencyP50Ns: null,
    latencyP99Ns: null,
    recosted: false,
    droppedFrames: run.dropped,
    failedHcalls: calls.failedHcalls,
    hostFaults,
    boot: {
      hcalls: boot.hcalls,
      tceOps: boot.tceOps,
      modelledNs: cost.operationsPs(boot.counts) / PICOSECONDS_PER_NS,
    },
    dmaApi,
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

/** Median and 99th percentile of the time of one hypercall, from the price and the number of each kind. */
function hcallPercentiles(
  { classes, callsOfClass }: MeteredCalls,
  cost: CostModel,
): [number | null, number | null] {
  const prices = pricesOfClasses(classes, cost);
  const order = Array.from(callsOfClass.keys()).sort((a, b) => (prices[a] as number) - (prices[b] as number));
  const at = (p: number): number | null => {
    const ps = weightedQuantile(prices, callsOfClass, order, p);
    return ps === null ? null : ps / PICOSECONDS_PER_NS;
  };
  return [at(0.5), at(0.99)];
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

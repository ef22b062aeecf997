import { CONTENTION_KEYS, COST_KEYS, type CostProfile } from '../cost/cost-profile.js';
import { acknowledgementText } from '../result/acknowledgement-text.js';
import type { ArmResult } from '../result/run-document.js';
import type { ResolvedScenario } from '../scenario/load-scenario.js';
import { mayBeRecosted, workingVcpus } from '../scenario/vcpu-shares.js';
import { MB, significant } from '../units.js';
import type { TimedArm } from './timed-arm.js';

/** The wire and the MTU that the range of the guest's other work was made for. */
const CLAIM_BITS_PER_SEC = 10e9;
const CLAIM_MTU = 1500;

/** What a reader of the result must know before quoting it, one sentence each. */
export function warningsOf(
  arms: readonly ArmResult[],
  { profile, scenario, revision }: ResolvedScenario,
): string[] {
  const { traffic, nic, link, claim } = scenario;
  const isStream = traffic.workload === 'stream';
  const way = isStream ? traffic.direction : 'requests and responses';
  const warnings = [
    ...costWarnings(profile),
    `the claim states neither machine, direction, MTU, offload nor ACK ratio: this run assumes ${profile.id}, ` +
      `${way}, MTU ${nic.mtu}, ${nic.offload}, ${acknowledgementText(traffic.segmentsPerAck)}`,
  ];
  if (profile.id === 'power7-2013') {
    warnings.push(
      `no machine ever was this one: the claim's numbers are from 2013, revision ${revision.id} with preregistered ` +
        'memory is from 2016; only the userspace arms pay for pinned pages',
    );
  }
  const userspace = arms.filter(({ path }) => path === 'userspace');
  if (
    userspace.length > 0 &&
    !userspace.some(({ rateLow, rateHigh }) => rateLow <= claim.slow && claim.slow <= rateHigh)
  ) {
    warnings.push(`no userspace arm has the claim's ${significant(claim.slow / MB)} MB/s in its interval`);
  }
  const isElsewhere = link.bitsPerSec !== CLAIM_BITS_PER_SEC || nic.mtu !== CLAIM_MTU || way !== 'tx';
  if (isElsewhere && profile.constants.otherWorkNsPerByte.origin === 'assumed') {
    warnings.push(
      "the guest's other work is one assumed range per byte, made for 10 Gb/s, MTU 1500 and transmit: for anything " +
        `else set guest.otherWork.nsPerPacket${isStream ? '' : ', .nsPerTransaction'} and .nsPerByte, or what differs here is the hypercalls and the wire alone`,
    );
  }
  for (const { id, failedHcalls, hostFaults, droppedFrames, dmaApi } of arms) {
    if (dmaApi.failedMaps > 0) {
      warnings.push(`${id}: ${dmaApi.failedMaps} maps failed, guest.window.bytes has no room for them`);
    }
    if (droppedFrames > 0) warnings.push(`${id}: ${droppedFrames} frames were lost for want of a mapping`);
    if (failedHcalls > 0) warnings.push(`${id}: ${failedHcalls} hypercalls were refused`);
    if (hostFaults > 0) warnings.push(`${id}: the host would have crashed in ${hostFaults} hypercalls`);
  }
  return warnings;
}

/** How far the rates of two halves of a run may lie apart in a steady state. */
const STEADY_WITHIN = 0.05;

/** What the clock itself has to say of a run. */
export function clockWarnings(timed: readonly TimedArm[], resolved: ResolvedScenario): string[] {
  const warnings: string[] = [];
  const { guest } = resolved.scenario;
  const working = workingVcpus(resolved);
  if (working < guest.vcpus) {
    warnings.push(
      `${working} of ${guest.vcpus} vCPUs have work: a connection keeps to one queue set, and a queue set to one vCPU`,
    );
  }
  if (!mayBeRecosted(resolved)) {
    warnings.push(
      'with several vCPUs every draw is a run of its own; the claim is not tried, for its leg is solved on finished runs',
    );
  }
  for (const { arm, secondOverFirstHalf } of timed) {
    if (Math.abs(secondOverFirstHalf - 1) <= STEADY_WITHIN) continue;
    warnings.push(
      `${arm.id}: not steady, the second half of the run has ${significant(secondOverFirstHalf)} times the rate of the ` +
        'first: give a longer run.warmup and run.bytes',
    );
  }
  return warnings;
}

/** How much of a profile is assumed, beside what only several vCPUs feel; nothing where all of it is known. */
export function costWarnings(profile: CostProfile): string[] {
  const priced = COST_KEYS.filter((key) => !CONTENTION_KEYS.includes(key) && profile.constants[key].high > 0);
  const assumed = priced.filter((key) => profile.constants[key].origin === 'assumed');
  if (assumed.length === 0) return [];
  return [
    `${assumed.length} of the ${priced.length} costs of ${profile.id} that are not zero are assumed, measured nowhere: ` +
      'quote the intervals, not the values in their middle',
  ];
}

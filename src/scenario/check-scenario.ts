import { COST_KEYS, COST_UNITS, type CostProfile } from '../cost/cost-profile.js';
import { inputError } from '../errors.js';
import { MAX_RAM_BYTES } from '../guest/guest-pages.js';
import { MAX_HEAD_PAYLOAD_BYTES } from '../nic/nic.js';
import type { NicProfile } from '../nic/nic-profile.js';
import type { Revision } from '../path/revisions/revision.js';
import { armsOf } from './arms.js';
import { captureProblem } from './capture.js';
import type { Scenario } from './scenario.js';

/** The guest's work beside its hypercalls, by the scenario's key and by the constant that it sets. */
export const OTHER_WORK = [
  ['nsPerPacket', 'otherWorkNsPerPacket'],
  ['nsPerByte', 'otherWorkNsPerByte'],
  ['nsPerTransaction', 'otherWorkNsPerTransaction'],
] as const;

/** Ends with an error: the key, what is wrong with it, and how to mend it. */
type Refuse = (key: string, message: string, hint: string) => never;

/** A request, a response or a send. */
const MAX_MESSAGE_BYTES = 1e9;
/** 2^27 entries: 512 GiB of 4 KiB pages. */
const MAX_WINDOW_ENTRIES = 2 ** 27;
const MAX_VCPUS = 64;
const MAX_PAYLOAD_BYTES = 1e11;
const MIN_CLAIM_BYTES_PER_SEC = 1000;

/** Refuses a scenario that is well-formed but cannot be: the first impossible key, why, and how to mend it. */
export function checkPossible(
  scenario: Scenario,
  parts: { readonly revision: Revision; readonly profile: CostProfile; readonly nic: NicProfile },
  place: string,
): void {
  const { revision, profile, nic } = parts;
  const { link, guest, host, run, claim, cost } = scenario;
  const refuse: Refuse = (key, message, hint) => {
    throw inputError(`${place}: ${key} ${message}`, hint);
  };
  if (link.bitsPerSec < 1) refuse('link.bitsPerSec', 'is 0, so nothing could be sent', 'give a line rate');
  checkNic(scenario.nic, nic, refuse);
  checkTraffic(scenario.traffic, refuse);
  if (guest.vcpus < 1 || guest.vcpus > MAX_VCPUS) {
    refuse('guest.vcpus', `is ${guest.vcpus}`, `use 1 to ${MAX_VCPUS}`);
  }
  if (guest.pageSize !== 4096 && guest.pageSize !== 65536) {
    refuse('guest.pageSize', `is ${guest.pageSize}`, 'use 4096 or 65536');
  }
  checkWindow(guest.window, refuse);
  if (guest.ramBytes < 2 ** 26 || guest.ramBytes > MAX_RAM_BYTES || guest.ramBytes % 2 ** 20 !== 0) {
    refuse('guest.ramBytes', `is ${guest.ramBytes}`, 'use whole MiB from 64 MiB to 8 TiB');
  }
  if (host.path === 'real' && revision.real === null) {
    refuse('host.path', `is real, but ${revision.id} has no real-mode handlers`, 'use virtual');
  }
  if (host.path === 'real' && !profile.hasRealMode) {
    refuse('host.path', `is real, but a machine of ${profile.id} has no real mode`, 'use virtual');
  }
  if (armsOf({ scenario, revision, profile }).length === 0) {
    refuse('host.path', `${host.path} and guest.ddw ${guest.ddw} leave no arm`, 'ddw goes with direct alone');
  }
  if (run.bytes <= 0 || run.bytes > MAX_PAYLOAD_BYTES) {
    refuse('run.bytes', `is ${run.bytes}`, 'use a payload up to 100 GB, for example 64MB');
  }
  if (run.warmup > MAX_PAYLOAD_BYTES) refuse('run.warmup', `is ${run.warmup}`, 'use a payload up to 100 GB');
  if (claim.slow < MIN_CLAIM_BYTES_PER_SEC || claim.fast[0] < MIN_CLAIM_BYTES_PER_SEC) {
    refuse('claim', 'is below 1 kB/s', 'a rate without a unit is in bytes per second: write "220MB/s"');
  }
  if (claim.fast[0] > claim.fast[1]) {
    refuse('claim', 'has a falling range of fast rates', 'for example ["750MB/s", "1020MB/s"]');
  }
  for (const key of COST_KEYS) {
    if (COST_UNITS[key] !== 'share' || (cost[key] ?? 0) <= 1) continue;
    refuse(`cost.${key}`, `is ${cost[key]}`, 'a share is 1 at most');
  }
  for (const [key, costKey] of OTHER_WORK) {
    if (cost[costKey] !== undefined && guest.otherWork[key] !== undefined) {
      refuse(`cost.${costKey}`, 'is set twice', `leave out guest.otherWork.${key}`);
    }
  }
}

function checkNic(
  { mtu, offload, queueSets = 1, headPayloadBytes = 0, pcie }: Scenario['nic'],
  { id, limits, offloads }: NicProfile,
  refuse: Refuse,
): void {
  const { mtuMin, mtuMax, queueSetsMax } = limits;
  if (mtu < mtuMin.value || mtu > mtuMax.value) {
    const takes = `${id} takes ${mtuMin.value} to ${mtuMax.value}`;
    refuse('nic.mtu', `is ${mtu}, which the card cannot do`, takes);
  }
  if (!offloads.includes(offload)) {
    refuse('nic.offload', `is ${offload}, which ${id} cannot do`, `known: ${offloads.join(', ')}`);
  }
  if (queueSets > queueSetsMax.value) {
    refuse('nic.queueSets', `is ${queueSets}`, `${id} has 1 to ${queueSetsMax.value}`);
  }
  if (headPayloadBytes > MAX_HEAD_PAYLOAD_BYTES || !Number.isInteger(headPayloadBytes)) {
    refuse('nic.headPayloadBytes', `is ${headPayloadBytes}`, `use 0 to ${MAX_HEAD_PAYLOAD_BYTES}`);
  }
  if (pcie?.bytesPerSec === 0) refuse('nic.pcie.bytesPerSec', 'is 0', "leave it out for the card's own");
}

function checkTraffic(traffic: Scenario['traffic'], refuse: Refuse): void {
  for (const key of ['requestBytes', 'responseBytes', 'sendBytes'] as const) {
    for (const bytes of [traffic[key] ?? 1].flat()) {
      if (Number.isInteger(bytes) && bytes >= 1 && bytes <= MAX_MESSAGE_BYTES) continue;
      refuse(`traffic.${key}`, `is ${bytes}`, 'use 1 byte to 1 GB');
    }
  }
  const isStream = traffic.workload === 'stream';
  for (const key of ['requestBytes', 'responseBytes'] as const) {
    if (isStream && traffic[key] !== undefined) {
      refuse(`traffic.${key}`, 'is for workload rr', 'leave it out, or set traffic.workload=rr');
    }
  }
  for (const key of ['sendBytes', 'frameMix', 'segmentsPerOwnAck'] as const) {
    if (!isStream && traffic[key] !== undefined) {
      refuse(`traffic.${key}`, 'is for workload stream', 'leave it out');
    }
  }
  if (traffic.sendBytes !== undefined && traffic.frameMix !== undefined) {
    refuse('traffic.frameMix', 'and traffic.sendBytes are both set', 'leave one of them out');
  }
  const problem = captureProblem(traffic);
  if (problem !== null) refuse(...problem);
}

function checkWindow({ bytes, start, pageShift }: Scenario['guest']['window'], refuse: Refuse): void {
  if (![12, 16, 24, 28].includes(pageShift)) {
    refuse('guest.window.pageShift', `is ${pageShift}`, 'IOMMU pages are 12, 16, 24 or 28');
  }
  if (!isPowerOfTwo(bytes)) {
    refuse('guest.window.bytes', `is ${bytes}, which is no power of two`, 'use for example 1GiB');
  }
  const entries = bytes / 2 ** pageShift;
  if (entries < 1 || entries > MAX_WINDOW_ENTRIES) {
    refuse('guest.window.bytes', `is ${bytes}`, `use 1 to 2^27 pages of ${2 ** pageShift} bytes`);
  }
  if (start % bytes !== 0) {
    refuse('guest.window.start', 'is no multiple of the window', 'align it to guest.window.bytes');
  }
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && Number.isInteger(Math.log2(value));
}

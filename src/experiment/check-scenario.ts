import type { CostProfile } from '../cost/cost-profile.js';
import { inputError } from '../errors.js';
import { MAX_RAM_BYTES } from '../guest/guest-pages.js';
import { CXGB3 } from '../nic/profiles/cxgb3.js';
import type { Revision } from '../path/revisions/revision.js';
import { armsOf } from './arms.js';
import type { Scenario } from './scenario.js';

/** The guest's work beside its hypercalls, by the scenario's key and by the constant that it sets. */
export const OTHER_WORK = [
  ['nsPerPacket', 'otherWorkNsPerPacket'],
  ['nsPerByte', 'otherWorkNsPerByte'],
  ['nsPerTransaction', 'otherWorkNsPerTransaction'],
] as const;

/** 2^27 entries: 512 GiB of 4 KiB pages. */
const MAX_WINDOW_ENTRIES = 2 ** 27;
const MAX_PAYLOAD_BYTES = 1e11;
const MIN_CLAIM_BYTES_PER_SEC = 1000;

/** Refuses a scenario that is well-formed but cannot be: the first impossible key, why, and how to mend it. */
export function checkPossible(
  scenario: Scenario,
  revision: Revision,
  profile: CostProfile,
  place: string,
): void {
  const { link, nic, guest, host, run, claim, cost } = scenario;
  const refuse = (key: string, message: string, hint: string): never => {
    throw inputError(`${place}: ${key} ${message}`, hint);
  };
  if (link.bitsPerSec < 1) refuse('link.bitsPerSec', 'is 0, so nothing could be sent', 'give a line rate');
  const { mtuMin, mtuMax } = CXGB3;
  if (nic.mtu < mtuMin.value || nic.mtu > mtuMax.value) {
    const takes = `cxgb3 takes ${mtuMin.value} to ${mtuMax.value}`;
    refuse('nic.mtu', `is ${nic.mtu}, which the card cannot do`, takes);
  }
  if (guest.vcpus !== 1) {
    refuse('guest.vcpus', `is ${guest.vcpus}`, 'this version models one vCPU; set it to 1');
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
  if (armsOf(scenario, revision, profile).length === 0) {
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
  if (cost.bqlShare !== undefined && cost.bqlShare > 1) {
    refuse('cost.bqlShare', `is ${cost.bqlShare}`, 'a share is 1 at most');
  }
  for (const [key, costKey] of OTHER_WORK) {
    if (cost[costKey] !== undefined && guest.otherWork[key] !== undefined) {
      refuse(`cost.${costKey}`, 'is set twice', `leave out guest.otherWork.${key}`);
    }
  }
}

function checkWindow(
  { bytes, start, pageShift }: Scenario['guest']['window'],
  refuse: (key: string, message: string, hint: string) => never,
): void {
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

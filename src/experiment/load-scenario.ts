import { type Constant, exactly } from '../cost/constant.js';
import { type CostKey, type CostProfile, withConstants } from '../cost/cost-profile.js';
import { COST_PROFILES, findCostProfile } from '../cost/profiles/profiles.js';
import { inputError, type TcebenchError } from '../errors.js';
import { knownHint } from '../nearest.js';
import type { Revision } from '../path/revisions/revision.js';
import { findRevision, REVISIONS } from '../path/revisions/revisions.js';
import { type Scenario, scenarioSchema } from './scenario.js';
import { asInputError } from './scenario-errors.js';

/** A scenario that can be run: checked, with the revision and the cost profile that it names. */
export interface ResolvedScenario {
  readonly scenario: Scenario;
  readonly revision: Revision;
  readonly profile: CostProfile;
}

/** The scenarios that have a name. */
export const PRESETS: Readonly<Record<string, object>> = { claim: {} };

/**
 * Checks a scenario and fills in its defaults. `place` says where it came from, for the error: the first thing
 * that is wrong, with its key and how to mend it.
 */
export function resolveScenario(input: unknown, place: string): ResolvedScenario {
  const parsed = scenarioSchema.safeParse(input);
  if (!parsed.success) throw asInputError(parsed.error, place);
  const scenario = parsed.data;
  const revision = findRevision(scenario.host.revision);
  if (revision === undefined) {
    throw unknownName('host.revision', scenario.host.revision, REVISIONS, place);
  }
  const profile = findCostProfile(scenario.host.cost);
  if (profile === undefined) throw unknownName('host.cost', scenario.host.cost, COST_PROFILES, place);
  checkPossible(scenario, revision, place);
  return { scenario, revision, profile: withConstants(profile, constantsSetByHand(scenario)) };
}

function checkPossible(
  { link, nic, guest, host, run, claim }: Scenario,
  revision: Revision,
  place: string,
): void {
  const refuse = (key: string, message: string, hint: string): never => {
    throw inputError(`${place}: ${key} ${message}`, hint);
  };
  const { window } = guest;
  if (link.bitsPerSec < 1) refuse('link.bitsPerSec', 'is 0, so nothing could be sent', 'give a line rate');
  if (nic.mtu < 81 || nic.mtu > 10222) {
    refuse('nic.mtu', `is ${nic.mtu}, which the card cannot do`, 'cxgb3 takes 81 to 10222');
  }
  if (guest.vcpus !== 1) {
    refuse('guest.vcpus', `is ${guest.vcpus}`, 'this version models one vCPU; set it to 1');
  }
  if (guest.pageSize !== 4096 && guest.pageSize !== 65536) {
    refuse('guest.pageSize', `is ${guest.pageSize}`, 'use 4096 or 65536');
  }
  if (!isPowerOfTwo(window.bytes)) {
    refuse('guest.window.bytes', `is ${window.bytes}, which is no power of two`, 'use for example 1GiB');
  }
  if (![12, 16, 24, 28].includes(window.pageShift)) {
    refuse('guest.window.pageShift', `is ${window.pageShift}`, 'IOMMU pages are 12, 16, 24 or 28');
  }
  if (window.start % window.bytes !== 0) {
    refuse('guest.window.start', 'is no multiple of the window', 'align it to guest.window.bytes');
  }
  if (guest.ramBytes < 2 ** 26) refuse('guest.ramBytes', 'is below 64 MiB', 'give the guest more memory');
  if (host.path === 'real' && revision.real === null) {
    refuse('host.path', `is real, but ${revision.id} has no real-mode handlers`, 'use virtual');
  }
  if (run.bytes <= 0) refuse('run.bytes', 'is 0, so there is nothing to measure', 'use for example 64MB');
  if (!(claim.slow > 0 && claim.fast[0] > 0 && claim.fast[0] <= claim.fast[1])) {
    refuse(
      'claim',
      'is not a slow rate and a rising range of fast ones',
      'for example 220MB/s and 750MB/s..1020MB/s',
    );
  }
}

function constantsSetByHand({ cost, guest }: Scenario): Partial<Record<CostKey, Constant>> {
  const given: Partial<Record<CostKey, Constant>> = {};
  const set = (key: CostKey, value: number | undefined, from: string) => {
    if (value !== undefined) given[key] = exactly(value, 'given', `set by hand: ${from}`);
  };
  set('otherWorkNsPerPacket', guest.otherWork.nsPerPacket, 'guest.otherWork.nsPerPacket');
  set('otherWorkNsPerByte', guest.otherWork.nsPerByte, 'guest.otherWork.nsPerByte');
  set('otherWorkNsPerTransaction', guest.otherWork.nsPerTransaction, 'guest.otherWork.nsPerTransaction');
  for (const [key, value] of Object.entries(cost)) set(key as CostKey, value, `cost.${key}`);
  return given;
}

function unknownName(
  key: string,
  name: string,
  known: readonly { readonly id: string }[],
  place: string,
): TcebenchError {
  return inputError(
    `${place}: ${key} "${name}" is unknown`,
    knownHint(
      name,
      known.map(({ id }) => id),
    ),
  );
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && Number.isInteger(Math.log2(value));
}

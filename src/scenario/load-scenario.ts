import { type Constant, exactly } from '../cost/constant.js';
import { COST_UNITS, type CostKey, type CostProfile, withConstants } from '../cost/cost-profile.js';
import { checkedInput } from '../input-issue.js';
import { named } from '../nearest.js';
import type { NicProfile } from '../nic/nic-profile.js';
import type { PacketTrain } from '../nic/packet-train.js';
import type { Revision } from '../path/revisions/revision.js';
import { REVISIONS } from '../path/revisions/revisions.js';
import { withArrivalOfCapture } from './capture.js';
import { checkPossible, OTHER_WORK } from './check-scenario.js';
import { costProfile } from './cost-profile-file.js';
import { nicProfile } from './nic-file.js';
import { withRunLength } from './run-length.js';
import { type Scenario, scenarioSchema } from './scenario.js';

/** A scenario that can be run: checked, with the revision and the cost profile that it names. */
export interface ResolvedScenario {
  readonly scenario: Scenario;
  readonly revision: Revision;
  readonly profile: CostProfile;
  /** The card. */
  readonly nic: NicProfile;
  /** The capture that the scenario names. */
  readonly train?: PacketTrain;
  /** What the user should know of the capture. */
  readonly warnings?: readonly string[];
  /** True where the capture ends inside its last record. */
  readonly truncated?: boolean;
}

/**
 * Checks a scenario and fills in its defaults. `place` says where it came from, for the error: the first thing
 * that is wrong, with its key and how to mend it.
 */
export function resolveScenario(input: unknown, place = 'the scenario'): ResolvedScenario {
  const { $schema: _, ...keys } = checkedInput(scenarioSchema, input, { place, whole: 'the scenario' });
  const nic = nicProfile(keys.nic.profile, place);
  const asked = withArrivalOfCapture(withOffloadOfCard(keys, nic, input), input);
  const { revision: kernel, cost } = asked.host;
  const revision = named(`${place}: host.revision "${kernel}"`, kernel, REVISIONS);
  const profile = costProfile(cost, `${place}: host.cost "${cost}"`);
  checkPossible(asked, { revision, profile, nic }, place);
  const scenario = withRunLength(asked, input, nic, place);
  return { scenario, revision, nic, profile: withConstants(profile, constantsSetByHand(scenario)) };
}

/** A scenario that names no offload has what its card usually does. */
function withOffloadOfCard(scenario: Scenario, { offloads }: NicProfile, input: unknown): Scenario {
  const given = (input as { readonly nic?: { readonly offload?: unknown } } | null)?.nic;
  const [offload = scenario.nic.offload] = offloads;
  if (given?.offload !== undefined) return scenario;
  return { ...scenario, nic: { ...scenario.nic, offload } };
}

function constantsSetByHand({ cost, guest }: Scenario): Partial<Record<CostKey, Constant>> {
  const given: Partial<Record<CostKey, Constant>> = {};
  const set = (key: CostKey, value: number | undefined, from: string) => {
    if (value !== undefined) given[key] = exactly(value, 'given', `set by hand: ${from}`, COST_UNITS[key]);
  };
  for (const [key, costKey] of OTHER_WORK) set(costKey, guest.otherWork[key], `guest.otherWork.${key}`);
  for (const [key, value] of Object.entries(cost)) set(key as CostKey, value, `cost.${key}`);
  return given;
}

import { COST_KEYS } from '../cost/cost-profile.js';
import type { ArmResult } from '../result/run-document.js';
import type { ResolvedScenario } from './load-scenario.js';

/** What a reader of the result must know before quoting it, one sentence each. */
export function warningsOf(arms: readonly ArmResult[], { profile, scenario }: ResolvedScenario): string[] {
  const warnings: string[] = [];
  const priced = COST_KEYS.filter((key) => profile.constants[key].high > 0);
  const assumed = priced.filter((key) => profile.constants[key].origin === 'assumed');
  if (assumed.length > 0) {
    warnings.push(
      `${assumed.length} of the ${priced.length} costs of ${profile.id} are assumed, measured nowhere: ` +
        'quote the intervals, not the values in their middle',
    );
  }
  const { traffic, nic } = scenario;
  warnings.push(
    `the claim states neither machine, direction, MTU, offload nor ACK ratio: this run assumes ${profile.id}, ` +
      `${traffic.direction}, MTU ${nic.mtu}, ${nic.offload}, one ACK per ${traffic.segmentsPerAck} segments`,
  );
  for (const { id, failedHcalls, hostFaults } of arms) {
    if (failedHcalls > 0) warnings.push(`${id}: ${failedHcalls} hypercalls were refused`);
    if (hostFaults > 0) warnings.push(`${id}: the host would have crashed in ${hostFaults} hypercalls`);
  }
  return warnings;
}

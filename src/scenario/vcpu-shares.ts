import type { Arrival } from '../nic/arrivals.js';
import type { NicProfile } from '../nic/nic-profile.js';
import type { Scenario } from './scenario.js';

/** What tells how many vCPUs have work. */
interface ScenarioAndCard {
  readonly scenario: Scenario;
  readonly nic: NicProfile;
}

/**
 * vCPUs that have work: each serves queue sets, a connection keeps to one queue set, and a capture is of one. The
 * others rest. Without a number given there is a queue set for each vCPU, as far as the card has them, and a
 * connection for each queue set.
 */
export function workingVcpus({ scenario, nic }: ScenarioAndCard): number {
  if (scenario.traffic.pcap !== undefined) return 1;
  const { vcpus } = scenario.guest;
  const queueSets = scenario.nic.queueSets ?? Math.min(vcpus, nic.limits.queueSetsMax.value);
  return Math.min(vcpus, queueSets, scenario.traffic.flows ?? queueSets);
}

/**
 * Whether a finished run may be timed under other prices. With one vCPU the order of calls cannot depend on time, for
 * arrivals and timers depend on no price; with several it does, and each set of prices is a run of its own.
 */
export function mayBeRecosted(resolved: ScenarioAndCard): boolean {
  return workingVcpus(resolved) === 1;
}

/** The part of one of so many vCPUs: as long, and as many times less often. */
export function partOfArrivals(arrival: Arrival, of: number): Arrival {
  if (typeof arrival === 'string' || of === 1) return arrival;
  if ('rate' in arrival) return { rate: arrival.rate / of };
  if ('poisson' in arrival) return { poisson: arrival.poisson / of };
  return { onOff: { ...arrival.onOff, rate: arrival.onOff.rate / of } };
}

/**
 * The bus of the card, in bytes per second each way, where it can bind: if it is named, or slower than the wire. null
 * otherwise: a bus that is never the slowest only adds to the time of one unit.
 */
export function busOf({ scenario: { nic: keys, link }, nic }: ScenarioAndCard): number | null {
  const own = nic.limits.pcieBytesPerSec.value;
  const named = keys.pcie?.bytesPerSec;
  if (named !== undefined) return named;
  return own > 0 && own < link.bitsPerSec / 8 ? own : null;
}

import type { Scenario } from './scenario.js';

/** Why a scenario's capture cannot be used as the other keys want it: the key, what is wrong, and how to mend it. */
export type CaptureProblem = readonly [key: string, message: string, hint: string];

/** The first key that goes against `traffic.pcap`, or that needs it. */
export function captureProblem(traffic: Scenario['traffic']): CaptureProblem | null {
  const { pcap, arrival, workload, direction } = traffic;
  if (pcap === undefined) {
    return arrival === 'capture'
      ? ['traffic.arrival', 'is capture, but there is none', 'name a file with traffic.pcap']
      : null;
  }
  if (arrival !== 'capture' && arrival !== 'closed') {
    return ['traffic.arrival', 'is a rate beside traffic.pcap', 'use capture for its times, or closed'];
  }
  if (workload !== 'stream')
    return ['traffic.workload', `is ${workload} beside traffic.pcap`, 'leave it out'];
  if (direction === 'both') {
    return ['traffic.direction', 'is both, but a capture is taken to go one way', 'use tx or rx'];
  }
  for (const key of ['sendBytes', 'frameMix'] as const) {
    if (traffic[key] !== undefined)
      return [`traffic.${key}`, 'and traffic.pcap are both set', 'leave one out'];
  }
  return null;
}

/** Lets packets come when they came, in a scenario that names a capture and no arrival. */
export function withArrivalOfCapture(scenario: Scenario, input: unknown): Scenario {
  const given = (input as { readonly traffic?: { readonly arrival?: unknown } } | null)?.traffic;
  if (scenario.traffic.pcap === undefined || given?.arrival !== undefined) return scenario;
  return { ...scenario, traffic: { ...scenario.traffic, arrival: 'capture' } };
}

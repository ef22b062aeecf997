import { checkNoSpecialFile } from '../input-text.js';
import { readPcap } from '../trace/pcap.js';
import type { ResolvedScenario } from './load-scenario.js';

/** The scenario with the packets of the capture that it names, if it names one. */
export async function withCapture(resolved: ResolvedScenario): Promise<ResolvedScenario> {
  const { pcap } = resolved.scenario.traffic;
  if (pcap === undefined) return resolved;
  checkNoSpecialFile(pcap);
  const { sizes, timesNs, warnings, truncated } = await readPcap(pcap);
  return { ...resolved, train: { sizes, timesNs }, warnings, ...(truncated ? { truncated } : {}) };
}

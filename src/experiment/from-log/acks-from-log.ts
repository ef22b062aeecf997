import type { InterfaceCounters } from '../../trace/phases.js';
import type { Findings } from './findings.js';
import { payloadOf, SEGMENT_BYTES } from './traffic-direction.js';

/** The ACK ratios that a scenario can have, beside 0. */
const LEAST_SEGMENTS_PER_ACK = 0.25;
const MOST_SEGMENTS_PER_ACK = 64;
/** An interface that counts this share of the segments sent counts frames, not what the stack handed down. */
const COUNTS_FRAMES = 0.95;

/**
 * Segments by packets without data the other way, for each way that has data. With data both ways a packet has none
 * where it is more than the segments of its way need.
 *
 * @param sentPackets packets of the guest with payload, by its maps
 */
export function ackRatios(
  findings: Findings,
  { rxPackets, rxBytes, txPackets, txBytes }: InterfaceCounters,
  way: 'tx' | 'rx' | 'both',
  payloadBytes: number,
  sentPackets: number,
): void {
  const sentBytes = way === 'tx' ? payloadBytes : payloadOf(txBytes, txPackets);
  const sent = Math.max(Math.ceil(sentBytes / SEGMENT_BYTES), sentPackets);
  if (way === 'rx') {
    found(findings, 'traffic.segmentsPerAck', rxPackets, txPackets, false);
    return;
  }
  if (way === 'tx') {
    found(findings, 'traffic.segmentsPerAck', sent, rxPackets, false);
    return;
  }
  const received = Math.min(rxPackets, Math.ceil(payloadOf(rxBytes, rxPackets) / SEGMENT_BYTES));
  const sentWithData = txPackets > COUNTS_FRAMES * sent ? sent : sentPackets;
  found(findings, 'traffic.segmentsPerAck', sent, rxPackets - received, true);
  found(findings, 'traffic.segmentsPerOwnAck', received, txPackets - sentWithData, true);
}

function found(findings: Findings, key: string, segments: number, packets: number, canRide: boolean): void {
  const acks = Math.max(packets, 0);
  const shown = `${segments} segments of up to ${SEGMENT_BYTES} bytes, ${acks} packets without data the other way`;
  if (canRide && acks * MOST_SEGMENTS_PER_ACK < segments) {
    findings.found(key, 0, `${shown}: acknowledgements ride on data`);
    return;
  }
  const ratio = Math.round((100 * segments) / Math.max(acks, 1)) / 100;
  findings.found(key, Math.min(MOST_SEGMENTS_PER_ACK, Math.max(LEAST_SEGMENTS_PER_ACK, ratio)), shown);
}

import type { LogTraits } from '../trace/log-traits.js';
import type { InterfaceCounters, Phase } from '../trace/phases.js';
import type { Findings } from './findings.js';
import { directionOf, payloadOf, SEGMENT_BYTES } from './traffic-direction.js';

/** The largest ACK ratio that a scenario can have. */
const MAX_SEGMENTS_PER_ACK = 64;
/** How far a count may be from another one that it is taken for. */
const NEARLY = 0.05;

/** Packets that the guest sent, and maps of each; how they were told apart. */
interface SentPackets {
  readonly packets: number;
  readonly mapsEach: number;
  readonly by: string;
}

/** Derives the keys of the traffic from one phase of a log; `pageSize`: the guest's, where that is known. */
export function trafficFromLog(
  findings: Findings,
  traits: LogTraits,
  phase: Phase | null,
  pageSize: unknown,
): void {
  for (const key of ['nic.profile', 'nic.mtu']) {
    findings.missing(key, 'a log of hypercalls does not name the card: set it, the keys below take MTU 1500');
  }
  if (phase === null || phase.payloadBytes === 0) {
    const why = phase === null ? 'there is no phases file beside the log' : `${phase.name} has no payload`;
    for (const key of ['traffic.direction', 'traffic.sendBytes', 'traffic.segmentsPerAck']) {
      findings.missing(key, `${why}, so how much was moved is not known`);
    }
    return;
  }
  const { counters, name, payloadBytes } = phase;
  const { way, reason } = directionOf(traits, phase);
  const sent = sentPackets(traits, counters, pageSize);
  if (way === null) findings.missing('traffic.direction', reason);
  else if (way !== 'messages') findings.found('traffic.direction', way, reason);
  if (counters === undefined || way === null) {
    findings.missing('traffic.segmentsPerAck', `the phases file has no packet counters of ${name}`);
    if (way === 'tx') sends(findings, sent, name, payloadBytes);
    else findings.missing('traffic.sendBytes', `how much of the payload of ${name} was sent is not known`);
    return;
  }
  if (way === 'messages') {
    findings.found('traffic.workload', 'rr', `${reason}, in short packets that take turns`);
    messages(findings, sent, counters, phase);
    return;
  }
  ackRatio(findings, counters, way, payloadBytes);
  if (way === 'rx') findings.missing('traffic.sendBytes', `${name}: the guest sends acknowledgements only`);
  else
    sends(
      findings,
      sent,
      name,
      way === 'tx' ? payloadBytes : payloadOf(counters.txBytes, counters.txPackets),
    );
}

function sentPackets(
  traits: LogTraits,
  counters: InterfaceCounters | undefined,
  pageSize: unknown,
): SentPackets {
  const { transmitMaps } = traits;
  const counted = counters?.txPackets ?? 0;
  // A card whose packets are in one piece has as many maps as packets, and pages tell nothing.
  const isOnePiece = counted > 0 && Math.abs(transmitMaps / counted - 1) < NEARLY;
  const packets = isOnePiece ? transmitMaps : traits.packets(pageSize === 4096 ? 4096 : 65536);
  const by = isOnePiece
    ? `${transmitMaps} maps for transmit, one for each packet that the interface counted`
    : `${packets} heads of packets among ${transmitMaps} maps for transmit, by where their pages lie`;
  return { packets, mapsEach: transmitMaps / Math.max(packets, 1), by };
}

/** A transaction is one packet each way; what the guest sends is the response. */
function messages(
  findings: Findings,
  { packets, by }: SentPackets,
  { txPackets, txBytes }: InterfaceCounters,
  { payloadBytes, name }: Phase,
): void {
  const response = Math.max(1, Math.round(payloadOf(txBytes, txPackets) / txPackets));
  const request = Math.max(1, Math.round(payloadBytes / Math.max(packets, 1)) - response);
  findings.found(
    'traffic.responseBytes',
    response,
    `${name}: the mean of ${txPackets} packets out, beside headers`,
  );
  findings.found('traffic.requestBytes', request, `${name}: the rest of ${payloadBytes} bytes in ${by}`);
}

/**
 * Segments by packets the other way. With data both ways the segments of both are counted, and packets in that carry
 * none; which of its own packets the guest sent without data is not known.
 */
function ackRatio(
  findings: Findings,
  { rxPackets, rxBytes, txPackets, txBytes }: InterfaceCounters,
  way: 'tx' | 'rx' | 'both',
  payloadBytes: number,
): void {
  const key = 'traffic.segmentsPerAck';
  const segmentsOf = (bytes: number) => Math.ceil(bytes / SEGMENT_BYTES);
  const received = segmentsOf(payloadOf(rxBytes, rxPackets));
  const isBoth = way === 'both';
  const segments = isBoth ? received + segmentsOf(payloadOf(txBytes, txPackets)) : segmentsOf(payloadBytes);
  const acks = Math.max(0, way === 'rx' ? txPackets : rxPackets - (isBoth ? received : 0));
  const shown = `${segments} segments of ${SEGMENT_BYTES} bytes, ${acks} packets without data the other way`;
  if (isBoth && acks * MAX_SEGMENTS_PER_ACK < segments) {
    findings.found(key, 0, `${shown}: acknowledgements ride on data`);
    return;
  }
  const ratio = Math.round(segments / Math.max(acks, 1));
  findings.found(key, Math.min(MAX_SEGMENTS_PER_ACK, Math.max(1, ratio)), shown);
}

/** How much the guest sent at once, and in what shape, from its packets. */
function sends(
  findings: Findings,
  { packets, mapsEach, by }: SentPackets,
  name: string,
  bytes: number,
): void {
  if (packets === 0) {
    findings.missing('traffic.sendBytes', `${name}: nothing is mapped for transmit`);
    return;
  }
  const each = bytes / packets;
  const shown = `${name}: ${bytes} bytes in ${by}`;
  const isOnePiece = mapsEach < 1.5;
  if (Math.abs(each / SEGMENT_BYTES - 1) < NEARLY) {
    const pieces = isOnePiece ? 'one piece' : 'a head and its payload';
    const reason = `${shown}: a segment of ${SEGMENT_BYTES} bytes, ${pieces} each`;
    findings.found('nic.offload', isOnePiece ? 'linear' : 'swGso', reason);
    findings.missing('traffic.sendBytes', 'packets of one segment do not show how much was sent at once');
    return;
  }
  findings.found('traffic.sendBytes', Math.round(each), shown);
  if (each > SEGMENT_BYTES) {
    findings.found('nic.offload', 'tso', 'packets are longer than a segment (sendfile would look the same)');
  } else if (isOnePiece) {
    findings.found('nic.offload', 'linear', 'packets are in one piece');
  } else {
    findings.missing('nic.offload', 'packets shorter than a segment need none');
  }
}

import type { LogTraits } from '../../trace/log-traits.js';
import type { InterfaceCounters, Phase } from '../../trace/phases.js';
import { ackRatios } from './acks-from-log.js';
import type { Findings } from './findings.js';
import { type FoundPackets, foundPackets, NEARLY } from './packets-from-log.js';
import { sendSizes } from './send-sizes.js';
import { directionOf, headerBytesOf, payloadOf, SEGMENT_BYTES } from './traffic-direction.js';

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
    const { transmitTces, receiveTces } = traits;
    const isBare = phase === null;
    const why = `${isBare ? 'there is no phases file beside the log' : `${phase.name} has no payload`}, so how much was moved is not known`;
    findings.missing(
      'traffic.direction',
      `${why}; it maps ${transmitTces} TCEs for transmit and ${receiveTces} for receive` +
        (isBare ? '. Name lines and payload in NAME.phases.tsv: docs/CARDS.md' : ''),
    );
    for (const key of ['traffic.sendBytes', 'traffic.segmentsPerAck']) findings.missing(key, why);
    return;
  }
  const { counters, name, payloadBytes } = phase;
  const { way, reason } = directionOf(traits, phase);
  const sentBytes =
    counters === undefined || way === 'tx' ? payloadBytes : payloadOf(counters.txBytes, counters.txPackets);
  const sent = foundPackets(traits, counters, pageSize, { bytes: sentBytes, hasBareHeads: way === 'both' });
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
  ackRatios(findings, counters, way, payloadBytes, sent.packets);
  if (way === 'rx') arrivals(findings, counters, phase);
  else sends(findings, sent, name, sentBytes);
}

/** A transaction is one packet each way; what the guest sends is the response. */
function messages(
  findings: Findings,
  { packets, by }: FoundPackets,
  counters: InterfaceCounters,
  { payloadBytes, name }: Phase,
): void {
  const { txPackets, txBytes } = counters;
  const headers = headerBytesOf(counters, payloadBytes);
  const response = Math.max(1, Math.round(payloadOf(txBytes, txPackets, headers) / txPackets));
  const request = Math.max(1, Math.round(payloadBytes / Math.max(packets, 1)) - response);
  findings.found(
    'traffic.responseBytes',
    response,
    `${name}: the mean of ${txPackets} packets out, beside headers`,
  );
  findings.found('traffic.requestBytes', request, `${name}: the rest of ${payloadBytes} bytes in ${by}`);
}

/** What came in one frame, where that is less than a segment. */
function arrivals(findings: Findings, { rxPackets }: InterfaceCounters, { payloadBytes, name }: Phase): void {
  const key = 'traffic.sendBytes';
  const each = payloadBytes / Math.max(rxPackets, 1);
  if (each < SEGMENT_BYTES * (1 - NEARLY)) {
    findings.found(
      key,
      Math.max(1, Math.round(each)),
      `${name}: ${payloadBytes} bytes in ${rxPackets} frames`,
    );
  } else {
    findings.missing(key, `${name}: frames are full, and the guest sends acknowledgements only`);
  }
}

/** How much the guest sent at once, and in what shape, from its packets. */
function sends(findings: Findings, sent: FoundPackets, name: string, bytes: number): void {
  const { packets, byUnits, mapsEach, by } = sent;
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
  if (each < SEGMENT_BYTES) {
    findings.found('traffic.sendBytes', Math.round(each), shown);
    if (isOnePiece) findings.found('nic.offload', 'linear', 'packets are in one piece');
    else findings.missing('nic.offload', 'packets shorter than a segment need none');
    return;
  }
  const sizes = sendSizes(byUnits, SEGMENT_BYTES, bytes);
  if (sizes === null) findings.found('traffic.sendBytes', Math.round(each), `${shown}, their mean`);
  else findings.found('traffic.sendBytes', sizes, `${shown}, as long as their pages show, as often`);
  if (sent.isByPages)
    findings.found('nic.offload', 'sendfile', 'payload is mapped page by page, as a file is');
  else
    findings.found('nic.offload', 'tso', 'packets are longer than a segment (sendfile would look the same)');
}

import type { LogTraits } from '../../trace/log-traits.js';
import type { InterfaceCounters, Phase } from '../../trace/phases.js';

/** Payload of a full segment at MTU 1500 with timestamps. */
export const SEGMENT_BYTES = 1448;
/** Headers of a TCP frame: without options, and with timestamps. */
const LEAST_HEADER_BYTES = 54;
const MOST_HEADER_BYTES = 66;
const TCE_PAGE_BYTES = 4096;

/** Payload goes one way where that way has this share of it. */
const ONE_WAY_SHARE = 0.95;
/** Packets shorter than this share of a full segment, about as many each way, are messages. */
const MESSAGE_SHARE = 0.45;
const BALANCED = 0.8;

/** Which way the payload of a phase went, and how that is known. */
export interface FoundDirection {
  /** `messages`: both ways, in short packets that take turns; null: nothing tells. */
  readonly way: 'tx' | 'rx' | 'both' | 'messages' | null;
  readonly reason: string;
}

/** Bytes beside the headers, by the least headers that there are if none are told. */
export function payloadOf(bytes: number, packets: number, headerBytes = LEAST_HEADER_BYTES): number {
  return Math.max(0, bytes - packets * headerBytes);
}

/** Headers of each packet: what the interface counted beside the payload. */
export function headerBytesOf(
  { rxPackets, rxBytes, txPackets, txBytes }: InterfaceCounters,
  payloadBytes: number,
): number {
  const each = (rxBytes + txBytes - payloadBytes) / Math.max(rxPackets + txPackets, 1);
  return Math.min(MOST_HEADER_BYTES, Math.max(LEAST_HEADER_BYTES, each));
}

/** Where the payload of a phase went, by the counters of the interface if there are any. */
export function directionOf(traits: LogTraits, phase: Phase): FoundDirection {
  return phase.counters === undefined ? byRoom(traits, phase) : byCounters(phase.counters, phase);
}

function byRoom({ transmitTces, receiveTces }: LogTraits, { payloadBytes, name }: Phase): FoundDirection {
  const hasRoom = (tces: number) => tces * TCE_PAGE_BYTES >= payloadBytes;
  if (hasRoom(transmitTces) === hasRoom(receiveTces)) {
    const reason = `without packet counters: what ${name} mapped has room for its payload either way`;
    return { way: null, reason };
  }
  const way = hasRoom(transmitTces) ? 'tx' : 'rx';
  const other = way === 'tx' ? 'receive' : 'transmit';
  return { way, reason: `${name}: what is mapped for ${other} has no room for the payload` };
}

function byCounters(
  { rxPackets, rxBytes, txPackets, txBytes }: InterfaceCounters,
  { payloadBytes, name }: Phase,
): FoundDirection {
  const rx = payloadOf(rxBytes, rxPackets);
  const tx = payloadOf(txBytes, txPackets);
  const reason = `${name}: beside headers the interface sent ${tx} bytes and received ${rx}, of ${payloadBytes}`;
  if (tx >= ONE_WAY_SHARE * payloadBytes) return { way: 'tx', reason };
  if (rx >= ONE_WAY_SHARE * payloadBytes) return { way: 'rx', reason };
  const takesTurns = Math.min(rxPackets, txPackets) > BALANCED * Math.max(rxPackets, txPackets);
  const isShort = payloadBytes / (rxPackets + txPackets) < MESSAGE_SHARE * SEGMENT_BYTES;
  return { way: takesTurns && isShort ? 'messages' : 'both', reason };
}

import type { LogTraits } from '../../trace/log-traits.js';
import type { InterfaceCounters } from '../../trace/phases.js';
import type { SentPackets } from '../../trace/sent-packets.js';
import { SEGMENT_BYTES } from './traffic-direction.js';

/** How far a count may be from another one that it is taken for. */
export const NEARLY = 0.05;
/** Pages show a length to about a segment: all lengths together are the payload within this share. */
export const MOST_OFF = 0.1;
/** A file in pages of 4 KiB is mapped page by page; payload in blocks crosses pages in more maps than these. */
const MOST_CROSSING = 0.02;

/** Packets that the guest sent, and how they were told apart. */
export interface FoundPackets {
  /** Those with payload. */
  readonly packets: number;
  /** The same by their full segments, where pages tell. */
  readonly byUnits: ReadonlyMap<number, number>;
  /** Maps of each. */
  readonly mapsEach: number;
  /** Whether each map is within a page of 4 KiB though payload is not. */
  readonly isByPages: boolean;
  readonly by: string;
}

/** What the guest sent of payload, and whether packets without any went among it. */
interface SentPayload {
  readonly bytes: number;
  readonly hasBareHeads: boolean;
}

/** Tells the packets of a phase apart by its maps, and by what the interface counted. */
export function foundPackets(
  traits: LogTraits,
  counters: InterfaceCounters | undefined,
  pageSize: unknown,
  payload: SentPayload,
): FoundPackets {
  const { transmitMaps, transmitTces } = traits;
  const counted = counters?.txPackets ?? 0;
  const found = (packets: number, byUnits: ReadonlyMap<number, number>, by: string): FoundPackets => ({
    ...{ packets, byUnits, by },
    mapsEach: transmitMaps / Math.max(packets, 1),
    isByPages: pageSize === 4096 && transmitTces < transmitMaps * (1 + MOST_CROSSING),
  });
  // A card whose packets are in one piece has as many maps as packets, and pages tell nothing.
  if (counted > 0 && Math.abs(transmitMaps / counted - 1) < NEARLY) {
    const by = `${transmitMaps} maps for transmit, one for each packet that the interface counted`;
    return found(transmitMaps, new Map(), by);
  }
  const { packets, byUnits, how } = packetsByPages(traits, pageSize === 4096 ? 4096 : 65536, payload);
  // No card counts fewer packets than the stack hands down: what is more are no heads.
  if (counted > 0 && packets > counted * (1 + NEARLY)) {
    const by = `${counted} packets that the interface counted, for ${transmitMaps} maps do not tell them apart`;
    return found(counted, new Map(), by);
  }
  return found(packets, byUnits, `${packets} packets among ${transmitMaps} maps for transmit, by ${how}`);
}

/** By where heads lie, or by how often their pages are used, whichever gives lengths that add up to the payload. */
function packetsByPages(
  traits: LogTraits,
  guestPageBytes: 4096 | 65536,
  { bytes, hasBareHeads }: SentPayload,
): SentPackets & { readonly how: string } {
  const byPlace = traits.packets(guestPageBytes, SEGMENT_BYTES, 'place');
  const mean = bytes / Math.max(byPlace.packets, 1);
  const place = { ...byPlace, how: 'where the pages of their heads lie' };
  if (!hasBareHeads && (mean < SEGMENT_BYTES * (1 + NEARLY) || addsUp(byPlace, bytes))) return place;
  const byUse = traits.packets(guestPageBytes, SEGMENT_BYTES, 'use');
  if (!addsUp(byUse, bytes)) return place;
  const packets = [...byUse.byUnits.values()].reduce((sum, count) => sum + count, 0);
  return { packets, byUnits: byUse.byUnits, how: 'how often the pages of their heads are used' };
}

function addsUp({ byUnits }: SentPackets, bytes: number): boolean {
  let units = 0;
  for (const [each, packets] of byUnits) units += each * packets;
  return Math.abs((units * SEGMENT_BYTES) / bytes - 1) < MOST_OFF;
}

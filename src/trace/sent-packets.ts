import { PacketHeads } from './packet-heads.js';
import { PacketLengths } from './packet-lengths.js';
import type { TransmitMaps } from './transmit-maps.js';

/** Packets among transmit maps. */
export interface SentPackets {
  readonly packets: number;
  /** Packets with payload, by how many units of it each has. */
  readonly byUnits: ReadonlyMap<number, number>;
}

/** A page is a head's where heads are this share as often as on the page where they are most often. */
const HEAD_PAGE_SHARE = 1 / 16;
/** Heads lie on few pages. Where so many of them lie on pages that are used less, payload was taken for heads. */
const MOST_ELSEWHERE = 0.3;

/**
 * Finds packets and their lengths among transmit maps.
 *
 * @param unitBytes payload of a full segment
 * @param blockPages pages of 4 KiB in a block of payload
 */
export function sentPackets(maps: TransmitMaps, unitBytes: number, blockPages: number): SentPackets {
  const uses = usesOfPages(maps);
  const often = mostOf(uses) * HEAD_PAGE_SHARE;
  const isHeadPage = (page: number) => (uses.get(page) ?? 0) >= often;
  let elsewhere = 0;
  const byPlace = new PacketHeads(blockPages);
  for (let i = 0; i < maps.size; i++) {
    const page = maps.page(i);
    if (byPlace.map(page, maps.npages(i)) && !isHeadPage(page)) elsewhere++;
  }
  const isScattered = elsewhere > MOST_ELSEWHERE * byPlace.heads;
  const heads = new PacketHeads(blockPages, isScattered ? isHeadPage : undefined);
  const lengths = new PacketLengths(unitBytes, blockPages);
  for (let i = 0; i < maps.size; i++) {
    const page = maps.page(i);
    if (heads.map(page, maps.npages(i))) lengths.end();
    else lengths.piece(page, maps.npages(i));
  }
  lengths.end();
  return { packets: heads.heads, byUnits: lengths.byUnits };
}

/** How often each page is mapped for other than going on behind the map before. */
function usesOfPages(maps: TransmitMaps): ReadonlyMap<number, number> {
  const uses = new Map<number, number>();
  let last = -2;
  for (let i = 0; i < maps.size; i++) {
    const page = maps.page(i);
    if (page !== last && page !== last + 1) uses.set(page, (uses.get(page) ?? 0) + 1);
    last = page + maps.npages(i) - 1;
  }
  return uses;
}

function mostOf(uses: ReadonlyMap<number, number>): number {
  let most = 0;
  for (const count of uses.values()) if (count > most) most = count;
  return most;
}

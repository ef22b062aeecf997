import { PacketHeads } from './packet-heads.js';
import { PacketLengths } from './packet-lengths.js';
import type { TransmitMaps } from './transmit-maps.js';

/** Packets among transmit maps. */
export interface SentPackets {
  readonly packets: number;
  /** Packets with payload, by how many units of it each has. */
  readonly byUnits: ReadonlyMap<number, number>;
}

/** A page is a head's where maps begin anew this share as often as on the page where they do most often. */
const HEAD_PAGE_SHARE = 1 / 16;

/**
 * Finds packets and their lengths among transmit maps: heads by where their pages lie, or by how often their pages are
 * used, which tells packets of a head alone as well but needs payload on pages that are used less often than those.
 *
 * @param unitBytes payload of a full segment
 * @param blockPages pages of 4 KiB in a block of payload
 */
export function sentPackets(
  maps: TransmitMaps,
  unitBytes: number,
  blockPages: number,
  headsBy: 'place' | 'use',
): SentPackets {
  const heads = new PacketHeads(blockPages, headsBy === 'place' ? undefined : headPages(maps));
  const lengths = new PacketLengths(unitBytes, blockPages);
  for (let i = 0; i < maps.size; i++) {
    const page = maps.page(i);
    if (heads.map(page, maps.npages(i))) lengths.end();
    else lengths.piece(page, maps.npages(i));
  }
  lengths.end();
  return { packets: heads.heads, byUnits: lengths.byUnits };
}

function headPages(maps: TransmitMaps): (page: number) => boolean {
  const uses = usesOfPages(maps);
  let most = 0;
  for (const count of uses.values()) if (count > most) most = count;
  return (page) => (uses.get(page) ?? 0) >= most * HEAD_PAGE_SHARE;
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

import { PICOSECONDS_PER_SEC } from '../units.js';

/** The link under a run. */
export interface Link {
  readonly bitsPerSec: number;
}

/** What a byte takes of the wire, in picoseconds. */
export function psPerWireByte({ bitsPerSec }: Link): number {
  return (8 * PICOSECONDS_PER_SEC) / bitsPerSec;
}

/** What a byte takes of the card's bus, in picoseconds: nothing where the bus never binds. */
export function psPerPcieByte(pcieBytesPerSec: number | undefined): number {
  return pcieBytesPerSec === undefined ? 0 : PICOSECONDS_PER_SEC / pcieBytesPerSec;
}

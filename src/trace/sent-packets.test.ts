import { describe, expect, it } from 'vitest';
import { sentPackets } from './sent-packets.js';
import { TransmitMaps } from './transmit-maps.js';

const UNIT = 1448;
const HEADS = [9001, 9007, 9003, 9012];
const LENGTHS = [1, 14, 6, 20, 1, 3, 9];

/** Packets of so many segments behind one another in blocks from `block` on, each map of up to `pieceBytes`. */
function stream(packets: number, pieceBytes: number, pageOf: (page: number) => number): TransmitMaps {
  const maps = new TransmitMaps();
  let at = 0;
  for (let i = 0; i < packets; i++) {
    maps.add(HEADS[i % HEADS.length] as number, 1);
    for (let left = (LENGTHS[i % LENGTHS.length] as number) * UNIT; left > 0; ) {
      const bytes = Math.min(
        left,
        pieceBytes,
        65536 - (at % 65536),
        pieceBytes - (at % pieceBytes) || pieceBytes,
      );
      const first = Math.floor(at / 4096);
      maps.add(pageOf(first), Math.floor((at + bytes - 1) / 4096) - first + 1);
      at += bytes;
      left -= bytes;
    }
  }
  return maps;
}

/** How often each length is found, in order, for seven packets. */
function perRound(
  byUnits: ReadonlyMap<number, number>,
  packets: number,
): readonly (readonly [number, number])[] {
  return [...byUnits]
    .sort(([a], [b]) => a - b)
    .map(([units, count]) => [units, (count * LENGTHS.length) / packets]);
}

describe('packets among transmit maps', () => {
  it('are found with their lengths where payload lies in blocks', () => {
    const blockOf = (page: number) => 16 * (100 + ((7 * Math.floor(page / 16)) % 50)) + (page % 16);
    const { packets, byUnits } = sentPackets(stream(700, 65536, blockOf), UNIT, 16, 'place');
    expect(packets).toBe(700);
    const units = [...byUnits].reduce((sum, [each, count]) => sum + each * count, 0);
    expect(Math.abs(units / (54 * 100) - 1)).toBeLessThan(0.02);
    // To a segment each: short ones stay short, long ones long.
    const short = perRound(byUnits, 700).filter(([each]) => each <= 4);
    expect(short.reduce((sum, [, count]) => sum + count, 0)).toBeCloseTo(3, 0);
  });

  it('are found by how often pages are used where a file lies in scattered pages', () => {
    const scattered = (page: number) => 1_000_000 - 2 * page;
    const maps = stream(700, 4096, scattered);
    const { packets, byUnits } = sentPackets(maps, UNIT, 8, 'use');
    expect(packets).toBe(700);
    const units = [...byUnits].reduce((sum, [each, count]) => sum + each * count, 0);
    expect(Math.abs(units / (54 * 100) - 1)).toBeLessThan(0.02);
    // Where pages lie does not tell them there.
    expect(sentPackets(maps, UNIT, 8, 'place').packets).toBeGreaterThan(1000);
  });

  it('without payload are told by use alone', () => {
    const maps = new TransmitMaps();
    for (let i = 0; i < 3000; i++) {
      maps.add(HEADS[i % 4] as number, 1);
      if (i % 3 === 0) maps.add(500 + Math.floor(((i / 3) * UNIT) / 4096), 1);
    }
    expect(sentPackets(maps, UNIT, 16, 'use').packets).toBe(3000);
    expect(sentPackets(new TransmitMaps(), UNIT, 16, 'use')).toEqual({ packets: 0, byUnits: new Map() });
  });
});

import { expect, it } from 'vitest';
import { PacketHeads } from './packet-heads.js';

/** Packets among maps, each a page and how many. */
function packets(maps: readonly (readonly [page: number, npages: number])[], blockPages = 16): number {
  const heads = new PacketHeads(blockPages);
  for (const [page, npages] of maps) heads.map(page, npages);
  return heads.heads;
}

it('payload that goes on where it ended, on the same page or the next, belongs to the packet of its head', () => {
  const first = [
    [900, 1],
    [64, 3],
    [66, 2],
    [68, 1],
  ] as const;
  const second = [
    [901, 1],
    [68, 4],
  ] as const;
  expect(packets([...first, ...second])).toBe(2);
});

it('a block that is full is followed by another one, not by a head', () => {
  const maps = [
    [900, 1],
    [64, 16],
    [320, 2],
  ] as const;
  expect(packets([...maps, [900, 1], [321, 3]])).toBe(2);
  // With blocks of 8 pages the same.
  expect(
    packets(
      [
        [900, 1],
        [64, 8],
        [320, 2],
        [901, 1],
        [322, 1],
      ],
      8,
    ),
  ).toBe(2);
});

it('after a head that no payload goes on from, the next map is payload in a new place', () => {
  expect(
    packets([
      [900, 1],
      [64, 2],
      [901, 1],
      [512, 2],
      [900, 1],
      [513, 4],
    ]),
  ).toBe(3);
});

it('packets of a head alone count by twos: nothing tells them from payload', () => {
  expect(
    packets([
      [900, 1],
      [500, 1],
      [700, 1],
      [300, 1],
    ]),
  ).toBe(2);
});

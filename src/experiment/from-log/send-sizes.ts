import { MOST_OFF } from './packets-from-log.js';

/** Lengths in a list of sends: enough to keep the frequencies of a few usual ones. */
const MOST_SENDS = 32;

/**
 * A short list of sends with the frequencies of many: each length stands for an equal number of packets, and their
 * mean is the payload's. Null where the lengths are not those of the payload.
 *
 * @param byUnits packets by their units of payload
 * @param unitBytes payload of a full segment
 * @param payloadBytes what they carried
 */
export function sendSizes(
  byUnits: ReadonlyMap<number, number>,
  unitBytes: number,
  payloadBytes: number,
): readonly number[] | null {
  const sizes = [...byUnits].sort(([a], [b]) => a - b);
  const packets = sizes.reduce((sum, [, count]) => sum + count, 0);
  const found = sizes.reduce((sum, [units, count]) => sum + units * count, 0) * unitBytes;
  if (packets === 0 || Math.abs(found / payloadBytes - 1) > MOST_OFF) return null;
  const count = Math.min(MOST_SENDS, packets);
  const units = Array.from({ length: count }, (_, i) => quantile(sizes, ((i + 0.5) / count) * packets));
  // The mean of the list is that of the payload to half a segment of one of its packets.
  const wanted = Math.round((payloadBytes / packets / unitBytes) * count);
  let missing = wanted - units.reduce((sum, of) => sum + of, 0);
  for (let i = count - 1; missing !== 0 && i >= 0; i--) {
    const step = Math.max(Math.sign(missing), 1 - (units[i] as number));
    units[i] = (units[i] as number) + step;
    missing -= step;
  }
  if (units.every((of) => of === units[0])) return [(units[0] as number) * unitBytes];
  return spread(units).map((of) => of * unitBytes);
}

/** The units of the packet of that rank. */
function quantile(sizes: readonly (readonly [units: number, packets: number])[], rank: number): number {
  let below = 0;
  for (const [units, packets] of sizes) {
    below += packets;
    if (below > rank) return units;
  }
  return sizes.at(-1)?.[0] ?? 0;
}

/** Short and long ones by turns, always the same way: steps of the golden section through the sorted list. */
function spread(sorted: readonly number[]): readonly number[] {
  const share = (Math.sqrt(5) - 1) / 2;
  return sorted
    .map((value, i) => ({ value, at: (i * share) % 1 }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

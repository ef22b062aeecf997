import { z } from 'zod';
import { assert, inputError } from '../errors.js';
import { checkedInput } from '../input-issue.js';
import { PARAMETER_ORIGINS } from './nic-parameter.js';
import {
  LIMIT_KEYS,
  type NicProfile,
  OFFLOADS,
  parametersOf,
  RECEIVE_KEYS,
  TRANSMIT_KEYS,
} from './nic-profile.js';
import { NIC_PROFILES } from './profiles/profiles.js';

const parameter = z
  .strictObject({
    value: z.number().min(0).max(1e15),
    unit: z.string().min(1),
    origin: z.enum(PARAMETER_ORIGINS),
    source: z.string().min(1),
  })
  .meta({ id: 'parameter' });

function parameters(keys: readonly string[]) {
  return Object.fromEntries(keys.map((key) => [key, parameter]));
}

/** One of several mechanisms, by its name; each has parameters of its own. */
function mechanisms(all: Readonly<Record<string, readonly string[]>>) {
  const [first, ...others] = Object.entries(all).map(([name, keys]) =>
    z.strictObject({ mechanism: z.literal(name), ...parameters(keys) }),
  );
  assert(first !== undefined, 'there is a mechanism');
  return z.discriminatedUnion('mechanism', [first, ...others]);
}

/** The shape of a card in a file; how its parameters must fit each other {@link checkedProfile} knows. */
export const nicProfileSchema = z.strictObject({
  id: z.string().min(1).max(40),
  title: z.string().min(1),
  offloads: z.array(z.enum(OFFLOADS)).min(1),
  limits: z.strictObject(parameters(LIMIT_KEYS)),
  rings: z.record(z.string(), parameter),
  receive: mechanisms(RECEIVE_KEYS),
  transmit: mechanisms(TRANSMIT_KEYS),
});

/** Parameters that may be 0, which then means none; every other one is at least 1. */
const MAY_BE_NONE: ReadonlySet<string> = new Set([
  'limits.pcieBytesPerSec',
  ...['headroomBytes', 'copyBreakBytes', 'copyKeepsMapping', 'mapsBeforeUnmap', 'missesPerThousand'].map(
    (key) => `receive.${key}`,
  ),
  ...['useCountBytes', 'padBytes', 'heldFrames'].map((key) => `receive.${key}`),
  ...TRANSMIT_KEYS.map.map((key) => `transmit.${key}`),
]);
const NEVER_NONE: ReadonlySet<string> = new Set(['transmit.descriptors', 'transmit.completionEvery']);

/** No ring and no cache is longer, no flag or share larger. */
const HIGHEST: Readonly<Record<string, number>> = {
  buffers: 2 ** 16,
  descriptors: 2 ** 16,
  frames: 2 ** 20,
  pages: 2 ** 16,
  flag: 1,
};

/** What every parameter is counted in, as the cards that ship have it. */
const UNITS: ReadonlyMap<string, string> = new Map(
  NIC_PROFILES.flatMap((profile) =>
    [...parametersOf(profile)].map(([key, { unit }]) => [key, unit] as const),
  ),
);
const RING_UNIT = 'B';

/** The shortest MTU of any card: a TCP header with timestamps and some payload. */
const LEAST_MTU = 64;
/** The longest coherent allocation. */
const MAX_RING_BYTES = 2 ** 20;

/** Checks a card that a user wrote: every key there, none unknown, each value possible. `place` is its file. */
export function checkedProfile(input: unknown, place: string): NicProfile {
  const where = { place, whole: 'the card', hint: 'see docs/CARDS.md' };
  const profile = checkedInput(nicProfileSchema, input, where) as unknown as NicProfile;
  for (const [key, { value, unit }] of parametersOf(profile)) checkValue(key, value, unit, place);
  checkTogether(profile, place);
  return profile;
}

function checkValue(key: string, value: number, unit: string, place: string): void {
  const known = key.startsWith('rings.') ? RING_UNIT : UNITS.get(key);
  if (known !== undefined && unit !== known) {
    throw inputError(`${place}: ${key}.unit is "${unit}"`, `it is counted in ${known}`);
  }
  const low = MAY_BE_NONE.has(key) && !NEVER_NONE.has(key) ? 0 : 1;
  const high = key.startsWith('rings.') ? MAX_RING_BYTES : (HIGHEST[unit] ?? 1e15);
  if (value >= low && value <= high && (Number.isInteger(value) || unit === 'B/s')) return;
  throw inputError(`${place}: ${key} is ${value}`, `use a whole number from ${low} to ${high}`);
}

/** What must hold between two parameters. */
function checkTogether({ limits, receive, transmit }: NicProfile, place: string): void {
  const must = (isSo: boolean, key: string, hint: string) => {
    if (!isSo) throw inputError(`${place}: ${key} does not fit the other parameters`, hint);
  };
  const mtuMin = limits.mtuMin.value;
  must(mtuMin >= LEAST_MTU, 'limits.mtuMin', `use ${LEAST_MTU} or more`);
  must(limits.mtuMax.value >= mtuMin && limits.mtuMax.value <= 65535, 'limits.mtuMax', 'use mtuMin to 65535');
  if (receive.mechanism === 'page-chunks') {
    const { smallChunkBytes, jumboChunkBytesOn64k, jumboChunkBytesOn4k, useCountBytes } = receive;
    must(4096 % smallChunkBytes.value === 0, 'receive.smallChunkBytes', 'use a part of 4096');
    must(65536 % jumboChunkBytesOn64k.value === 0, 'receive.jumboChunkBytesOn64k', 'use a part of 65536');
    const on4k = jumboChunkBytesOn4k.value;
    must(Number.isInteger(Math.log2(on4k)), 'receive.jumboChunkBytesOn4k', 'use a power of two');
    must(on4k >= 256 && on4k <= MAX_RING_BYTES, 'receive.jumboChunkBytesOn4k', 'use 256 bytes to 1 MiB');
    const least = Math.min(smallChunkBytes.value, jumboChunkBytesOn64k.value, on4k);
    must(useCountBytes.value < least, 'receive.useCountBytes', 'use less than a chunk');
  }
  if (receive.mechanism === 'frame-buffers') {
    const { strideBytes, headroomBytes, bufferBytes, refillBatch, buffers } = receive;
    const used = headroomBytes.value + bufferBytes.value;
    must(strideBytes.value >= used, 'receive.strideBytes', `use ${used} or more`);
    must(strideBytes.value <= 32768, 'receive.strideBytes', 'use up to 32768');
    must(refillBatch.value <= buffers.value, 'receive.refillBatch', 'use no more than the ring has');
  }
  if (receive.mechanism === 'page-reuse') {
    must(receive.bufferBytes.value <= 4096, 'receive.bufferBytes', 'use up to 4096');
    must(receive.missesPerThousand.value <= 1000, 'receive.missesPerThousand', 'use up to 1000');
  }
  if (receive.mechanism === 'page-reuse' || receive.mechanism === 'page-cache') {
    must(
      receive.refillBatch.value <= receive.buffers.value,
      'receive.refillBatch',
      'use no more than the ring',
    );
  }
  if (transmit.mechanism === 'map') {
    const { flitsPerDescriptor, maxPieceBytes, timerPeriodNs } = transmit;
    must(flitsPerDescriptor.value !== 1, 'transmit.flitsPerDescriptor', 'use 0, or 2 and more');
    must(
      maxPieceBytes.value === 0 || maxPieceBytes.value >= 64,
      'transmit.maxPieceBytes',
      'use 0, or 64 and more',
    );
    must(
      timerPeriodNs.value === 0 || timerPeriodNs.value >= 1e6,
      'transmit.timerPeriodNs',
      'use 0, or 1e6 and more',
    );
  }
}

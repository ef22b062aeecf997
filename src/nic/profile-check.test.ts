import { describe, expect, it } from 'vitest';
import { TcebenchError } from '../errors.js';
import { bench, cardOn } from './nic-bench.test-helper.js';
import type { NicProfile } from './nic-profile.js';
import { parametersOf } from './nic-profile.js';
import { checkedProfile } from './profile-check.js';
import { CXGB3 } from './profiles/cxgb3.js';
import { NIC_PROFILES } from './profiles/profiles.js';

type Json = Record<string, unknown>;

/** A copy with one value changed, added, or removed where it is undefined. */
function changed(profile: NicProfile, path: string, value: unknown): Json {
  const copy = structuredClone(profile) as unknown as Json;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const at = keys.reduce((node, key) => node[key] as Json, copy);
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}

function refusal(input: unknown): string {
  try {
    checkedProfile(input, 'card.json');
  } catch (error) {
    if (error instanceof TcebenchError) return `${error.kind}: ${error.message}; ${error.hint}`;
    throw error;
  }
  return 'accepted';
}

describe('a card as data', () => {
  it.each(NIC_PROFILES.map((profile) => [profile.id, profile] as const))(
    '%s obeys the rules of a file',
    (_, profile) => {
      const copy = JSON.parse(JSON.stringify(profile));
      expect(checkedProfile(copy, 'card.json')).toEqual(profile);
      for (const { source, unit } of parametersOf(profile).values()) expect([source, unit]).not.toContain('');
    },
  );

  it('that only a file describes works by its own numbers', () => {
    // Half the buffers in a chunk, twice the maps.
    const file = JSON.parse(JSON.stringify(changed(CXGB3, 'receive.smallChunkBytes.value', 4096)));
    const profile = checkedProfile({ ...file, id: 'mine' }, 'card.json');
    const mapsOf = (card: NicProfile) => {
      const { dma } = bench(65536, true);
      const atWork = cardOn(dma, { profile: card, direction: 'rx' });
      atWork.open();
      for (let i = 0; i < 32; i++) atWork.step();
      const before = dma.maps;
      for (let i = 0; i < 32; i++) atWork.step();
      return dma.maps - before;
    };
    expect([mapsOf(CXGB3), mapsOf(profile)]).toEqual([64, 128]);
  });

  it.each([
    ['a missing key', 'receive.refillMax', undefined, /card\.json: receive\.refillMax is missing/],
    ['a missing value', 'limits.mtuMax.value', undefined, /limits\.mtuMax\.value is missing/],
    ['an unknown key', 'recieve', {}, /unknown key recieve; did you mean receive/],
    [
      'an unknown parameter',
      'receive.refilMax',
      CXGB3.limits.mtuMin,
      /receive\.refilMax; did you mean refillMax/,
    ],
    [
      'a parameter of another mechanism',
      'receive.cachePages',
      CXGB3.limits.mtuMin,
      /unknown key receive\.cachePages/,
    ],
    [
      'an unknown mechanism',
      'receive.mechanism',
      'magic',
      /receive\.mechanism has an unknown value "magic"; .*page-chunks/,
    ],
    ['an unknown offload', 'offloads', ['tso', 'lro'], /offloads\.1.*swGso/],
    ['an unknown origin', 'limits.mtuMin.origin', 'guess', /limits\.mtuMin\.origin.*assumed/],
    ['a ring of 0', 'transmit.descriptors.value', 0, /transmit\.descriptors is 0/],
    ['a list of 0', 'receive.smallBuffers.value', 0, /receive\.smallBuffers is 0/],
    ['half a buffer', 'receive.jumboBuffers.value', 1.5, /receive\.jumboBuffers is 1\.5/],
    ['a flag of 2', 'transmit.reclaimAtTransmit.value', 2, /transmit\.reclaimAtTransmit is 2/],
    ['a ring of rings', 'rings.responseQueueBytes.value', 2 ** 21, /rings\.responseQueueBytes is 2097152/],
    ['a negative number', 'receive.padBytes.value', -1, /receive\.padBytes\.value/],
    ['another unit', 'limits.mtuMax.unit', 'KB', /limits\.mtuMax\.unit is "KB"; it is counted in B/],
    ['another unit of a ring', 'rings.responseQueueBytes.unit', 'KiB', /responseQueueBytes\.unit is "KiB"/],
    ['no source', 'receive.padBytes.source', '', /receive\.padBytes\.source is empty/],
    [
      'text for a number',
      'receive.padBytes.value',
      '8',
      /receive\.padBytes\.value must be a number, not "8"/,
    ],
    [
      'a chunk that does not divide its page',
      'receive.smallChunkBytes.value',
      1500,
      /receive\.smallChunkBytes/,
    ],
    ['a falling range of MTUs', 'limits.mtuMax.value', 80, /limits\.mtuMax/],
    ['no offload', 'offloads', [], /offloads/],
  ])('is refused in one sentence with the key: %s', (_, path, value, expected) => {
    const text = refusal(changed(CXGB3, path, value));
    expect(text).toMatch(/^input: card\.json: /);
    expect(text).toMatch(expected);
    expect(text).not.toContain('\n');
  });

  it.each([[null], [5], [[]], ['cxgb3']])('is refused where it is no object: %j', (input) => {
    expect(refusal(input)).toMatch(/^input: card\.json: the card/);
  });
});

it('a ring that cannot hold one packet is refused', () => {
  const { transmit } = NIC_PROFILES.find(({ id }) => id === 'e1000') as NicProfile;
  const short = { ...transmit, descriptors: { ...transmit.descriptors, value: 2 } } as typeof transmit;
  const { dma } = bench(65536, true);
  expect(() => cardOn(dma, { profile: { ...CXGB3, transmit: short } })).toThrow(/transmit\.descriptors is 2/);
});

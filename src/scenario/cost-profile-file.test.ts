import { describe, expect, it } from 'vitest';
import { TcebenchError } from '../errors.js';
import { parseCostProfile } from './cost-profile-file.js';

const EXIT = { low: 4000, high: 5000, unit: 'ns', origin: 'measured', source: 'trace of our machine, 2026' };
const profile = (constants: object, more: object = {}) =>
  JSON.stringify({ id: 'ours', base: 'power9-2021', constants, ...more });

function refusal(text: string): string {
  try {
    parseCostProfile(text, 'ours.json');
  } catch (error) {
    if (error instanceof TcebenchError) return `${error.message}; ${error.hint}`;
    throw error;
  }
  return 'accepted';
}

describe('a cost profile in a file', () => {
  it('has its own constants over those of its base, and the machine of its base', () => {
    const read = parseCostProfile(profile({ exitToVirtualNs: { ...EXIT, value: 4200 } }), 'ours.json');
    expect(read).toMatchObject({ id: 'ours', hasRealMode: true, threadsLeaveTogether: false });
    expect(read.constants.exitToVirtualNs).toEqual({ ...EXIT, value: 4200 });
    expect(read.constants.vfioIoctlNs).toMatchObject({ low: 300, high: 600, origin: 'assumed' });
  });

  it('takes the middle of the range for a value that it does not state', () => {
    const assumed = { ...EXIT, low: 100, high: 400, origin: 'assumed' };
    const read = parseCostProfile(profile({ exitToVirtualNs: assumed }), 'ours.json');
    expect(read.constants.exitToVirtualNs.value).toBe(200);
  });

  it.each([
    [
      'low above high',
      { ...EXIT, low: 6000 },
      /constants\.exitToVirtualNs\.low is 6000, above high \(5000\)/,
    ],
    ['no unit', { ...EXIT, unit: undefined }, /constants\.exitToVirtualNs\.unit is missing; it is text/],
    ['another unit', { ...EXIT, unit: 'us' }, /exitToVirtualNs\.unit is "us"; it is counted in ns/],
    ['a negative cost', { ...EXIT, low: -1 }, /exitToVirtualNs\.low must be 0 or more/],
    ['an origin without a source', { ...EXIT, source: ' ' }, /exitToVirtualNs\.source is empty/],
    ['a value outside its range', { ...EXIT, value: 1 }, /exitToVirtualNs\.value is 1, outside 4000\.\.5000/],
    [
      'a chosen value of an assumed constant',
      { ...EXIT, origin: 'assumed', value: 4100 },
      /nobody measured it/,
    ],
    ['an unknown origin', { ...EXIT, origin: 'guessed' }, /exitToVirtualNs\.origin has an unknown value/],
    ['an unknown field', { ...EXIT, note: '' }, /unknown key constants\.exitToVirtualNs\.note/],
  ])('is refused for %s, naming the key', (_, constant, message) => {
    expect(refusal(profile({ exitToVirtualNs: constant }))).toMatch(message);
  });

  it.each([
    [
      'an unknown constant',
      profile({ exitToVirtual: EXIT }),
      /unknown key constants\.exitToVirtual.*exitToVirtualNs/,
    ],
    [
      'a missing constant without a base',
      profile({}, { base: undefined }),
      /constants\.realModeHcallNs is missing/,
    ],
    ['an unknown base', profile({}, { base: 'power10' }), /base "power10" is unknown/],
    ['the name of one that ships', profile({}, { id: 'zero' }), /id "zero" is a profile that ships/],
    ['a share above 1', profile({ bqlShare: { ...EXIT, unit: 'share' } }), /bqlShare\.high is 5000/],
    ['no JSON', '{', /ours\.json is no JSON/],
  ])('is refused for %s', (_, text, message) => {
    expect(refusal(text)).toMatch(message);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TcebenchError } from './errors.js';
import { knownHint, named, nearestAndKnown } from './nearest.js';

/** The fewest letters to put in, take out or change, or neighbours to exchange, by trying all at every place. */
function edits(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  if (a[0] === b[0]) return edits(a.slice(1), b.slice(1));
  const ways = [edits(a.slice(1), b), edits(a, b.slice(1)), edits(a.slice(1), b.slice(1))];
  if (a.length > 1 && a[0] === b[1] && a[1] === b[0]) ways.push(edits(a.slice(2), b.slice(2)));
  return 1 + Math.min(...ways);
}

const word = (minLength: number) =>
  fc
    .array(fc.constantFrom('a', 'b', 'c', 'A'), { minLength, maxLength: 6 })
    .map((letters) => letters.join(''));

describe('the hint behind an unknown word', () => {
  const commands = ['run', 'measure', 'replay', 'conform', 'sweep', 'merge', 'compare', 'explain'];
  it.each([
    ['mesure', 'measure'],
    ['meassure', 'measure'],
    ['RUN', 'run'],
    ['rnu', 'run'],
    ['confirm', 'conform'],
    ['sweeps', 'sweep'],
    ['comprae', 'compare'],
    ['marge', 'merge'],
  ])('%s: did you mean %s?', (slip, meant) => {
    expect(knownHint(slip, commands)).toBe(`did you mean ${meant}?`);
  });

  it('names all where none is like it', () => {
    expect(knownHint('zzzzzz', ['run', 'merge'])).toBe('known: run, merge');
    expect(knownHint('', ['run', 'merge'])).toBe('known: run, merge');
    expect(knownHint('run', [])).toBe('known: ');
  });

  it('names the only word that begins so, else one of the fewest edits, if they are one or half its letters', () => {
    fc.assert(
      fc.property(word(0), fc.array(word(1), { maxLength: 5 }), (slip, known) => {
        const begun = known.filter((one) => one.toLowerCase().startsWith(slip.toLowerCase()));
        const asked = begun.length > 1 ? begun : known;
        const counts = asked.map((one) => edits(slip.toLowerCase(), one.toLowerCase()));
        const fewest = Math.min(...counts);
        const isNear = slip !== '' && (begun.length === 1 || fewest <= Math.max(1, slip.length / 2));
        const meant = begun.length === 1 ? begun[0] : asked[counts.indexOf(fewest)];
        expect(knownHint(slip, known)).toBe(isNear ? `did you mean ${meant}?` : `known: ${known.join(', ')}`);
      }),
      { seed: 8, numRuns: 500 },
    );
  });

  it('takes no word of more than 64 letters for a slip', () => {
    const long = 'x'.repeat(64);
    expect(knownHint(long, [`${long}y`])).toBe(`did you mean ${long}y?`);
    expect(knownHint(`${long}y`, [long])).toBe(`known: ${long}`);
  });
});

describe('a thing by its name', () => {
  const all = [{ id: 'first' }, { id: 'second' }, { id: 'first', again: true }] as const;

  it('is the first one that bears it', () => {
    expect(named('card', 'second', all)).toBe(all[1]);
    expect(named('card', 'first', all)).toBe(all[0]);
  });

  it('is refused where there is none, with what is unknown and the nearest name', () => {
    const call = () => named('card "secnd"', 'secnd', all);
    expect(call).toThrow(new TcebenchError('input', 'card "secnd" is unknown', 'did you mean second?'));
  });
});

it('a few known words are told beside the nearest, many are not', () => {
  expect(nearestAndKnown('tsoo', ['tso', 'swGso'])).toBe('did you mean tso? known: tso, swGso');
  expect(nearestAndKnown('zzzz', ['tso', 'swGso'])).toBe('known: tso, swGso');
  const many = Array.from({ length: 40 }, (_, i) => `constant${i}`);
  expect(nearestAndKnown('constant399', many)).toBe('did you mean constant39?');
  expect(nearestAndKnown('tsoo', ['tso'])).toBe('did you mean tso?');
  expect(nearestAndKnown('tsoo', [])).toBe('');
});

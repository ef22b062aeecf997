import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TcebenchError } from './errors.js';
import { checkedInput } from './input-issue.js';
import { costProfileSchema } from './scenario/cost-profile-file.js';
import { scenarioSchema } from './scenario/scenario.js';

function refusal(schema: z.ZodType, input: unknown): string {
  try {
    checkedInput(schema, input, { place: 'f.json', whole: 'the thing' });
  } catch (error) {
    if (!(error instanceof TcebenchError)) throw error;
    return error.hint === '' ? error.message : `${error.message}; ${error.hint}`;
  }
  return 'taken';
}

const size = z.strictObject({ width: z.number(), height: z.number() });

describe('what a schema refuses is told', () => {
  it.each([
    ['a text', z.string(), 5, 'must be text, not 5'],
    ['a number', z.number(), 'a', 'must be a number, not "a"'],
    ['a finite number', z.number(), Number.POSITIVE_INFINITY, 'must be a number, not Infinity'],
    ['a whole number', z.int(), 1.5, 'must be a whole number, not 1.5'],
    ['a whole number, for text', z.int(), 'a', 'must be a whole number, not "a"'],
    ['a truth', z.boolean(), 'yes', 'must be true or false, not "yes"'],
    ['a list', z.array(z.string()), {}, 'must be a list of texts, not an object'],
    ['a list of objects', z.array(size), 5, 'must be a list of values, not 5'],
    ['a pair', z.tuple([z.number(), z.number()]), 5, 'must be a list of 2 values, not 5'],
    ['an object', size, [1], 'must be an object with width, height, not a list'],
    ['a table', z.record(z.string(), z.number()), null, 'must be an object {...}, not null'],
    ['two kinds', z.union([z.number(), z.null()]), 'a', 'must be a number or null, not "a"'],
    ['a pattern', z.string().regex(/^x/), 'a', 'must be text, not "a"'],
    ['a lower bound', z.number().min(2), 1, 'must be 2 or more, not 1'],
    ['an open lower bound', z.number().gt(2), 2, 'must be above 2, not 2'],
    ['an upper bound', z.number().max(2), 3, 'must be 2 or less, not 3'],
    ['a name', z.string().min(1), '', 'is empty'],
    ['a long name', z.string().max(3), 'abcd', 'is longer than 3 characters'],
    ['a long text', z.number(), 'x'.repeat(1e5), `must be a number, not "${'x'.repeat(59)}...`],
    ['one value', z.array(z.number()).min(1), [], 'must have at least 1 value, not 0'],
    ['two values', z.array(z.number()).max(2), [1, 2, 3], 'must have at most 2 values, not 3'],
    ['our own words', z.number('must be a mass'), 'a', 'must be a mass'],
    ['a default', z.int().default(1), 'a', 'must be a whole number, not "a"'],
  ])('in the words of a user: %s', (_, schema, input, words) => {
    expect(refusal(z.strictObject({ key: schema }), { key: input })).toBe(`f.json: key ${words}`);
    expect(refusal(schema, input)).toBe(`f.json: the thing ${words}`);
  });

  it.each([
    ['a text', z.string(), 'it is text'],
    ['an object', size, 'it is an object with width, height'],
    ['a choice', z.enum(['a', 'b']), 'it is one of a, b'],
    ['a constant', z.literal('a'), 'it is a'],
  ])('as missing where it is not there, with what it is: %s', (_, schema, words) => {
    expect(refusal(z.strictObject({ key: schema }), {})).toBe(`f.json: key is missing; ${words}`);
  });

  const kinds = z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('round'), radius: z.number() }),
    z.strictObject({ kind: z.literal('square'), side: z.number() }),
  ]);
  it.each([
    [
      'below a table',
      z.record(z.string(), size),
      { a: { width: 1, hihgt: 1 } },
      'a.hihgt; did you mean height?',
    ],
    ['below a list', z.array(size), [{ width: 1, height: 1, widht: 1 }], '0.widht; did you mean width?'],
    ['below a pair', z.tuple([size]), [{ width: 1, height: 1, widht: 1 }], '0.widht; did you mean width?'],
    ['of a table', z.partialRecord(z.enum(['one', 'two']), size), { onne: {} }, 'onne; did you mean one?'],
    ['of a kind', kinds, { kind: 'round', radius: 1, sied: 1 }, 'sied; did you mean side?'],
  ])('as an unknown key with the nearest and the known: %s', (_, schema, input, words) => {
    expect(refusal(schema, input)).toMatch(`f.json: unknown key ${words} known: `);
  });

  it('as an unknown value with the nearest and the known', () => {
    const schema = z.strictObject({ key: z.enum(['tso', 'swGso']), n: z.literal([1, 4]).optional() });
    expect(refusal(schema, { key: 'tsoo' })).toBe(
      'f.json: key has an unknown value "tsoo"; did you mean tso? known: tso, swGso',
    );
    expect(refusal(schema, { key: 'tso', n: 3 })).toBe('f.json: n has an unknown value 3; known: 1, 4');
    expect(refusal(kinds, { kind: 'rund' })).toBe(
      'f.json: kind has an unknown value "rund"; did you mean round? known: round, square',
    );
  });
});

describe('no key of what a user writes is refused in the words of the checker', () => {
  const RAW = /of type|\binvalid\b|expected|received|tuple|record|undefined|\[object/i;
  const WRONG = [null, 5.5, -1, true, '', 'x y', [], ['x'], {}, { x: 1 }];

  /** Every key of a scenario, and of a cost profile with one constant. */
  const keys = (value: object, path: readonly string[] = []): readonly (readonly string[])[] =>
    Object.entries(value).flatMap(([key, inner]) => [
      [...path, key],
      ...(typeof inner === 'object' && inner !== null ? keys(inner, [...path, key]) : []),
    ]);

  const put = (path: readonly string[], value: unknown): unknown =>
    path.reduceRight((inner, key) => ({ [key]: inner }), value);

  const constant = { value: 1, low: 1, high: 1, unit: 'ns', origin: 'cited', source: 'x' };
  const profile = { id: 'x', title: 'x', base: 'x', hasRealMode: true, constants: { vfioIoctlNs: constant } };
  const scenario = { ...scenarioSchema.parse({}), cost: { vfioIoctlNs: 1 } };
  it.each([
    ['a scenario', scenarioSchema, keys(scenario)],
    ['a cost profile', costProfileSchema, keys(profile)],
  ])('%s', (_, schema, paths) => {
    const messages = paths.flatMap((path) => WRONG.map((value) => refusal(schema, put(path, value))));
    expect(messages.filter((message) => RAW.test(message))).toEqual([]);
    expect(messages.filter((message) => message !== 'taken').length).toBeGreaterThan(50);
  });
});

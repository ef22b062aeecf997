import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonSchemaText } from '../../cli/json-schemas.js';
import { SCHEMA_TITLES, type SchemaName, schemaPath } from '../../cli/schema-files.js';
import { measureSchema } from './measure-schema.js';
import { runSchema } from './run-schema.js';
import type { SameShape } from './same-shape.js';

const ROOT = new URL('../../../', import.meta.url);
const NAMES = Object.keys(SCHEMA_TITLES) as SchemaName[];

/** A document of the repository, parsed anew. */
function reference(name: string): Record<string, never> {
  return JSON.parse(readFileSync(new URL(`results/claim/${name}`, ROOT), 'utf8')) as Record<string, never>;
}

/** A schema as it ships, read back by a validator that never saw ours. */
function shipped(name: SchemaName): z.ZodType {
  return z.fromJSONSchema(JSON.parse(readFileSync(new URL(schemaPath(name), ROOT), 'utf8')));
}

/** Every path to a key of a document, first elements of lists only. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? Object.entries(value).slice(0, 1) : Object.entries(value);
  return entries.flatMap(([key, inner]) => {
    const own = [...path, key];
    return [...(Array.isArray(value) ? [] : [own]), ...pathsOf(inner, own)];
  });
}

/** The document without one key. */
function without(document: object, path: readonly string[]): unknown {
  const copy: unknown = structuredClone(document);
  let at = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  delete at[path.at(-1) ?? ''];
  return copy;
}

describe('the schemas that ship', () => {
  it.each(NAMES)('%s is what the program checks with', (name) => {
    expect(readFileSync(new URL(schemaPath(name), ROOT), 'utf8')).toBe(jsonSchemaText(name));
  });

  it('are all there, and no other', () => {
    expect(readdirSync(new URL('schemas/', ROOT)).sort()).toEqual(
      NAMES.map((name) => `${name}.schema.json`).sort(),
    );
  });

  it.each([
    ['run', 'claim.json'],
    ['scenario', 'claim.scenario.json'],
    ['measure', 'measured.json'],
  ] as const)('%s holds for the reference %s', (name, file) => {
    expect(shipped(name).safeParse(reference(file)).error).toBeUndefined();
  });

  it.each([
    ['a run without a clock', 'run', 'claim.json', ['clock']],
    ['a run whose arm has no rate', 'run', 'claim.json', ['arms', '3', 'rateBytesPerSec']],
    ['a measurement without its noise floor', 'measure', 'measured.json', ['noiseFloor']],
  ] as const)('refuse %s', (_, name, file, path) => {
    expect(shipped(name).safeParse(without(reference(file), path)).success).toBe(false);
  });

  it('take a card of every mechanism that docs/CARDS.md knows, and refuse keys of another', () => {
    const card = JSON.parse(readFileSync(new URL('schemas/card-profile.schema.json', ROOT), 'utf8'));
    const kinds = card.properties.receive.oneOf as { properties: { mechanism: { const: string } } }[];
    const text = readFileSync(new URL('docs/CARDS.md', ROOT), 'utf8');
    for (const { properties } of kinds) expect(text).toContain(properties.mechanism.const);
    const parameter = { value: 1, unit: 'buffers', origin: 'assumed', source: 'test' };
    const receive = z.fromJSONSchema({ ...card.properties.receive, $defs: card.$defs });
    const bypass = { mechanism: 'bypass', buffers: parameter, napiWeight: parameter };
    expect(receive.safeParse(bypass).success).toBe(true);
    expect(receive.safeParse({ ...bypass, cachePages: parameter }).success).toBe(false);
  });
});

describe('a schema of a document', () => {
  const optional = new Set(['scenario', 'cost.constants']);
  const isFree = (path: readonly string[]) =>
    optional.has(path.slice(0, path[0] === 'cost' ? 2 : 1).join('.'));

  it.each([
    ['run', runSchema, 'claim.json'],
    ['measure', measureSchema, 'measured.json'],
  ] as const)('%s misses every single key that is taken away', (_, schema, file) => {
    const document = reference(file);
    const taken = pathsOf(document).filter((path) => !isFree(path) || path.length === 1);
    expect(taken.length).toBeGreaterThan(30);
    const unnoticed = taken.filter((path) => schema.safeParse(without(document, path)).success);
    expect(unnoticed).toEqual([]);
  });

  it('is held against its interface by the compiler, either way', () => {
    type Wanted = { readonly a: number; readonly b?: readonly string[] };
    true satisfies SameShape<Wanted, { a: number; b?: string[] }>;
    // @ts-expect-error a key more than the interface has
    true satisfies SameShape<Wanted, { a: number; b?: string[]; c: string }>;
    // @ts-expect-error a key less
    true satisfies SameShape<Wanted, { b?: string[] }>;
    // @ts-expect-error a wider value
    true satisfies SameShape<Wanted, { a: number | null; b?: string[] }>;
    // @ts-expect-error a narrower value
    true satisfies SameShape<Wanted, { a: 1; b?: string[] }>;
    expect(z.toJSONSchema(runSchema)).toBeDefined();
  });
});

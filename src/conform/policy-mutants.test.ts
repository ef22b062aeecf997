import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { REVISIONS } from '../path/revisions/revisions.js';
import { V3 } from '../path/revisions/v3.js';
import { equivalenceOf } from './equivalent-mutants.test-helper.js';
import { differsFromTables, differsFromVectors } from './mutant-checks.test-helper.js';
import { tryMutants } from './mutant-trial.test-helper.js';
import { mutantsOf } from './policy-mutants.test-helper.js';

const VECTORS = new URL('../../../shared/vectors/', import.meta.url);
const NO_VECTORS = new URL('no-vectors/', import.meta.url);

/** Paths of the leaves in which two objects differ. */
function differences(a: unknown, b: unknown, place = ''): readonly string[] {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return a === b ? [] : [place];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) =>
    differences(Reflect.get(a, key), Reflect.get(b, key), place === '' ? key : `${place}.${key}`),
  );
}

/** Every mutant of every revision is tried by scripts/mutate-policies.mjs; here only what that rests on. */
describe('the mutants of a revision', () => {
  it.each(REVISIONS)(
    'of $id differ from it in one field each, and leave none out but its description',
    (revision) => {
      const mutants = mutantsOf(revision);
      for (const mutant of mutants) expect(differences(revision, mutant.revision)).toEqual([mutant.field]);
      const leaves = differences(revision, mapLeaves(revision));
      const described = ['id', 'title', 'review', 'evidence', 'scenarioKernel'];
      const absent = revision.real === null ? ['real'] : [];
      const fields = new Set(mutants.map(({ field }) => field));
      expect(leaves.filter((leaf) => !fields.has(leaf)).sort()).toEqual([...described, ...absent].sort());
    },
  );

  it('are seen by the checks, the revision itself is not', () => {
    const changed = { ...V3, attach: { ...V3.attach, noFittingTable: 14 } };
    expect([differsFromTables(V3, 'v3', 'real'), differsFromTables(changed, 'v3', 'real')]).toEqual([
      false,
      true,
    ]);
  });

  it.skipIf(!existsSync(VECTORS))(
    'are seen by the vectors too (skipped where ../shared/vectors is absent)',
    () => {
      const changed = { ...V3, attach: { ...V3.attach, noFittingTable: 14 } };
      expect([differsFromVectors(V3, VECTORS), differsFromVectors(changed, VECTORS)]).toEqual([false, true]);
    },
  );

  it('are counted as killed, as equivalent, or as wrong', () => {
    const { summary, wrong } = tryMutants(V3, NO_VECTORS, 'real.map.');
    expect([summary, wrong]).toEqual([
      'v3: 28 mutants, 28 killed (0 by vectors, 28 by steps, formulas and minimal vectors), 0 equivalent, 0 wrong',
      [],
    ]);
    expect(tryMutants(V3, NO_VECTORS, 'real.clearedEntry').summary).toMatch(/1 equivalent, 0 wrong/);
  });

  it('have a reason where nothing can tell them from it', () => {
    const reasons = mutantsOf(V3).map((mutant) => [mutant.field, equivalenceOf(mutant, V3)] as const);
    expect(reasons.find(([field]) => field === 'real.clearedEntry')?.[1]).toMatch(/no failure/);
    expect(reasons.find(([field]) => field === 'real.map.noSlot')?.[1]).toBeUndefined();
  });
});

/** The same shape with every leaf changed. */
function mapLeaves(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return Symbol('changed');
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapLeaves(inner)]));
}

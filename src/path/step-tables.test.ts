import { describe, expect, it } from 'vitest';
import { REVISIONS } from './revisions/revisions.js';
import { SPEC_KERNELS } from './spec-tables.test-helper.js';
import { stepFailures } from './step-table.test-helper.js';

/** Every mode of every revision; one that is another's to the letter is not tried twice. */
const MODES = REVISIONS.flatMap((revision) => [
  ...(revision.real === null ? [] : [[revision.id, 'real', revision.real] as const]),
  [revision.id, 'virtual', revision.virtual] as const,
]).filter(([, , policy], i, all) => all.findIndex(([, , other]) => other === policy) === i);

describe('every step of every hypercall, made to fail, gives what the tables of the specification say', () => {
  it('for every revision that they describe', () => {
    expect(REVISIONS.map(({ id }) => id).sort()).toEqual(Object.keys(SPEC_KERNELS).sort());
    for (const { id, real } of REVISIONS)
      expect([id, real === null]).toEqual([id, SPEC_KERNELS[id]?.real === null]);
  });

  it.each(MODES)('%s in %s mode', (id, _, policy) => {
    expect(stepFailures(policy, id)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { H_HARDWARE, H_TOO_HARD } from '../papr/hcall-return.js';
import { REVISIONS } from './revisions/revisions.js';
import { SPEC_KERNELS } from './spec-tables.test-helper.js';
import { LIOBN, NEW, OFFSET, StepRig, UA, UNREGISTERED } from './step-rig.test-helper.js';
import { stepFailures } from './step-table.test-helper.js';

/** Every mode of every revision. */
const MODES = REVISIONS.flatMap((revision) => [
  ...(revision.real === null ? [] : [[revision.id, 'real', revision.real] as const]),
  [revision.id, 'virtual', revision.virtual] as const,
]);
/** One that is another's to the letter is not tried twice. */
const DIFFERENT = MODES.filter(([, , policy], i) => MODES.findIndex(([, , other]) => other === policy) === i);

describe('every step of every hypercall, made to fail, gives what the tables of the specification say', () => {
  it('for every revision that they describe', () => {
    expect(REVISIONS.map(({ id }) => id).sort()).toEqual(Object.keys(SPEC_KERNELS).sort());
    for (const { id, real } of REVISIONS)
      expect([id, real === null]).toEqual([id, SPEC_KERNELS[id]?.real === null]);
  });

  it.each(DIFFERENT)('%s in %s mode', (id, _, policy) => {
    expect(stepFailures(policy, id)).toEqual([]);
  });
});

describe('T15: a clear of an entry whose region is gone', () => {
  it.each(MODES)('in %s, %s mode', (id, _, policy) => {
    const geometry = { name: '', viewShift: 12, tableShift: 12, backingShift: 12, size: 16, tables: 1 };
    const rig = new StepRig(policy, geometry);
    rig.premap(1, NEW + 3);
    const [table] = rig.tables;
    if (table !== undefined) table.userspaceView[1] = UA + UNREGISTERED;
    const code = rig.call({ name: 'put', liobn: LIOBN, ioba: (OFFSET + 1) << 12, word: 0, npages: 1 });
    const { view, tables } = rig.state();
    const outcome = [code, view.get(1) === NEW + 3, tables[0]?.hw.has(1)];
    const [HARD, CLEARED, RESTORED] = [H_TOO_HARD, false, true];
    if (id.startsWith('v3')) expect(outcome).toEqual([H_HARDWARE, true, CLEARED]);
    else if (id.startsWith('interim') || id.startsWith('v4.12'))
      expect(outcome).toEqual([HARD, true, RESTORED]);
    // Put back too, and then cleared by force because the clear failed.
    else expect(outcome).toEqual([HARD, true, CLEARED]);
  });
});

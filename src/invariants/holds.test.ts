import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REVISIONS } from '../path/revisions/revisions.js';
import { firstViolation, STEP_INVARIANTS, violationOf } from './invariants.js';
import { plans } from './plan.test-helper.js';
import { recordsOf, scenarioOf } from './plan-scenario.test-helper.js';
import { TWIN_INVARIANTS } from './twin-invariants.js';
import { VERDICTS } from './verdicts.js';

const SEED = 29;

function holdsIn(revision: string) {
  return ({ id }: { readonly id: string }) => VERDICTS.get(id)?.get(revision)?.outcome === 'holds';
}

describe('what is expected to hold', () => {
  it.each(REVISIONS.map((revision) => [revision.id, revision] as const))('holds in %s', (id, revision) => {
    const rules = STEP_INVARIANTS.filter(holdsIn(id));
    fc.assert(
      fc.property(plans(14), (plan) => {
        expect(firstViolation(rules, scenarioOf(recordsOf(plan, revision)), revision)).toBeNull();
      }),
      { seed: SEED, numRuns: 600 },
    );
  });

  it.each(REVISIONS.map((revision) => [revision.id, revision] as const))(
    'holds in two runs of %s',
    (id, revision) => {
      const rules = TWIN_INVARIANTS.filter(holdsIn(id));
      fc.assert(
        fc.property(plans(10), (plan) => {
          const scenario = scenarioOf(recordsOf(plan, revision));
          for (const rule of rules)
            expect([rule.id, violationOf(rule, scenario, revision)]).toEqual([rule.id, null]);
        }),
        { seed: SEED, numRuns: 100 },
      );
    },
  );
});

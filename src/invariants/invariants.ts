import type { Revision } from '../path/revisions/revision.js';
import { CODE_INVARIANTS } from './code-invariants.js';
import { COUNT_INVARIANTS } from './count-invariants.js';
import { ENTRY_INVARIANTS } from './entry-invariants.js';
import type { Invariant, InvariantScenario, StepInvariant } from './invariant.js';
import { LADDER_INVARIANTS } from './ladder-invariants.js';
import { observe } from './observer.js';
import { TWIN_INVARIANTS } from './twin-invariants.js';
import { WORK_INVARIANTS } from './work-invariants.js';

/** Every rule that is seen in one run of a scenario. */
export const STEP_INVARIANTS: readonly StepInvariant[] = [
  ...COUNT_INVARIANTS,
  ...ENTRY_INVARIANTS,
  ...CODE_INVARIANTS,
  ...WORK_INVARIANTS,
];

/** Every rule that a scenario can break, by rising number. */
export const INVARIANTS: readonly Invariant[] = [
  ...STEP_INVARIANTS,
  ...LADDER_INVARIANTS,
  ...TWIN_INVARIANTS,
].sort((a, b) => Number.parseInt(a.id.slice(1), 10) - Number.parseInt(b.id.slice(1), 10));

/** What a scenario breaks of a rule, in one sentence; null where it keeps it. */
export function violationOf(
  invariant: Invariant,
  scenario: InvariantScenario,
  revision: Revision,
): string | null {
  if ('compare' in invariant) return invariant.compare(scenario, revision);
  return firstViolation([invariant], scenario, revision)?.violation ?? null;
}

/** A rule that a scenario broke. */
export interface Broken {
  readonly id: string;
  readonly violation: string;
}

/** Which of several rules a scenario breaks first; null where it keeps all. */
export function firstViolation(
  invariants: readonly StepInvariant[],
  { config, operations }: InvariantScenario,
  revision: Revision,
): Broken | null {
  let first: Broken | null = null;
  observe(config, operations, revision, (step) => {
    for (const { id, check, seesCrashes = false } of invariants) {
      if ('hostFault' in step.result && !seesCrashes) continue;
      const broken = check(step);
      if (broken === null) continue;
      first = { id, violation: broken };
      return true;
    }
    return false;
  });
  return first;
}

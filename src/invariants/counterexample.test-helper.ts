import fc from 'fast-check';
import type { Revision } from '../path/revisions/revision.js';
import type { Invariant } from './invariant.js';
import { violationOf } from './invariants.js';
import { plans, type StepWeights } from './plan.test-helper.js';
import { recordsOf, type ScenarioRecord, scenarioOf } from './plan-scenario.test-helper.js';

/** A scenario that breaks a rule, as short as it could be made. */
export interface Counterexample {
  /** The lines, the config first, without what is expected of them. */
  readonly records: readonly ScenarioRecord[];
  /** What it breaks, in one sentence. */
  readonly violation: string;
}

/** How far to look for a counterexample. */
export interface Search {
  readonly seed: number;
  readonly runs: number;
  readonly kinds: StepWeights;
}

/** Looks for a scenario that breaks the rule, shrinks it, and leaves out every line that it does not need. */
export function findCounterexample(
  invariant: Invariant,
  revision: Revision,
  { seed, runs, kinds }: Search,
): Counterexample | null {
  const runsOwnMachine = 'compare' in invariant && invariant.runsOwnMachine === true;
  const breaks = (records: readonly ScenarioRecord[]) =>
    violationOfRecords(invariant, records, revision) !== null;
  const found = fc.check(
    fc.property(plans(8, kinds, runsOwnMachine), (plan) => !breaks(recordsOf(plan, revision))),
    { seed, numRuns: runs },
  );
  const [plan] = found.counterexample ?? [];
  if (plan === undefined) return null;
  const whole = recordsOf(plan, revision);
  const mayGo = ({ op }: ScenarioRecord) => !runsOwnMachine || op === 'hcall' || op === 'writeGuest';
  const records = withoutNeedless(whole, mayGo, breaks);
  return { records, violation: violationOfRecords(invariant, records, revision) ?? '' };
}

/** What lines break of a rule; null where they keep it, or are no scenario at all. */
export function violationOfRecords(
  invariant: Invariant,
  records: readonly ScenarioRecord[],
  revision: Revision,
): string | null {
  try {
    return violationOf(invariant, scenarioOf(records), revision);
  } catch (error) {
    if (error instanceof Error && error.name === 'TcebenchError') return null;
    throw error;
  }
}

/** Leaves out one line after the other, the config apart, as long as the rest is still broken. */
function withoutNeedless(
  records: readonly ScenarioRecord[],
  mayGo: (record: ScenarioRecord) => boolean,
  breaks: (records: readonly ScenarioRecord[]) => boolean,
): readonly ScenarioRecord[] {
  let kept = records;
  for (let last = -1; last !== kept.length; ) {
    last = kept.length;
    for (let i = kept.length - 1; i > 0; i--) {
      const shorter = kept.filter((record, line) => line !== i || !mayGo(record));
      if (shorter.length < kept.length && breaks(shorter)) kept = shorter;
    }
  }
  return kept;
}

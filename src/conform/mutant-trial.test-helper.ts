import type { Revision } from '../path/revisions/revision.js';
import { equivalenceOf } from './equivalent-mutants.test-helper.js';
import { differsFromTables, differsFromVectors } from './mutant-checks.test-helper.js';
import { type Mutant, mutantsOf } from './policy-mutants.test-helper.js';

/** What came of the mutants of one revision. */
export interface MutantTrial {
  readonly summary: string;
  /** Mutants that no check sees and no reason explains, and those that one sees in spite of a reason. */
  readonly wrong: readonly string[];
}

/**
 * Tries the mutants of a revision whose field begins so against all vectors, tables, formulas and minimal vectors;
 * `vectors` may be absent.
 */
export function tryMutants(revision: Revision, vectors: URL, fields = ''): MutantTrial {
  const wrong: string[] = [];
  const killed = { vectors: 0, tables: 0, either: 0 };
  let equivalent = 0;
  const mutants = mutantsOf(revision).filter(({ field }) => field.startsWith(fields));
  for (const mutant of mutants) {
    const byVectors = differsFromVectors(mutant.revision, vectors);
    const byTables = differsFromTables(mutant.revision, revision.id, modeOf(mutant));
    if (byVectors) killed.vectors++;
    if (byTables) killed.tables++;
    if (byVectors || byTables) killed.either++;
    const reason = equivalenceOf(mutant, revision);
    if (reason !== undefined) equivalent++;
    if ((byVectors || byTables) === (reason === undefined)) continue;
    const { field, was, becomes } = mutant;
    wrong.push(
      `${field}: ${was} -> ${becomes} ${reason === undefined ? 'survives' : `does not survive: ${reason}`}`,
    );
  }
  const { length } = mutants;
  const killers = `${killed.vectors} by vectors, ${killed.tables} by steps, formulas and minimal vectors`;
  const summary = [
    `${revision.id}: ${length} mutants`,
    `${killed.either} killed (${killers})`,
    `${equivalent} equivalent`,
    `${wrong.length} wrong`,
  ].join(', ');
  return { summary, wrong };
}

function modeOf({ field }: Mutant): 'real' | 'virtual' | null {
  if (field.startsWith('real.')) return 'real';
  return field.startsWith('virtual.') ? 'virtual' : null;
}

import type { Revision } from '../path/revisions/revision.js';
import type { ExploredRace, RaceRow, RacesDocument } from '../result/races-document.js';
import type { Race } from './race.js';
import { type RaceLimits, runRace } from './race-run.js';

/** Explores races in revisions; the document is a function of its arguments alone. */
export function exploreRaces(
  races: readonly Race[],
  revisions: readonly Revision[],
  limits: RaceLimits,
): RacesDocument {
  const explored = races.map((race) => exploreRace(race, revisions, limits));
  const rows = explored.flatMap((race) => race.rows);
  return {
    schema: 'tcebench.races/1',
    maxStates: limits.maxStates,
    races: explored,
    differences: rows.filter(differs).length,
    undecided: rows.filter(({ verdict }) => verdict === 'undecided').length,
  };
}

/** Whether what was found is not what was expected by reading. */
function differs({ verdict, expected }: RaceRow): boolean {
  return verdict !== 'undecided' && expected !== null && verdict !== expected;
}

function exploreRace(race: Race, revisions: readonly Revision[], limits: RaceLimits): ExploredRace {
  const { id, title, statement, actors, checks } = race;
  return {
    id,
    title,
    statement,
    actors: actors.map(({ name, does }) => ({ name, does })),
    checks: checks.map((check) => ({ id: check.id, title: check.title })),
    rows: revisions.flatMap((revision) => rowsOf(race, revision, limits)),
  };
}

function rowsOf(race: Race, revision: Revision, limits: RaceLimits): RaceRow[] {
  return runRace(race, revision, limits).map(({ check, isExhaustive, schedule, ...report }) => ({
    revision: revision.id,
    check: check.id,
    ...report,
    exhaustive: isExhaustive,
    schedule,
    replay: schedule === null ? null : replayCommand(race, revision, schedule),
  }));
}

function replayCommand({ id }: Race, revision: Revision, schedule: readonly number[]): string {
  return `tcebench races ${id} --revision ${revision.id} --schedule ${schedule.join(',')}`;
}

import type { Revision } from '../path/revisions/revision.js';
import type { RaceVerdict } from '../result/races-document.js';
import { Execution } from './execution.js';
import { explore } from './explorer.js';
import { type Race, type RaceCheck, type RaceEnd, readingOf } from './race.js';
import { buildRace, endKey, endOf, type RaceSystem } from './race-system.js';
import { type Granularity, Stepper } from './stepper.js';

/** How far a race is explored. */
export interface RaceLimits {
  /** States that each search may meet. */
  readonly maxStates: number;
  /** Whether a state met again is not gone through again; only tests say no. */
  readonly prunes?: boolean;
}

/** What became of one check of a race in one revision. */
export interface CheckReport {
  readonly check: RaceCheck;
  readonly verdict: RaceVerdict;
  /** By reading; null where nobody has read the revision for it. */
  readonly expected: RaceVerdict | null;
  readonly because: string;
  readonly states: number;
  readonly schedules: number;
  /** How many of the schedules show it. */
  readonly found: number;
  /** Step by step, the shortest schedule that shows it; null where none does. */
  readonly schedule: readonly number[] | null;
  readonly isExhaustive: boolean;
}

/** Explores a race in one revision and says for each of its checks whether it shows. */
export function runRace(race: Race, revision: Revision, limits: RaceLimits): CheckReport[] {
  const reason = race.unsuitable(revision);
  if (reason !== null) return race.checks.map((check) => unsuitableReport(check, revision, reason));
  const granularities = [...new Set(race.checks.map(({ granularity }) => granularity))];
  return granularities.flatMap((granularity) => {
    const checks = race.checks.filter((check) => check.granularity === granularity);
    return exploreChecks(race, checks, revision, granularity, limits);
  });
}

/** The ends that are no surprise to the checks of a race. */
export interface ExplainedEnds {
  /** For each check, whether an end of that key is one of them. */
  isExplained(key: string): readonly boolean[];
  /** False where the budget ended the search for them. */
  readonly isExhaustive: boolean;
}

/** Finds the ends that are no surprise, for each check by what it says. */
export function explainEnds(
  race: Race,
  checks: readonly RaceCheck[],
  revision: Revision,
  { maxStates }: RaceLimits,
): ExplainedEnds {
  const known = checks.map(({ explainedBy: { granularity, setUp } }) => {
    const ends = new Set<string>();
    const { isExhaustive } = explore({
      build: () => buildRace(race, revision, new Stepper(granularity), setUp),
      checks: 0,
      judge: (execution: Execution<RaceSystem>) => {
        ends.add(endKey(execution));
        return [];
      },
      maxStates,
      prunes: true,
    });
    return { ends, isExhaustive };
  });
  return {
    isExplained: (key) => known.map(({ ends }) => ends.has(key)),
    isExhaustive: known.every(({ isExhaustive }) => isExhaustive),
  };
}

/** Which checks hold at an end. */
export function judgeEnd(
  checks: readonly RaceCheck[],
  end: RaceEnd,
  isExplained: readonly boolean[],
): boolean[] {
  return checks.map((check, i) => check.holds(end, isExplained[i] === true));
}

function exploreChecks(
  race: Race,
  checks: readonly RaceCheck[],
  revision: Revision,
  granularity: Granularity,
  limits: RaceLimits,
): CheckReport[] {
  const explained = explainEnds(race, checks, revision, limits);
  const build = () => buildRace(race, revision, new Stepper(granularity));
  const exploration = explore({
    build,
    checks: checks.length,
    judge: (execution: Execution<RaceSystem>) => {
      const isExplained = explained.isExplained(endKey(execution));
      return judgeEnd(checks, endOf(execution, race.epilogue), isExplained);
    },
    maxStates: limits.maxStates,
    prunes: limits.prunes ?? true,
  });
  const { states, schedules, checks: checked } = exploration;
  const isExhaustive = exploration.isExhaustive && explained.isExhaustive;
  return checks.map((check, i) => {
    const { schedules: found, shortest } = checked[i] ?? { schedules: 0, shortest: null };
    const reading = readingOf(check, revision.id);
    // With some of the ends unknown that are no surprise, nothing is a surprise.
    const isFound = shortest !== null && explained.isExhaustive;
    return {
      check,
      verdict: isFound ? 'found' : isExhaustive ? 'not found' : 'undecided',
      expected: reading?.verdict ?? null,
      because: reading?.because ?? '',
      states,
      schedules,
      found: isFound ? found : 0,
      schedule: isFound ? stepsOf(shortest, build) : null,
      isExhaustive,
    };
  });
}

/** A schedule of turns, each of as many steps as it has, as one of steps. */
function stepsOf(turns: readonly number[], build: () => RaceSystem): number[] {
  const execution = new Execution(build());
  return turns.flatMap((actor) => {
    const before = execution.logs[actor]?.begun ?? 0;
    execution.advance(actor, 1);
    const after = execution.logs[actor]?.begun ?? 0;
    return Array.from({ length: after - before }, () => actor);
  });
}

function unsuitableReport(check: RaceCheck, { id }: Revision, reason: string): CheckReport {
  return {
    check,
    verdict: 'not applicable',
    expected: readingOf(check, id)?.verdict ?? null,
    because: reason,
    states: 0,
    schedules: 0,
    found: 0,
    schedule: null,
    isExhaustive: true,
  };
}

import { describe, expect, it } from 'vitest';
import type { Revision } from '../path/revisions/revision.js';
import { REVISIONS } from '../path/revisions/revisions.js';
import { V4_12, V4_12_REAL } from '../path/revisions/v4-12.js';
import { vcpuPuts, vcpuPutsList } from './catalogue/actors.js';
import { R1 } from './catalogue/r1-double-fetch.js';
import { R2 } from './catalogue/r2-same-entry.js';
import { R3 } from './catalogue/r3-unregister.js';
import { EVERY } from './catalogue/reading.js';
import type { Execution } from './execution.js';
import { exploreRaces } from './explore-races.js';
import { explore } from './explorer.js';
import { regionOf } from './guest-memory.js';
import { type Race, readingOf } from './race.js';
import { runRace } from './race-run.js';
import { type MachineState, stateOf } from './race-state.js';
import { buildRace, type RaceSystem } from './race-system.js';
import { RACES } from './races.js';
import { Stepper } from './stepper.js';

const LIMITS = { maxStates: 200_000 };
const EACH_RACE = RACES.map((race) => [race.id, race] as const);
const EACH_REVISION = REVISIONS.map((revision) => [revision.id, revision] as const);

function verdicts(race: Race, revision: Revision): Record<string, string> {
  return Object.fromEntries(runRace(race, revision, LIMITS).map(({ check, verdict }) => [check.id, verdict]));
}

/** Judges every end of a race in a revision, at each step or with whole calls only. */
function eachEnd(
  race: Race,
  revision: Revision,
  granularity: 'step' | 'call',
  judge: (end: Execution<RaceSystem>) => void,
): number {
  let ends = 0;
  const { isExhaustive } = explore({
    build: () => buildRace(race, revision, new Stepper(granularity)),
    checks: 0,
    judge: (end) => {
      ends++;
      judge(end);
      return [];
    },
    ...LIMITS,
    prunes: true,
  });
  expect(isExhaustive).toBe(true);
  return ends;
}

/** I1: each region is mapped once more than there are valid entries whose userspace view names it. */
function keepsCounts({ entries, regions }: MachineState): boolean {
  return regions.every(({ mapped }, region) => {
    const named = entries.filter(
      ({ isValid, userspaceView }) => isValid && regionOf(userspaceView) === region,
    );
    return mapped === 1 + named.length;
  });
}

describe('the readings', () => {
  it('state one verdict for each check and each revision there is', () => {
    const ids = REVISIONS.map(({ id }) => id).sort();
    expect([...EVERY].sort()).toEqual(ids);
    for (const { checks } of RACES) {
      for (const check of checks) {
        expect(check.reading.flatMap(({ revisions }) => revisions).sort()).toEqual(ids);
      }
    }
  });
});

describe.each(EACH_RACE)('%s', (_, race) => {
  it.each(EACH_REVISION)('shows in %s what was expected by reading', (id, revision) => {
    const expected = race.checks.map((check) => [check.id, readingOf(check, id)?.verdict]);
    expect(verdicts(race, revision)).toEqual(Object.fromEntries(expected));
  });
});

describe('the checks can say the other thing', () => {
  it('R1 stops the host in a 4.12 that checks its list in a pass of its own', () => {
    const validating: Revision = { ...V4_12, real: { ...V4_12_REAL, checksListFirst: true } };
    expect(verdicts(R1, V4_12)).toMatchObject({ hostFault: 'not found' });
    expect(verdicts(R1, validating)).toMatchObject({ hostFault: 'found' });
  });

  it('R2 leaves nothing stray where both pages are in one region', () => {
    const oneRegion: Race = { ...R2, actors: [vcpuPuts(0, 0, 'A'), vcpuPuts(1, 0, 'X')] };
    expect(verdicts(oneRegion, V4_12)).toEqual({ stray: 'not found', unserial: 'found' });
  });

  it('R2 leaves nothing at all on two entries', () => {
    const twoEntries: Race = { ...R2, actors: [vcpuPuts(0, 0, 'A'), vcpuPuts(1, 1, 'B')] };
    expect(verdicts(twoEntries, V4_12)).toEqual({ stray: 'not found', unserial: 'not found' });
  });

  it('R3 finds both winning where a dying region can still be counted', () => {
    const mutant: Race = {
      ...R3,
      setUp: ({ regions }) => {
        for (const region of regions) {
          const inc = region.mappedInc;
          region.mappedInc = () => {
            inc();
            return true;
          };
        }
      },
    };
    expect(verdicts(mutant, V4_12)).toMatchObject({ both: 'found' });
  });

  it('R3 finds none winning where the map fails for another reason', () => {
    // A list at a page that holds nothing clears the entry, and counts its region all the same (I2).
    const mutant: Race = { ...R3, actors: [vcpuPutsList(0, 0, 1), ...R3.actors.slice(1)] };
    const setUp: Race['setUp'] = (machine) => machine.storeList(0, 0x3000);
    expect(verdicts({ ...mutant, setUp }, V4_12)).toMatchObject({ none: 'found' });
  });

  it('a verdict that is not the expected one is counted as a difference', () => {
    const misread: Race = {
      ...R3,
      checks: R3.checks.map((check) => ({
        ...check,
        reading: [{ revisions: [V4_12.id], verdict: 'found', because: 'misread' }],
      })),
    };
    expect(exploreRaces([R3, misread], [V4_12], LIMITS)).toMatchObject({ differences: 2, undecided: 0 });
  });

  it('a search that its budget ends decides nothing but what it found', () => {
    const { races, differences, undecided } = exploreRaces([R3], [V4_12], { maxStates: 10 });
    expect(races[0]?.rows.map(({ verdict, exhaustive }) => [verdict, exhaustive])).toEqual([
      ['undecided', false],
      ['undecided', false],
    ]);
    expect([differences, undecided]).toEqual([0, 2]);
  });
});

describe('the invariants', () => {
  it.each(EACH_REVISION)('I1 holds in %s while calls are not interleaved', (_, revision) => {
    for (const race of [R2, R3]) {
      const wrong: MachineState[] = [];
      eachEnd(race, revision, 'call', ({ system }) => {
        const state = stateOf(system.machine);
        if (state.regions.every(({ isListed }) => isListed) && !keepsCounts(state)) wrong.push(state);
      });
      expect(wrong).toEqual([]);
    }
  });

  // X, A and B are stored, one of them stays: two valid entries come back, and each of them is to be uncounted.
  it.each(EACH_REVISION)('I23 and I24 hold in %s at every end of R2', (_, revision) => {
    const ends = eachEnd(R2, revision, 'step', ({ logs }) => {
      const steps = logs.flatMap((log) => log.steps);
      expect(steps.filter(({ kind, result }) => kind === 'exchange' && result !== 0)).toHaveLength(2);
      expect(steps.filter(({ kind }) => kind === 'userspace view load')).toHaveLength(2);
    });
    expect(ends).toBeGreaterThan(2);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assert } from '../errors.js';
import type { Revision } from '../path/revisions/revision.js';
import { REVISIONS } from '../path/revisions/revisions.js';
import { V3 } from '../path/revisions/v3.js';
import { R1 } from './catalogue/r1-double-fetch.js';
import { R2 } from './catalogue/r2-same-entry.js';
import { R3 } from './catalogue/r3-unregister.js';
import { R6 } from './catalogue/r6-dying-table.js';
import { Execution } from './execution.js';
import { explore } from './explorer.js';
import type { Race } from './race.js';
import { wordOf } from './race-machine.js';
import { runRace } from './race-run.js';
import { stateKey } from './race-state.js';
import { buildRace, endKey, type RaceSystem } from './race-system.js';
import { RACES } from './races.js';
import { replaySchedule } from './replay-schedule.js';
import { Stepper } from './stepper.js';

const LIMITS = { maxStates: 200_000 };
const CASES = RACES.flatMap((race) =>
  REVISIONS.filter((revision) => race.unsuitable(revision) === null).map(
    (revision) => [race.id, revision.id, race, revision] as const,
  ),
);

/** A race at its start; fails where shared state changes outside of a step. */
function watched(race: Race, revision: Revision): RaceSystem {
  const stepper = new Stepper('step');
  const system = buildRace(race, revision, stepper);
  let known = system.state();
  stepper.audit = (when) => {
    if (when === 'before') assert(system.state() === known, 'shared state changed outside of a step');
    else known = system.state();
  };
  return system;
}

/** All steps of the actors one after the other, from this one on; each in turns of its own. */
function oneAfterTheOther(execution: Execution<RaceSystem>, order: readonly number[]): string {
  for (const actor of order) while (execution.enabled.includes(actor)) execution.advance(actor, 1);
  return endKey(execution);
}

describe.each(CASES)('%s in %s', (_, __, race, revision) => {
  it('changes shared state in its steps only, in every order of whole actors', () => {
    for (const first of race.actors.keys()) {
      const order = [first, ...race.actors.keys()];
      const execution = new Execution(watched(race, revision));
      oneAfterTheOther(execution, order);
      expect(execution.enabled).toEqual([]);
    }
  });

  it('ends step by step as it does without any stepping', () => {
    for (const first of race.actors.keys()) {
      const order = [first, ...[...race.actors.keys()].filter((actor) => actor !== first)];
      const stepped = oneAfterTheOther(new Execution(buildRace(race, revision, new Stepper('step'))), order);
      const plain = buildRace(race, revision, new Stepper('step'));
      const results = race.actors.map(() => '');
      for (const actor of order) results[actor] = plain.actors[actor]?.() ?? '';
      expect(stepped).toBe(`${results.join(' ')}|${stateKey(plain.machine)}`);
    }
  });
});

/** Follows a schedule, in turns of one step or of as many as the same actor has in a row. */
function followed(system: RaceSystem, schedule: readonly number[], inRuns: boolean): string {
  const execution = new Execution(system);
  for (let from = 0, to = 1; from < schedule.length; from = to, to++) {
    const actor = schedule[from] as number;
    while (inRuns && schedule[to] === actor) to++;
    execution.advance(actor, to - from);
  }
  expect(execution.enabled).toEqual([]);
  return endKey(execution);
}

/** The schedule that takes these actors, as far as they can go on, and the first ones after them. */
function chosen(race: Race, revision: Revision, choices: readonly number[]): number[] {
  const execution = new Execution(buildRace(race, revision, new Stepper('step')));
  const schedule: number[] = [];
  for (let { enabled } = execution; enabled.length > 0; enabled = execution.enabled) {
    const actor = enabled[(choices[schedule.length] ?? 0) % enabled.length] as number;
    execution.advance(actor, 1);
    schedule.push(actor);
  }
  return schedule;
}

it('a change outside of a step is seen', () => {
  const meddling: Race = {
    ...R3,
    actors: R3.actors.map((actor) => ({
      ...actor,
      calls: [
        (machine) => {
          machine.put(1, wordOf('A'));
          machine.table.entries.words[6] = 1;
          return String(machine.put(2, wordOf('A')));
        },
      ],
    })),
  };
  const execution = new Execution(watched(meddling, V3));
  expect(() => oneAfterTheOther(execution, [0])).toThrow('shared state changed outside of a step');
});

describe.each(CASES)('a schedule of %s in %s', (_, __, race, revision) => {
  it('ends in the same state, whether its steps are done one by one or in runs', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2), { minLength: 20, maxLength: 60 }), (choices) => {
        const schedule = chosen(race, revision, choices);
        const single = followed(watched(race, revision), schedule, false);
        expect(followed(watched(race, revision), schedule, true)).toBe(single);
      }),
      { numRuns: 20, seed: 1 },
    );
  });

  it('that is reported shows what it was reported for when it is replayed', () => {
    for (const { check, schedule } of runRace(race, revision, LIMITS)) {
      if (schedule === null) continue;
      const document = replaySchedule(race, revision, schedule, LIMITS);
      expect(document.checks.find(({ id }) => id === check.id)?.holds).toBe(true);
      expect(document.steps).toHaveLength(schedule.length);
    }
  });
});

describe('a way back to an earlier state', () => {
  it.each(REVISIONS.map((revision) => [revision.id, revision] as const))(
    'changes nothing that is found in %s: the same as building the machine again',
    (_, revision) => {
      for (const race of [R1, R3, R6]) {
        const [back, again] = [true, false].map((hasWayBack) => {
          const ends = new Set<string>();
          const build = () => {
            const system = buildRace(race, revision, new Stepper('step'));
            return hasWayBack ? system : { ...system, checkpoint: () => () => false };
          };
          const judge = (end: Execution<RaceSystem>) => [ends.add(endKey(end)).size > 0];
          return { ...explore({ build, judge, checks: 1, prunes: true, ...LIMITS }), ends };
        });
        expect(back).toEqual(again);
      }
    },
  );
});

describe('pruning', () => {
  it('changes neither verdicts nor numbers of schedules of R2 in v3, with an entry that is clear at first', () => {
    const [pruned, whole] = [true, false].map((prunes) =>
      runRace({ ...R2, setUp: () => {} }, V3, { maxStates: 2e6, prunes }).map(
        ({ states: _states, ...report }) => report,
      ),
    );
    expect(pruned).toEqual(whole);
  });

  it.each(REVISIONS.map((revision) => [revision.id, revision] as const))(
    'changes neither verdicts nor numbers of schedules of R1, R3 and R6 in %s',
    (_, revision) => {
      for (const race of [R1, R3, R6]) {
        const [pruned, whole] = [true, false].map((prunes) =>
          runRace(race, revision, { ...LIMITS, prunes }).map(({ states: _states, ...report }) => report),
        );
        expect(pruned).toEqual(whole);
      }
    },
  );
});

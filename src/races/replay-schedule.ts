import { inputError } from '../errors.js';
import { formatWord } from '../papr/tce.js';
import type { Revision } from '../path/revisions/revision.js';
import type { RaceEntry, RaceReplayDocument, RaceStep } from '../result/races-document.js';
import { Execution } from './execution.js';
import { entryText, pageRows, tceText, uaText } from './guest-memory.js';
import type { Race } from './race.js';
import { explainEnds, judgeEnd, type RaceLimits } from './race-run.js';
import type { EntryState } from './race-state.js';
import { buildRace, endKey, endOf, type RaceSystem } from './race-system.js';
import { Stepper, type TracedStep } from './stepper.js';

/** Runs one schedule, an actor's number for each step; an input error where the race has no such schedule. */
export function replaySchedule(
  race: Race,
  revision: Revision,
  schedule: readonly number[],
  limits: RaceLimits,
): RaceReplayDocument {
  const reason = race.unsuitable(revision);
  if (reason !== null) throw inputError(`${race.id} has no schedule in revision ${revision.id}: ${reason}`);
  const trace: TracedStep[] = [];
  const execution = new Execution(buildRace(race, revision, new Stepper('step', trace)));
  follow(execution, race, schedule);
  const key = endKey(execution);
  const end = endOf(execution, race.epilogue);
  const { isExplained } = explainEnds(race, race.checks, revision, limits);
  const holds = judgeEnd(race.checks, end, isExplained(key));
  const { epilogue, stateAfterwards: state } = end;
  return {
    schema: 'tcebench.race/1',
    race: race.id,
    title: race.title,
    revision: revision.id,
    schedule,
    actors: race.actors.map(({ name, does }, i) => ({ name, does, result: end.results[i] ?? '' })),
    pages: pageRows(),
    steps: trace.map((step, i) => stepOf(race, step, i)),
    entries: state.entries.flatMap((entry, i) => (isEmpty(entry) ? [] : [entryOf(entry, i)])),
    regions: state.regions.map(({ mapped, isListed }, region) => ({ region, mapped, registered: isListed })),
    table: {
      references: state.table.references,
      attached: state.table.isAttached,
      freed: state.table.isFreed,
    },
    epilogue: race.epilogue.map(({ name, does }, i) => ({ name, does, result: epilogue[i] ?? '' })),
    checks: race.checks.map(({ id, title }, i) => ({ id, title, holds: holds[i] === true })),
  };
}

function follow(execution: Execution<RaceSystem>, race: Race, schedule: readonly number[]): void {
  const name = (actor: number) => `${actor} (${race.actors[actor]?.name})`;
  for (const [i, actor] of schedule.entries()) {
    if (race.actors[actor] === undefined) {
      throw inputError(
        `--schedule names actor ${actor} in step ${i + 1}, and ${race.id} has none of that number`,
        `its actors are ${race.actors.map((_, number) => name(number)).join(', ')}`,
      );
    }
    const { enabled } = execution;
    if (enabled.length === 0) {
      throw inputError(`--schedule goes on after step ${i}, where the race has ended`, 'leave the rest out');
    }
    if (!enabled.includes(actor)) {
      throw inputError(
        `--schedule lets actor ${name(actor)} do step ${i + 1}, which has ended by then`,
        `only ${enabled.map(name).join(', ')} can go on`,
      );
    }
    execution.advance(actor, 1);
  }
  const { enabled } = execution;
  if (enabled.length > 0) {
    throw inputError(
      `--schedule ends after ${schedule.length} steps, before actor ${enabled.map(name).join(' and actor ')} has ended`,
      'add the steps that are missing',
    );
  }
}

function stepOf(race: Race, { actor, rung, text }: TracedStep, index: number): RaceStep {
  return { step: index + 1, actor: race.actors[actor]?.name ?? '', rung, text };
}

function isEmpty({ hardwareHi, hardwareLo, userspaceView, guestHi, guestLo }: EntryState): boolean {
  return (hardwareHi | hardwareLo | guestHi | guestLo) === 0 && userspaceView === 0;
}

function entryOf(
  { hardwareHi, hardwareLo, userspaceView, guestHi, guestLo }: EntryState,
  entry: number,
): RaceEntry {
  return {
    entry,
    hardware: entryText(hardwareHi, hardwareLo),
    userspaceView: userspaceView === 0 ? formatWord(0, 0) : uaText(userspaceView),
    guestView: tceText(guestHi, guestLo),
  };
}

import { HostFault } from '../host/host-fault.js';
import type { Revision } from '../path/revisions/revision.js';
import { CRASH, type Execution, type System } from './execution.js';
import type { Actor, Race, RaceEnd } from './race.js';
import { RaceMachine } from './race-machine.js';
import { checkpoint, stateKey, stateOf } from './race-state.js';
import type { Stepper } from './stepper.js';

/** What an actor has that was stopped by the crash of another. */
const NOT_ENDED = 'not ended';

/** The machine of a race with its actors, at the start. */
export interface RaceSystem extends System {
  readonly machine: RaceMachine;
}

/** Builds the machine of a race and sets it up. */
export function buildRace(
  race: Race,
  revision: Revision,
  stepper: Stepper,
  setUp?: (machine: RaceMachine) => void,
): RaceSystem {
  const machine = new RaceMachine(revision, stepper);
  if (setUp === undefined) race.setUp(machine);
  else setUp(machine);
  return {
    machine,
    stepper,
    actors: race.actors.map((actor) => () => runCalls(actor, machine)),
    state: () => stateKey(machine),
    checkpoint: () => checkpoint(machine),
  };
}

/** The end of a schedule as one text: equal where actors got the same and left the same. */
export function endKey({ system, results }: Execution<RaceSystem>): string {
  return `${results.join(' ')}|${system.state()}`;
}

/** What a schedule ended in; runs the epilogue on its machine. */
export function endOf(execution: Execution<RaceSystem>, epilogue: readonly Actor[]): RaceEnd {
  const { machine } = execution.system;
  const results = execution.results.map((result) => result ?? NOT_ENDED);
  const state = stateOf(machine);
  if (epilogue.length === 0 || results.includes(CRASH)) {
    return { results, state, stateAfterwards: state, epilogue: [], logs: execution.logs };
  }
  const afterwards = epilogue.map((actor) => runCalls(actor, machine));
  return { results, state, stateAfterwards: stateOf(machine), epilogue: afterwards, logs: execution.logs };
}

function runCalls({ calls }: Actor, machine: RaceMachine): string {
  const results: string[] = [];
  for (const call of calls) {
    machine.stepper.beginCall();
    const result = crashing(call, machine);
    if (result === CRASH) return CRASH;
    if (result !== '') results.push(result);
  }
  return results.join(', ');
}

/** The ladder turns a crash into a code; an ioctl has nobody who does. */
function crashing(call: (machine: RaceMachine) => string, machine: RaceMachine): string {
  try {
    return call(machine);
  } catch (error) {
    if (error instanceof HostFault) return CRASH;
    throw error;
  }
}

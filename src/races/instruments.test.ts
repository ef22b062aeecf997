import { describe, expect, it } from 'vitest';
import type { Revision } from '../path/revisions/revision.js';
import { V3 } from '../path/revisions/v3.js';
import { V4_12 } from '../path/revisions/v4-12.js';
import { V4_20 } from '../path/revisions/v4-20.js';
import { removesWindow, setsTable, vcpuClears, vcpuPuts, vcpuPutsList } from './catalogue/actors.js';
import { R2 } from './catalogue/r2-same-entry.js';
import { Execution } from './execution.js';
import type { Actor, Race } from './race.js';
import { type RaceMachine, wordOf } from './race-machine.js';
import { buildRace, type RaceSystem } from './race-system.js';
import { type StepKind, Stepper } from './stepper.js';

const MAP: readonly StepKind[] = ['lookup', 'mapped_inc', 'exchange'];
const MAPPED_DEC: readonly StepKind[] = [
  'userspace view load',
  'lookup',
  'mapped_dec',
  'userspace view store',
];

/** The steps of one actor alone; entry 0 maps X before, the list is A, X. */
function stepsOf(actor: Actor, revision: Revision, setUp: (machine: RaceMachine) => void = () => {}) {
  const race: Race = { ...R2, actors: [actor] };
  const system = buildRace(race, revision, new Stepper('step'), (machine) => {
    machine.mapBefore(0, 'X');
    machine.storeList(0, wordOf('A'));
    machine.storeList(1, wordOf('X'));
    setUp(machine);
  });
  const execution = new Execution(system);
  while (execution.enabled.length > 0) execution.advance(0, 1);
  return execution.logs[0]?.steps.map(({ kind }) => kind);
}

/** v4.12 with entry 0 mapped to X, but without the user address to uncount it by: a clear of it fails. */
function withoutAddress(actors: readonly Actor[]): RaceSystem {
  return buildRace({ ...R2, actors }, V4_12, new Stepper('step'), (machine) => {
    machine.mapBefore(0, 'X');
    machine.table.userspaceView[0] = 0;
  });
}

function wordsOf({ system }: Execution<RaceSystem>): number[] {
  return [...system.machine.table.entries.words];
}

describe('the steps that can be interleaved', () => {
  it('of a map are those of section 2.1: count the new, exchange, uncount the old, store the user address', () => {
    const expected = [...MAP, ...MAPPED_DEC, 'userspace view store', 'guest view store'];
    expect(stepsOf(vcpuPuts(0, 0, 'A'), V3)).toEqual(expected);
    expect(stepsOf(vcpuPuts(0, 0, 'A'), V4_12)).toEqual(expected);
  });

  it('of a map of an empty entry have nothing to uncount', () => {
    expect(stepsOf(vcpuPuts(0, 1, 'A'), V3)).toEqual([...MAP, 'userspace view store', 'guest view store']);
  });

  it('of 4.20 begin with a search of the region by the validation', () => {
    expect(stepsOf(vcpuPuts(0, 1, 'A'), V4_20)).toEqual([
      'lookup',
      ...MAP,
      'userspace view store',
      'guest view store',
    ]);
  });

  it('of an unmap are those of section 2.3, with the second exchange where the revision has it', () => {
    const loseRegion = ({ table }: RaceMachine) => {
      table.userspaceView[0] = 0;
    };
    expect(stepsOf(vcpuClears(0, 0), V3)).toEqual(['exchange', ...MAPPED_DEC, 'guest view store']);
    expect(stepsOf(vcpuClears(0, 0), V3, loseRegion)).toEqual(['exchange', 'userspace view load', 'lookup']);
    expect(stepsOf(vcpuClears(0, 0), V4_12, loseRegion)?.slice(0, 4)).toEqual([
      ...['exchange', 'userspace view load', 'lookup', 'exchange'],
    ]);
  });

  it('of an unmap put the same entry back that they took, although the handler runs again for each', () => {
    const before = wordsOf(new Execution(withoutAddress(R2.actors)));
    const clearing = new Execution(withoutAddress([vcpuClears(0, 0)]));
    for (let step = 0; step < 4; step++) clearing.advance(0, 1);
    expect(wordsOf(clearing)).toEqual(before);
    expect(before[0]).not.toBe(0);
  });

  it('of an attachment are those of section 4.2: find the table of the group, take a reference, attach', () => {
    const detached = (machine: RaceMachine) => machine.detachBefore();
    for (const revision of [V3, V4_12]) {
      expect(stepsOf(setsTable(), revision, detached)).toEqual(['slot read', 'table get', 'attach']);
    }
  });

  it('of a removal give up the reference of the group, clear, then give up the last and free', () => {
    const detached = (machine: RaceMachine) => machine.detachBefore();
    expect(stepsOf(removesWindow(), V3, detached)).toEqual([
      ...['table put', 'exchange', ...MAPPED_DEC, 'exchange', 'exchange', 'exchange'],
      ...['userspace view free', 'table put', 'unset window'],
    ]);
  });

  it('of a list of v3 read it three times, and look up every page of one region', () => {
    const first = [...MAP, ...MAPPED_DEC, 'userspace view store'];
    expect(stepsOf(vcpuPutsList(0, 0, 2), V3)).toEqual([
      ...['lookup', 'list read', 'list read'],
      ...['list read', ...first, 'list read', ...MAP, 'userspace view store'],
      ...['list read', 'guest view store', 'list read', 'guest view store'],
    ]);
  });
});

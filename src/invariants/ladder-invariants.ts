import { makeHcall } from '../conform/scenario-hcall.js';
import type { ScenarioHcall, ScenarioOperation } from '../conform/scenario-operation.js';
import type { TceEntries } from '../host/tce-entries.js';
import { H_SUCCESS, H_TOO_HARD } from '../papr/hcall-return.js';
import { formatWord, highHalf, joinWord, lowHalf } from '../papr/tce.js';
import { buildMachine, type Machine, type MachineWindow, type PathId } from '../path/machine.js';
import type { Revision } from '../path/revisions/revision.js';
import type { InvariantScenario, TwinInvariant } from './invariant.js';
import { givesPermission, wordsOf } from './request.js';

const RAM_BYTES = 2 ** 24;

/**
 * I12 and I14: the whole ladder down to user space, on machines that `run` and `replay` use too. Of a scenario they take
 * the windows, the lists and the hypercalls; all of the machine's memory is registered.
 */
export const LADDER_INVARIANTS: readonly TwinInvariant[] = [
  {
    id: 'I12',
    statement: 'H_TOO_HARD never reaches the guest: behind both modes stands user space.',
    runsOwnMachine: true,
    compare: ({ operations }, revision) => {
      const machines = (['real', 'virtual'] as const).map((path) => machineOf(operations, path, revision));
      for (const operation of operations) {
        if (machines.some((machine) => perform(machine, operation) === H_TOO_HARD)) {
          return `${nameOf(operation)} gave the guest H_TOO_HARD`;
        }
      }
      return null;
    },
  },
  {
    id: 'I14',
    statement:
      'What the kernel serves or hands down leaves the state that user space alone would have made, if user space accepts it; I2 apart.',
    runsOwnMachine: true,
    compare: compareWithUserSpace,
  },
];

/** Ends at the first call that one of them refuses: from there on their states may differ. */
function compareWithUserSpace({ operations }: InvariantScenario, revision: Revision): string | null {
  const paths = ['userspace', 'real', 'virtual'] as const;
  const [userspace, ...others] = paths.map((path) => machineOf(operations, path, revision));
  if (userspace === undefined) return null;
  for (const operation of operations) {
    if (operation.op === 'hcall' && hasWordWithoutPermission(userspace, operation)) return null;
    const codes = [userspace, ...others].map((machine) => perform(machine, operation));
    if (codes.some((code) => code !== H_SUCCESS && code !== null)) return null;
    for (const [i, machine] of others.entries()) {
      const difference = firstDifference(userspace, machine, windowsOf(operations));
      if (difference !== null)
        return `after ${nameOf(operation)}, by way of ${paths[i + 1]} mode: ${difference}`;
    }
  }
  return null;
}

function nameOf(operation: ScenarioOperation): string {
  return operation.op === 'hcall' ? operation.name : operation.op;
}

function windowsOf(operations: readonly ScenarioOperation[]): readonly MachineWindow[] {
  const windows = new Map<number, MachineWindow>();
  for (const operation of operations) {
    if (operation.op !== 'createTable') continue;
    const { pageShift, offset, size } = operation;
    const liobn = joinWord(operation.liobn.hi, operation.liobn.lo);
    windows.set(liobn, { liobn, pageShift, offset, size });
  }
  return [...windows.values()];
}

function machineOf(operations: readonly ScenarioOperation[], path: PathId, revision: Revision): Machine {
  return buildMachine({ ramBytes: RAM_BYTES, path, windows: windowsOf(operations) }, revision);
}

/** The code of a hypercall; null for what is none. */
function perform({ host, ladder }: Machine, operation: ScenarioOperation): number | null {
  if (operation.op === 'writeGuest') {
    for (const [i, { hi, lo }] of operation.words.entries()) host.storeWord(operation.gpa + i * 8, hi, lo);
  }
  if (operation.op !== 'hcall') return null;
  return makeHcall(operation, joinWord(operation.liobn.hi, operation.liobn.lo), ladder);
}

/** Whether a list holds a word without permission, or reads as zero because no memory slot holds it. */
function hasWordWithoutPermission({ host }: Machine, hcall: ScenarioHcall): boolean {
  if (hcall.name !== 'H_PUT_TCE_INDIRECT') return false;
  const words = wordsOf(hcall, host);
  return words.length < hcall.npages || words.some((word) => !givesPermission(word));
}

/** Entries of the windows only: kernels that round a guest view up have more of them. */
function firstDifference(a: Machine, b: Machine, windows: readonly MachineWindow[]): string | null {
  if (a.region.mapped !== b.region.mapped) {
    return `the region counts ${b.region.mapped} instead of ${a.region.mapped}`;
  }
  for (const [i, { size }] of windows.entries()) {
    const [ours, theirs] = [a.tables[i], b.tables[i]];
    if (ours === undefined || theirs === undefined) return 'a window is missing';
    for (let entry = 0; entry < size; entry++) {
      const views = [ours, theirs].map(({ guestView }) => wordAt(guestView, entry));
      if (views[0] !== views[1]) return `guest view of entry ${entry}: ${views[1]} instead of ${views[0]}`;
      const words = [ours, theirs].map(({ hardware }) => wordAt(hardware.entries, entry));
      if (words[0] !== words[1]) return `hardware of entry ${entry}: ${words[1]} instead of ${words[0]}`;
      const addresses = [ours, theirs].map(({ hardware }) => hardware.userspaceView[entry] ?? 0);
      if (addresses[0] !== addresses[1]) {
        return `userspace view of entry ${entry}: ${hex(addresses[1])} instead of ${hex(addresses[0])}`;
      }
    }
  }
  return null;
}

function wordAt(entries: TceEntries, entry: number): string {
  return formatWord(entries.hi(entry), entries.lo(entry));
}

function hex(value = 0): string {
  return formatWord(highHalf(value), lowHalf(value));
}

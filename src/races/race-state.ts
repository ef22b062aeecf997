import { TCE_PERMISSIONS } from '../papr/tce.js';
import { regionOf, uaOfEntry } from './guest-memory.js';
import { ENTRIES, type RaceMachine } from './race-machine.js';

/** One entry of the window, in all three tables. */
export interface EntryState {
  readonly hardwareHi: number;
  readonly hardwareLo: number;
  /** Whether the device can reach anything by it. */
  readonly isValid: boolean;
  /** User address behind the page that hardware maps. */
  readonly hardwareUa: number;
  /** User address in the userspace view. */
  readonly userspaceView: number;
  readonly guestHi: number;
  readonly guestLo: number;
}

/** A preregistered region. */
export interface RegionState {
  readonly mapped: number;
  readonly isListed: boolean;
}

/** The hardware table itself. */
export interface TableState {
  /** Of its container, its group and the descriptors of the guest view. */
  readonly references: number;
  readonly isAttached: boolean;
  /** Whether it was freed, whatever somebody has done with it since. */
  readonly isFreed: boolean;
}

/** All that the race can have changed, as plain data. */
export interface MachineState {
  readonly entries: readonly EntryState[];
  readonly regions: readonly RegionState[];
  readonly table: TableState;
}

/** What a machine holds now. */
export function stateOf(machine: RaceMachine): MachineState {
  const { table, guestView, host, regions } = machine;
  const listed = host.preregistered.regions;
  return {
    entries: Array.from({ length: ENTRIES }, (_, entry) => {
      const hardwareHi = table.entries.hi(entry);
      const hardwareLo = table.entries.lo(entry);
      return {
        hardwareHi,
        hardwareLo,
        isValid: (hardwareLo & TCE_PERMISSIONS) !== 0,
        hardwareUa: uaOfEntry(hardwareHi, hardwareLo),
        userspaceView: table.userspaceView[entry] as number,
        guestHi: guestView.entries.hi(entry),
        guestLo: guestView.entries.lo(entry),
      };
    }),
    regions: regions.map((region) => ({ mapped: region.mapped, isListed: listed.includes(region) })),
    table: {
      references: table.references,
      isAttached: guestView.tables.includes(table),
      isFreed: machine.isTableFreed,
    },
  };
}

/**
 * Remembers what the tables and counters of a machine hold. What it gives back restores that, or is false where an
 * ioctl has changed more: lists and descriptors have no way back.
 */
export function checkpoint(machine: RaceMachine): () => boolean {
  const { locked } = machine.host;
  const structure = structureKey(machine);
  // Memory is given back behind the last reference: who has done that cannot do it again.
  const { pages } = locked;
  const buffers = machine.host.buffers.all.map((buffer) => new Uint8Array(buffer));
  const copies = buffers.map((bytes) => bytes.slice());
  return () => {
    if (structureKey(machine) !== structure || locked.pages !== pages) return false;
    for (const [i, bytes] of buffers.entries()) bytes.set(copies[i] ?? []);
    return true;
  };
}

/** What stands outside the shared buffers. */
function structureKey({ host, regions, table, guestView, container, isTableFreed }: RaceMachine): string {
  const listed = host.preregistered.regions;
  const users = regions.map((region) => `${region.used} ${listed.includes(region)}`);
  const descriptors = guestView.attached.map(({ groups }) => groups.length);
  const slot = container.tables.includes(table);
  return [...users, ...descriptors, table.references, isTableFreed, slot].join(' ');
}

/** Everything that a step may find changed, as one text. */
export function stateKey(machine: RaceMachine): string {
  const { table, guestView, regions, list } = machine;
  const numbers: number[] = [...table.leaves, ...table.entries.words, ...guestView.entries.words];
  for (let entry = 0; entry < ENTRIES; entry++) {
    numbers.push(table.userspaceView[entry] as number, Number(guestView.hasPages(entry, 1)));
  }
  for (const { mapped } of regions) numbers.push(mapped);
  return `${numbers.join(' ')} ${list.join(' ')} ${structureKey(machine)}`;
}

/** The valid entries whose page lies in a region that is no longer registered: what I6 forbids. */
export function strayEntries({ entries, regions }: MachineState): number[] {
  return entries.flatMap(({ isValid, hardwareUa }, entry) =>
    isValid && regions[regionOf(hardwareUa)]?.isListed !== true ? [entry] : [],
  );
}

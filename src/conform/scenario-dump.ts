import { inputError } from '../errors.js';
import type { GuestView } from '../host/guest-view.js';
import type { Host } from '../host/host.js';
import type { TceEntries } from '../host/tce-entries.js';
import type { VfioGroup } from '../host/vfio-group.js';
import { formatWord, highHalf, lowHalf } from '../papr/tce.js';
import type { CountedTable } from './counted-table.js';

/** An entry that is not zero: its index and its value. */
type DumpedEntry = readonly [index: string, value: string];

/** The whole state of a scenario, as the format writes it. */
export interface ScenarioDump {
  readonly liobns: readonly {
    readonly liobn: string;
    readonly entries: readonly DumpedEntry[];
    readonly attached: readonly (readonly [table: string, references: number])[];
  }[];
  readonly tables: readonly {
    readonly table: string;
    readonly hw: readonly DumpedEntry[];
    readonly ua: readonly DumpedEntry[] | null;
    readonly xchg: number;
    readonly xchgRm: number;
  }[];
  readonly regions: readonly {
    readonly ua: string;
    readonly size: string;
    readonly used: number;
    readonly mapped: number;
  }[];
  readonly dirty: readonly string[];
}

/** Entries of one table in a dump, which is kept in memory whole. */
const MAX_DUMPED = 2 ** 20;

/**
 * Writes the state of a host and of its hardware tables, in the order of their creation; freed ones are left out. `liobnOf` gives
 * the 64-bit LIOBN of a guest view as it is written.
 */
export function dumpState(
  host: Host,
  tables: readonly CountedTable[],
  liobnOf: (view: GuestView) => string,
): ScenarioDump {
  return {
    liobns: host.guestViews
      .map((view) => ({
        liobn: liobnOf(view),
        entries: dumpEntries(view.entries),
        attached: view.attached.map(({ table, groups }) => [table.name, groups.length] as const),
      }))
      .sort((a, b) => compareHex(a.liobn, b.liobn)),
    tables: tables
      .filter((table) => host.hardwareTables.has(table))
      .map((table) => ({
        table: table.name,
        hw: dumpEntries(table.entries),
        ua: table.hasUserspaceView ? dumpAddresses(table.userspaceView) : null,
        xchg: table.virtualModeExchanges,
        xchgRm: table.realModeExchanges,
      })),
    regions: [...host.preregistered.regions]
      .sort((a, b) => a.ua - b.ua)
      .map(({ ua, bytes, used, mapped }) => ({ ua: hex(ua), size: hex(bytes), used, mapped })),
    dirty: [...host.pages.dirtyPages()].map(hex),
  };
}

/** Who holds what, and how much memory is locked. */
export interface ReferencesDump {
  /** Host pages charged to the process. */
  readonly locked: number;
  /** References of the virtual machine: its own, and one for each guest view. */
  readonly vm: number;
  readonly tables: readonly (readonly [table: string, references: number])[];
  /** What KVM holds of each group. */
  readonly groups: readonly (readonly [group: number, references: number])[];
}

/** Writes the references of hardware tables that are not freed, in the order of their creation, and of all groups. */
export function dumpReferences(
  host: Host,
  tables: readonly CountedTable[],
  groups: readonly VfioGroup[],
): ReferencesDump {
  return {
    locked: host.locked.pages,
    vm: host.vmReferences,
    tables: tables
      .filter((table) => host.hardwareTables.has(table))
      .map(({ name, references }) => [name, references]),
    groups: groups.map(({ id, references }) => [id, references]),
  };
}

function dumpEntries(entries: TceEntries): readonly DumpedEntry[] {
  const dumped: DumpedEntry[] = [];
  const add = adder(dumped);
  for (let entry = 0; entry < entries.size; entry++) {
    const hi = entries.hi(entry);
    const lo = entries.lo(entry);
    if ((hi | lo) !== 0) add(entry, formatWord(hi, lo));
  }
  return dumped;
}

function dumpAddresses(addresses: Float64Array): readonly DumpedEntry[] {
  const dumped: DumpedEntry[] = [];
  const add = adder(dumped);
  for (let entry = 0; entry < addresses.length; entry++) {
    const ua = addresses[entry] as number;
    if (ua !== 0) add(entry, hex(ua));
  }
  return dumped;
}

function adder(dumped: DumpedEntry[]): (entry: number, value: string) => void {
  return (entry, value) => {
    if (dumped.length === MAX_DUMPED) {
      throw inputError(`a dump of a table with more than ${MAX_DUMPED} entries`, 'map fewer before it');
    }
    dumped.push([hex(entry), value]);
  };
}

/** A number as the format writes 64-bit words. */
export function hex(value: number): string {
  return formatWord(highHalf(value), lowHalf(value));
}

/** Hexadecimal words without leading zeros: the longer one is the larger. */
function compareHex(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}

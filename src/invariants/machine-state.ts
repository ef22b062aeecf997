import type { ScenarioRunner } from '../conform/scenario-runner.js';
import type { IommuTable } from '../host/iommu-table.js';
import type { MemoryRegion } from '../host/memory-region.js';
import type { DmaWindow } from '../papr/dma-window.js';
import { TCE_PERMISSIONS } from '../papr/tce.js';

/** A hardware table at one moment. */
export interface TableState {
  readonly table: IommuTable;
  /** The low half of entry i is word 2i, the high half word 2i + 1. */
  readonly words: Int32Array;
  readonly userspaceView: Float64Array;
  readonly hasUserspaceView: boolean;
  /** Who keeps it: its container, the groups linked to it, descriptors. */
  readonly references: number;
}

/** What KVM holds of a group at one moment. */
export interface GroupState {
  readonly id: number;
  readonly references: number;
}

/** A guest view at one moment. */
export interface ViewState {
  /** The number that stands for its LIOBN. */
  readonly liobn: number;
  readonly window: DmaWindow;
  readonly words: Int32Array;
  /** The hardware tables that follow it, in the order of visits; one may stand there several times. */
  readonly tables: readonly IommuTable[];
}

/** A preregistered region at one moment. */
export interface RegionState {
  readonly region: MemoryRegion;
  readonly used: number;
  readonly mapped: number;
}

/** Everything that hypercalls and ioctls change, at one moment. */
export interface MachineState {
  readonly tables: readonly TableState[];
  readonly views: readonly ViewState[];
  readonly regions: readonly RegionState[];
  readonly groups: readonly GroupState[];
  /** Host pages charged to the process. */
  readonly locked: number;
}

/** The memory of a freed table may belong to another one by now. */
const FREED = { words: new Int32Array(0), userspaceView: new Float64Array(0), hasUserspaceView: false };

/**
 * A copy of the state of a scenario's machine; what did not change since `last` is taken from there. A freed table keeps
 * its place and has no entries.
 */
export function stateOf({ host, tables, groups }: ScenarioRunner, last?: MachineState): MachineState {
  return {
    tables: tables.map((table, i) => ({
      table,
      ...(host.hardwareTables.has(table) ? liveTable(table, last?.tables[i]) : FREED),
      references: table.references,
    })),
    views: host.guestViews.map(({ liobn, window, entries, tables: attached }, i) => ({
      liobn,
      window,
      words: copyOf(entries.words, last?.views[i]?.words),
      tables: attached,
    })),
    regions: host.preregistered.regions.map((region) => ({
      region,
      used: region.used,
      mapped: region.mapped,
    })),
    groups: groups.map(({ id, references }) => ({ id, references })),
    locked: host.locked.pages,
  };
}

/**
 * The first thing in which two states differ, in words, or null: hardware, userspace views, guest views, regions.
 * The machines may be different ones; descriptors and counts of exchanges are not compared.
 */
export function firstDifference(a: MachineState, b: MachineState): string | null {
  for (const [i, { table, words, userspaceView }] of a.tables.entries()) {
    const other = b.tables[i];
    if (other === undefined || !areEqual(words, other.words)) return `hardware table ${table.name}`;
    if (!areEqual(userspaceView, other.userspaceView)) return `the userspace view of ${table.name}`;
  }
  for (const [i, { liobn, words }] of a.views.entries()) {
    const other = b.views[i];
    if (other === undefined || !areEqual(words, other.words))
      return `the guest view of 0x${liobn.toString(16)}`;
  }
  if (a.views.length !== b.views.length) return 'the number of guest views';
  if (a.regions.length !== b.regions.length) return 'the number of regions';
  for (const [i, { region, used, mapped }] of a.regions.entries()) {
    const other = b.regions[i];
    if (other?.used !== used || other.mapped !== mapped) {
      return `region 0x${region.ua.toString(16)} (mapped ${mapped} and ${other?.mapped})`;
    }
  }
  return null;
}

function liveTable(table: IommuTable, last: TableState | undefined) {
  return {
    words: copyOf(table.entries.words, last?.words),
    userspaceView: copyOf(table.userspaceView, last?.userspaceView),
    hasUserspaceView: table.hasUserspaceView,
  };
}

function copyOf<T extends Int32Array | Float64Array>(now: T, last: T | undefined): T {
  return last !== undefined && areEqual(now, last) ? last : (now.slice() as T);
}

/** Whether two lists of numbers are equal. */
export function areEqual(a: Int32Array | Float64Array, b: Int32Array | Float64Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether an entry lets the device do anything. */
export function isValid(words: Int32Array, entry: number): boolean {
  return ((words[entry << 1] as number) & TCE_PERMISSIONS) !== 0;
}

/** How many valid entries of a table name a region, by its userspace view. */
export function countValid({ words, userspaceView }: TableState, { ua: start, end }: MemoryRegion): number {
  let valid = 0;
  for (let entry = 0; entry < userspaceView.length; entry++) {
    if (!isValid(words, entry)) continue;
    const ua = userspaceView[entry] as number;
    if (ua >= start && ua < end) valid++;
  }
  return valid;
}

import { type JsonObject, ScenarioFields } from '../conform/scenario-fields.js';
import { readOperation } from '../conform/scenario-reader.js';
import { guestViewSize } from '../host/guest-view-policy.js';
import type { Revision } from '../path/revisions/revision.js';
import type { InvariantScenario } from './invariant.js';
import type { EdgePlan, MachinePlan, Place, Plan, StepPlan, TcePlan } from './plan.test-helper.js';

/** A line of a scenario, without what is expected of it. */
export type ScenarioRecord = JsonObject & { readonly op: string };

const UNIT = 0x1_0000;
const UA = 0x2000_0000_0000;
const LIOBNS = ['0x80000001', '0x80000002'];
/** Where lists stand: in region A, in no region, in no slot, and on no page of 4 KiB. */
const LISTS = [UNIT, 6 * UNIT, 9 * UNIT, UNIT + 8];
const FIRST_SLOT = { gpa: 0, ua: UA, size: 7 * UNIT };
const SECOND_SLOT = { gpa: 16 * UNIT, ua: UA + 32 * UNIT, size: 2 * UNIT };
/** Far behind all memory. */
const HOLE = 0x1000_0000;

/** The lines of a plan's scenario for one revision, the config first. */
export function recordsOf({ machine, steps }: Plan, revision: Revision): readonly ScenarioRecord[] {
  const lines = new PlanLines(machine, revision);
  return [...lines.setup(), ...steps.flatMap((step) => lines.of(step))];
}

/** The scenario that lines stand for; the first of them is the config. */
export function scenarioOf([first, ...rest]: readonly ScenarioRecord[]): InvariantScenario {
  const config = first === undefined ? null : operationOf(first);
  if (config?.op !== 'config') throw new Error('a scenario begins with its config');
  return { config, operations: rest.map(operationOf) };
}

function operationOf(record: ScenarioRecord) {
  const fields = new ScenarioFields(record, 'plan');
  const operation = readOperation(fields);
  fields.end();
  return operation;
}

/** The layout of a machine: which numbers stand for the parameters of its plan. */
class PlanLines {
  readonly #machine: MachinePlan;
  readonly #revision: Revision;
  readonly #size: number;
  /** The container of each group. */
  readonly #groups: readonly number[];

  constructor(machine: MachinePlan, revision: Revision) {
    this.#machine = machine;
    this.#revision = revision;
    this.#size = guestViewSize(2 ** machine.sizeShift, machine.hostPageShift, revision.guestView);
    this.#groups = machine.groups.flatMap((count, container) =>
      Array.from({ length: count }, () => container),
    );
  }

  setup(): readonly ScenarioRecord[] {
    const { hostPageShift, hasHugeBacking, groups, hasSecondLiobn, regions, hasUserspaceViews } =
      this.#machine;
    const config = { op: 'config', format: 1, kernel: this.#revision.scenarioKernel, hostPageShift };
    const containers = groups.map((_, i) => i);
    const isShared = (container: number) => container > 0;
    return [
      hasHugeBacking ? { ...config, backingShift: 24 } : config,
      slot(FIRST_SLOT),
      slot(SECOND_SLOT),
      ...containers.map((container) => ({ op: 'container', container, tables: [this.#table(container)] })),
      this.#createTable(0),
      ...(hasSecondLiobn ? [this.#createTable(1)] : []),
      ...this.#groups.flatMap((container, group) => [{ op: 'group', group, container }, ...attach(group, 0)]),
      ...containers.flatMap((container) =>
        Array.from({ length: isShared(container) ? Math.min(regions, 1) : regions }, (_, region) =>
          this.#region('register', region, container),
        ),
      ),
      ...(hasUserspaceViews ? containers.flatMap((container) => this.#makeUserspaceView(container)) : []),
    ];
  }

  of(step: StepPlan): readonly ScenarioRecord[] {
    const last = this.#machine.groups.length - 1;
    switch (step.kind) {
      case 'put':
        return this.#hcall(step, { name: 'H_PUT_TCE', tce: this.#word(step.tce) });
      case 'stuff':
        return this.#hcall(step, {
          name: 'H_STUFF_TCE',
          tceValue: step.tce === null ? '0x0' : this.#word(step.tce),
          npages: hex(step.npages),
        });
      case 'indirect':
        return [...this.#list(step), ...this.#hcall(step, indirect(step))];
      case 'get':
        return this.#hcall(step, { name: 'H_GET_TCE' });
      case 'vfioMap':
        return [this.#map(Math.min(step.container, last), step, step.place, step.npages)];
      case 'vfioUnmap':
        return [this.#unmap(Math.min(step.container, last), step, step.npages)];
      case 'register':
      case 'unregister':
      case 'unregisterBegin':
        return [this.#region(step.kind, step.region, step.container)];
      case 'unregisterEnd':
        return [{ op: 'unregisterEnd' }];
      case 'rmPage':
        return [{ op: 'rmPage', ua: hex(userAddressOf(step.place)), available: step.available }];
      case 'rmView':
        return [{ op: 'rmView', table: `t${Math.min(step.container, last)}`, available: step.available }];
      case 'groupDel':
        return [{ op: 'groupDel', group: step.group % this.#groups.length }];
      case 'attach':
        return attach(step.group % this.#groups.length, step.liobn);
      case 'destroyTable':
        return [{ op: 'destroyTable', liobn: liobnOf(step.liobn) }];
      case 'createTable':
        return [this.#createTable(step.liobn)];
      case 'teardown':
        return this.#teardown();
      case 'memslotDel':
        return [{ op: 'memslotDel', gpa: hex(SECOND_SLOT.gpa) }];
    }
  }

  #teardown(): readonly ScenarioRecord[] {
    return [
      { op: 'unregisterEnd' },
      ...LIOBNS.map((liobn) => ({ op: 'destroyTable', liobn })),
      { op: 'deviceClose' },
      ...this.#machine.groups.map((_, container) => ({ op: 'containerClose', container })),
    ];
  }

  #window(size: number) {
    const { pageShift, offset } = this.#machine;
    return { pageShift, offset: hex(offset), size: hex(size) };
  }

  #table(container: number) {
    const isShort = this.#machine.isShort && container === 0;
    return { table: `t${container}`, ...this.#window(isShort ? this.#size - 4 : this.#size) };
  }

  #createTable(liobn: number): ScenarioRecord {
    return { op: 'createTable', liobn: liobnOf(liobn), ...this.#window(this.#size) };
  }

  /** A and B share a border, which on a host of small pages lies inside an IOMMU page of 64 KiB; C is far away. */
  #region(op: string, region: number, container: number): ScenarioRecord {
    const border = 3 * UNIT + (this.#machine.hostPageShift === 12 ? 0x8000 : 0);
    const ranges = [
      [0, border],
      [border, 6 * UNIT],
      [32 * UNIT, 34 * UNIT],
    ] as const;
    const [start, end] = ranges[region] ?? ranges[0];
    return { op, container, ua: hex(UA + start), size: hex(end - start) };
  }

  #makeUserspaceView(container: number): readonly ScenarioRecord[] {
    const start = { edge: 'start', page: 0, skew: 0 } as const;
    return [this.#map(container, start, { unit: 0, page: 0 }, 1), this.#unmap(container, start, 1)];
  }

  #map(container: number, edge: EdgePlan, place: Place, npages: number): ScenarioRecord {
    const bytes = 2 ** this.#machine.pageShift;
    const ua = Math.floor(userAddressOf(place) / bytes) * bytes;
    const access = { read: true, write: true };
    return {
      op: 'vfioMap',
      container,
      iova: this.#ioba(edge),
      ua: hex(ua),
      size: hex(npages * bytes),
      ...access,
    };
  }

  #unmap(container: number, edge: EdgePlan, npages: number): ScenarioRecord {
    return {
      op: 'vfioUnmap',
      container,
      iova: this.#ioba(edge),
      size: hex(npages * 2 ** this.#machine.pageShift),
    };
  }

  #ioba({ edge, page, skew }: EdgePlan): string {
    const { offset, pageShift } = this.#machine;
    const entry = edge === 'start' ? page : this.#size - 1 - page;
    const first = BigInt(Math.max(offset + entry, 0)) << BigInt(pageShift);
    return `0x${(first + BigInt(skew)).toString(16)}`;
  }

  #word({ place, permissions, stray }: TcePlan): string {
    const bytes = 2 ** this.#machine.pageShift;
    return hex(Math.floor(guestAddressOf(place) / bytes) * bytes + (permissions | stray));
  }

  #hcall(step: Extract<StepPlan, { mode: string }>, call: JsonObject): readonly ScenarioRecord[] {
    const { name, ...words } = call;
    const place = { mode: step.mode, liobn: liobnOf(step.liobn), ioba: this.#ioba(step) };
    const record = { op: 'hcall', name, ...place, ...words };
    return step.isRepeated ? [record, record] : [record];
  }

  /** A long list repeats its first word. */
  #list({ tces, npages, list }: Extract<StepPlan, { kind: 'indirect' }>): readonly ScenarioRecord[] {
    if (npages === 0) return [];
    const words = tces.map((tce) => this.#word(tce));
    const place = { op: 'writeGuest', gpa: hex((LISTS[list] ?? 0) & ~7) };
    const [base = '0x0'] = words;
    if (npages > 4) return [{ ...place, fill: { base, step: '0x0', count: Math.min(npages, 512) } }];
    return [{ ...place, words: Array.from({ length: npages }, (_, i) => words[i % words.length] ?? base) }];
  }
}

function slot({ gpa, ua, size }: typeof FIRST_SLOT): ScenarioRecord {
  return { op: 'memslot', gpa: hex(gpa), ua: hex(ua), size: hex(size) };
}

function indirect({ list, npages }: { readonly list: number; readonly npages: number }): JsonObject {
  return { name: 'H_PUT_TCE_INDIRECT', tceList: hex(LISTS[list] ?? 0), npages: hex(npages) };
}

function attach(group: number, liobn: number): readonly ScenarioRecord[] {
  return [
    { op: 'groupAdd', group },
    { op: 'setSpaprTce', group, liobn: liobnOf(liobn) },
  ];
}

function liobnOf(index: number): string {
  return LIOBNS[index] ?? '0x0';
}

/** Units 0 to 6 are the first slot, 7 and 8 the second, the others in no slot. */
function guestAddressOf({ unit, page }: Place): number {
  const offset = page * 0x1000;
  if (unit < 7) return unit * UNIT + offset;
  return unit < 9 ? SECOND_SLOT.gpa + (unit - 7) * UNIT + offset : HOLE + unit * UNIT + offset;
}

function userAddressOf(place: Place): number {
  const gpa = guestAddressOf(place);
  return gpa < SECOND_SLOT.gpa ? UA + gpa : SECOND_SLOT.ua + ((gpa - SECOND_SLOT.gpa) % (4 * UNIT));
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TCE_EXCHANGES } from '../cost/operations.js';
import { Host } from '../host/host.js';
import { POWERNV } from '../host/iommu-platform.js';
import type { IommuTable } from '../host/iommu-table.js';
import { KvmVfioDevice } from '../host/kvm-vfio-device.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import { VfioContainer } from '../host/vfio-container.js';
import { VfioGroup } from '../host/vfio-group.js';
import { H_TOO_HARD } from '../papr/hcall-return.js';
import { InKernelHandlers } from './in-kernel.js';
import type { Revision } from './revisions/revision.js';
import { REVISIONS } from './revisions/revisions.js';

const UA = 0x2000_0000_0000;
const MIB = 2 ** 20;
const RAM = 8 * MIB;
/** A whole 4 KiB page of entries, so that no revision rounds it. */
const ENTRIES = 512;
const WINDOW_START_HI = [0, 2 ** 27] as const;
const PAGE_SHIFT = [12, 16] as const;

/** What a revision never gives back, as the description of the kernel has it (I19; 4.2, row 5 and note c). */
const LEAKS: Readonly<Record<string, 'group references' | 'table references'>> = {
  v3: 'group references',
  'v3+C5': 'group references',
  'v3+C11': 'group references',
  'v3+C13': 'group references',
  'v3+codes': 'group references',
  interim: 'group references',
  'interim-fixed': 'group references',
  'v4.12': 'table references',
  'v4.12+npages': 'table references',
  'v4.20': 'table references',
  'v5.4': 'table references',
  'v5.19': 'table references',
};

/** A machine to be taken down: everything by its number, so that a counterexample can be read. */
interface Plan {
  /** Which slot's geometry each guest view has; 2 is one that fits nothing. */
  readonly views: readonly number[];
  /** How many windows each container has. */
  readonly containers: readonly number[];
  /** The container of each group, and whether KVM gets to know it. */
  readonly groups: readonly { readonly container: number; readonly isAdded: boolean }[];
  /** Which guest view is to follow which group's table. */
  readonly sets: readonly { readonly group: number; readonly view: number }[];
  readonly maps: readonly {
    readonly container: number;
    readonly slot: number;
    readonly entry: number;
    readonly page: number;
  }[];
  /** Sorting keys of the steps that close everything. */
  readonly order: readonly number[];
}

const few = { minLength: 1, maxLength: 2 };
const plan: fc.Arbitrary<Plan> = fc.record({
  views: fc.array(fc.constantFrom(0, 0, 0, 1, 1, 2), few),
  containers: fc.array(fc.constantFrom(1, 2), few),
  groups: fc.array(fc.record({ container: fc.nat(1), isAdded: fc.constantFrom(true, true, true, false) }), {
    minLength: 1,
    maxLength: 4,
  }),
  sets: fc.array(fc.record({ group: fc.nat(3), view: fc.nat(2) }), { maxLength: 10 }),
  maps: fc.array(fc.record({ container: fc.nat(1), slot: fc.nat(1), entry: fc.nat(3), page: fc.nat(15) }), {
    maxLength: 12,
  }),
  order: fc.array(fc.nat(), { minLength: 32, maxLength: 32 }),
});

/** Builds what a plan says; `leaked` counts what by the description will never come back. */
function build({ views, containers, groups, sets, maps }: Plan, revision: Revision) {
  const made: IommuTable[] = [];
  const newTable: typeof POWERNV.newTable = (...args) => {
    const table = POWERNV.newTable(...args);
    made.push(table);
    return table;
  };
  const memory = { pageShift: 12, backingShift: 16, bytes: RAM };
  const host = new Host(memory, new SharedBuffers(), revision.guestView);
  host.memslots.add(0, UA, RAM);
  const device = new KvmVfioDevice(host, revision.attach);
  const follower = containers.map(() => new VfioContainer(host, [], revision.vfio, { ...POWERNV, newTable }));
  const groupOf = groups.map(({ container, isAdded }, id) => {
    const group = new VfioGroup(id);
    expect(follower[container % containers.length]?.attachGroup(group)).toBe(0);
    if (isAdded) expect(device.groupAdd(group)).toBe(0);
    return group;
  });
  for (const [c, container] of follower.entries()) {
    container.registerMemory(UA, RAM);
    for (let slot = 0; slot < (containers[c] ?? 0); slot++) {
      const pageShift = PAGE_SHIFT[slot] ?? 0;
      container.createWindow(`${c}.${slot}`, { pageShift, bytes: ENTRIES * 2 ** pageShift, levels: 1 });
    }
  }
  for (const [liobn, slot] of views.entries()) {
    const pageShift = PAGE_SHIFT[slot % 2] ?? 0;
    const offset = slot === 2 ? 8 * ENTRIES : ((WINDOW_START_HI[slot] ?? 0) * 2 ** 32) / 2 ** pageShift;
    expect(host.createGuestView(liobn, { pageShift, offset, size: ENTRIES })).toBe(0);
  }
  const leaked = { groups: groups.map(() => 0), tables: new Map<IommuTable, number>() };
  const followed = new Map<string, IommuTable>();
  for (const set of sets) {
    const id = set.group % groups.length;
    const ret = device.setSpaprTce(groupOf[id] as VfioGroup, host.findGuestView(set.view));
    const table = groupOf[id]?.tables[views[set.view] ?? 2] ?? null;
    const fits = groups[id]?.isAdded === true && set.view < views.length && table !== null;
    expect(ret === 0).toBe(fits);
    if (!fits || table === null) leaked.groups[id] = (leaked.groups[id] ?? 0) + 1;
    else if (!followed.has(`${set.view} ${table.name}`)) followed.set(`${set.view} ${table.name}`, table);
    else leaked.tables.set(table, (leaked.tables.get(table) ?? 0) + 1);
  }
  const handlers = [revision.real, revision.virtual].flatMap((mode) =>
    mode === null ? [] : [new InKernelHandlers(host, mode)],
  );
  for (const { container, slot, entry, page } of maps) {
    const bytes = 2 ** (PAGE_SHIFT[slot] ?? 0);
    const hi = WINDOW_START_HI[slot] ?? 0;
    follower[container % containers.length]?.mapDma(hi, entry * bytes, UA + page * bytes, bytes, 3);
    for (const each of handlers)
      each.putTce(views.indexOf(slot), hi, (entry + 2) * bytes, 0, page * bytes + 3);
  }
  return { host, device, follower, groupOf, made, leaked, handlers };
}

/** Entries that hardware would use, of tables that are not freed. */
function validEntries(host: Host, tables: readonly IommuTable[]): number {
  let valid = 0;
  for (const table of tables.filter((candidate) => host.hardwareTables.has(candidate))) {
    for (let entry = 0; entry < table.size; entry++) if ((table.entries.lo(entry) & 3) !== 0) valid++;
  }
  return valid;
}

/** Every region that is listed counts what hardware maps of it, and never falls below 1 (I1, I5). */
function expectCountsAgree(host: Host, tables: readonly IommuTable[]): void {
  const valid = validEntries(host, tables);
  for (const { mapped } of host.preregistered.regions) expect(mapped).toBe(1 + valid);
  if (host.preregistered.regions.length === 0) expect(valid).toBe(0);
}

describe.each(REVISIONS)('$id', (revision) => {
  it('gives everything back in every order of taking down, its known leaks apart (I19, I21, I22)', () => {
    fc.assert(
      fc.property(plan, (machine) => {
        const { host, device, follower, groupOf, made, leaked, handlers } = build(machine, revision);
        const isOpen = { device: true, containers: follower.map(() => true) };
        const isRegistered = follower.map(() => true);
        let keptPages = 0;
        const steps: (() => void)[] = [
          ...machine.views.map((_, liobn) => () => {
            const view = host.findGuestView(liobn);
            expect(host.destroyGuestView(liobn)).toBe(0);
            expect(view?.tables).toEqual([]);
            const before = host.counts[TCE_EXCHANGES];
            const hi = view === null ? 0 : Math.floor(view.window.iobaOf(0) / 2 ** 32) | 0;
            for (const each of handlers) expect(each.putTce(liobn, hi, 0, 0, 3)).toBe(H_TOO_HARD);
            expect(host.counts[TCE_EXCHANGES]).toBe(before);
          }),
          ...groupOf.map((group) => () => isOpen.device && device.groupDel(group)),
          () => {
            device.close();
            isOpen.device = false;
          },
          ...follower.flatMap((container, c) => [
            ...WINDOW_START_HI.map((hi) => () => isOpen.containers[c] && container.removeWindow(hi, 0)),
            () => {
              if (!isOpen.containers[c] || !isRegistered[c]) return;
              isRegistered[c] = container.unregisterMemory(UA, RAM) !== 0;
            },
            () => {
              // A container may unregister what its own entries name while another has it registered too. Where that
              // one closes first, the region has lost its last user and cannot go, now or ever.
              const foreign = made.filter(({ name }) => !name.startsWith(`${c}.`));
              const isLast = isRegistered.every((registered, i) => registered === (i === c));
              const keeps = isLast && validEntries(host, foreign) > 0;
              if (keeps) keptPages = RAM / 4096;
              expect(container.close()).toBe(keeps ? 1 : 0);
              isOpen.containers[c] = false;
              isRegistered[c] = false;
            },
          ]),
        ];
        const order = [...steps.keys()].sort((a, b) => (machine.order[a] ?? 0) - (machine.order[b] ?? 0));
        expectCountsAgree(host, made);
        for (const step of order) {
          steps[step]?.();
          expectCountsAgree(host, made);
        }
        expect([host.locked.pages, host.vmReferences]).toEqual([keptPages, 1]);
        expect(host.preregistered.regions).toHaveLength(keptPages === 0 ? 0 : 1);
        const leaksGroups = LEAKS[revision.id] === 'group references';
        expect(groupOf.map(({ references }) => references)).toEqual(
          leaksGroups ? leaked.groups : leaked.groups.map(() => 0),
        );
        const kept = made.map((table) => (leaksGroups ? 0 : (leaked.tables.get(table) ?? 0)));
        expect(made.map(({ references }) => references)).toEqual(kept);
        expect(made.map((table) => host.hardwareTables.has(table))).toEqual(kept.map((count) => count > 0));
      }),
      { seed: 19, numRuns: 150 },
    );
  });
});

import { Host } from '../host/host.js';
import { IommuTable } from '../host/iommu-table.js';
import { KvmVfioDevice } from '../host/kvm-vfio-device.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import { VfioContainer } from '../host/vfio-container.js';
import { VfioGroup } from '../host/vfio-group.js';
import { DmaWindow } from '../papr/dma-window.js';
import type { Revision } from '../path/revisions/revision.js';
import { type ConformanceCase, INTERIMS, LATER, OLDER, V3S, V412S } from './conformance-case.test-helper.js';
import { allBut, LIOBN, machineOps, PlayedScenario, UA } from './played-scenario.test-helper.js';

const NO_SHARING = OLDER.filter((id) => id !== 'v3+C5');
const WINDOW = { pageShift: 12, offset: '0x0', size: '0x400' };

/** What the attaching of a table with this geometry to a guest view of 4 MiB gives. */
function attach(revision: Revision, table: object, view: object = WINDOW): string {
  const made = new PlayedScenario(revision, []);
  made.play({ op: 'container', container: 0, tables: [{ table: 't', ...WINDOW, ...table }] });
  made.play({ op: 'group', group: 0, container: 0 });
  made.play({ op: 'groupAdd', group: 0 });
  made.play({ op: 'createTable', liobn: LIOBN, ...view });
  return made.outcome({ op: 'setSpaprTce', group: 0, liobn: LIOBN });
}

/** A guest view of another virtual machine, offered to this one's device. */
function attachForeign({ attach: policy, guestView }: Revision): number {
  const hostOf = () =>
    new Host({ pageShift: 12, backingShift: 12, bytes: 2 ** 20 }, new SharedBuffers(), guestView);
  const [host, other] = [hostOf(), hostOf()];
  const window = new DmaWindow(12, 0, 512);
  other.createGuestView(1, window);
  const container = new VfioContainer(host, [new IommuTable('t', window, host.pages, host.buffers)]);
  const group = new VfioGroup(0);
  container.attachGroup(group);
  const device = new KvmVfioDevice(host, policy);
  device.groupAdd(group);
  return device.setSpaprTce(group, other.findGuestView(1));
}

/** Two groups that KVM knows and one that it does not, all on the one table. */
function references(revision: Revision): unknown {
  const made = new PlayedScenario(revision, machineOps(2));
  made.play({ op: 'group', group: 9, container: 0 });
  made.play({ op: 'setSpaprTce', group: 9, liobn: LIOBN });
  const { tables, groups } = { tables: [], groups: [], ...made.play({ op: 'references' }) };
  return { tables, groups };
}

/** What follows each of two guest views after their one group is gone. */
function deleteOfTwo(revision: Revision): unknown {
  const made = new PlayedScenario(revision);
  made.play({ op: 'createTable', liobn: '0x80000002', pageShift: 12, offset: '0x0', size: '0x200' });
  made.play({ op: 'setSpaprTce', group: 0, liobn: '0x80000002' });
  made.play({ op: 'groupDel', group: 0 });
  return made.dump().liobns.map(({ attached }) => attached);
}

function attachDying(revision: Revision): string {
  const made = new PlayedScenario(revision, []);
  made.play({ op: 'container', container: 0, tables: [] });
  made.play({ op: 'attachGroup', group: 0, container: 0 });
  made.play({ op: 'register', container: 0, ua: UA, size: '0x10000' });
  made.play({ op: 'tceCreate', container: 0, table: 't', pageShift: 12, size: '0x400000' });
  made.play({ op: 'createTable', liobn: LIOBN, ...WINDOW });
  made.play({ op: 'groupAdd', group: 0 });
  made.play({ op: 'tceRemoveBegin', container: 0, start: '0x0' });
  return made.outcome({ op: 'setSpaprTce', group: 0, liobn: LIOBN });
}

/** A LIOBN that is taken, beyond the limit of locked memory; a window that ends behind the last address. */
function createImpossible(revision: Revision): unknown {
  const made = new PlayedScenario(revision, []);
  made.play({ op: 'createTable', liobn: LIOBN, ...WINDOW });
  made.play({ op: 'lockLimit', size: '0x0' });
  const taken = made.outcome({ op: 'createTable', liobn: LIOBN, ...WINDOW });
  made.play({ op: 'lockLimit', size: '0x100000' });
  const far = { op: 'createTable', liobn: '0x1', ...WINDOW, offset: '0xffffffffffff0' };
  try {
    return [taken, made.outcome(far)];
  } catch {
    return [taken, 'made, but not modelled'];
  }
}

/** How hardware tables come to follow guest views, and go. */
export const ATTACH_CASES: readonly ConformanceCase[] = [
  {
    id: '4.2 step 10',
    title: 'a hardware table that is smaller, begins elsewhere, has smaller pages, has larger ones',
    play: (revision) => [
      attach(revision, { size: '0x200' }),
      attach(revision, { offset: '0x1' }),
      attach(revision, { size: '0x4000' }, { pageShift: 16, offset: '0x0', size: '0x200' }),
      attach(revision, { pageShift: 16 }),
    ],
    expected: [
      [V3S, ['0', '-19', '-19', '-19']],
      [INTERIMS, ['-19', '-19', '-19', '-19']],
      [V412S, ['-22', '-22', '-22', '-22']],
      [LATER, ['-22', '-22', '0', '-22']],
    ],
  },
  {
    id: '4.2 step 8',
    title: 'a guest view of another virtual machine',
    play: attachForeign,
    expected: [
      [OLDER, -19],
      [[...V412S, ...LATER], -22],
    ],
  },
  {
    id: '4.2 notes',
    title: 'references after two groups and a call that failed: of the table, and of each group',
    play: references,
    expected: [
      // Slot, three groups, a descriptor for each call; the group that KVM does not know keeps one for ever.
      [
        NO_SHARING,
        {
          tables: [['t', 6]],
          groups: [
            [0, 2],
            [1, 2],
            [9, 1],
          ],
        },
      ],
      [
        ['v3+C5'],
        {
          tables: [['t', 5]],
          groups: [
            [0, 2],
            [1, 2],
            [9, 1],
          ],
        },
      ],
      // One descriptor, and one reference that nobody gives back.
      [
        [...V412S, ...LATER],
        {
          tables: [['t', 6]],
          groups: [
            [0, 1],
            [1, 1],
            [9, 0],
          ],
        },
      ],
    ],
  },
  {
    id: '4.3',
    title: 'GROUP_DEL of a group on two LIOBNs',
    play: deleteOfTwo,
    expected: [
      [
        [...OLDER, 'v5.4', 'v5.19'],
        [[], []],
      ],
      [
        [...V412S, 'v4.20'],
        [[['t', 1]], []],
      ],
    ],
  },
  {
    id: 'R6',
    title: 'a table that is losing its last reference',
    play: attachDying,
    expected: [
      [OLDER, '0'],
      [[...V412S, ...LATER], '-22'],
    ],
  },
  {
    id: '3.1, order',
    title: 'a LIOBN that is taken beyond the limit of locked memory; a window beyond the last address',
    play: createImpossible,
    expected: [
      [allBut(...LATER), ['-16', 'made, but not modelled']],
      [LATER, ['-12', '-22']],
    ],
  },
];

import { buildMachine } from '../path/machine.js';
import type { Revision } from '../path/revisions/revision.js';
import { ALL, type ConformanceCase, LATER, OLDER, ready, V412S } from './conformance-case.test-helper.js';
import { allBut, LIOBN, machineOps, PlayedScenario, put } from './played-scenario.test-helper.js';

/** A 64 KiB page mapped by ioctl in a region that begins at an odd 4 KiB, on 64 KiB pages of a 4 KiB host. */
function mapInSmallRegion(revision: Revision): string {
  const made = new PlayedScenario(revision, [], { backingShift: 16 });
  const table = { table: 't', pageShift: 16, offset: '0x0', size: '0x200' };
  made.play({ op: 'container', container: 0, tables: [table] });
  made.play({ op: 'register', container: 0, ua: '0x200000001000', size: '0x100000' });
  const map = { op: 'vfioMap', container: 0, iova: '0x0', ua: '0x200000010000', size: '0x10000' };
  return made.outcome({ ...map, read: true, write: true });
}

/** What the specification says of the host's side and of the whole ladder, beside its minimal vectors. */
export const IOCTL_CASES: readonly ConformanceCase[] = [
  {
    id: '2.7',
    title: 'which rung answers H_GET_TCE where there is no real mode',
    play: (revision) => {
      const window = { liobn: 1, pageShift: 12, offset: 0, size: 8192 };
      const { ladder } = buildMachine({ ramBytes: 2 ** 24, path: 'virtual', windows: [window] }, revision);
      ladder.getTce(1, 0, 0);
      return ladder.endedIn;
    },
    expected: [
      [['v5.4', 'v5.19'], { real: 0, virtual: 1, userspace: 0 }],
      [allBut('v5.4', 'v5.19'), { real: 0, virtual: 0, userspace: 1 }],
    ],
  },
  {
    id: '2.4, radix',
    title: 'real mode leaves a radix guest to virtual mode; the older ones know none',
    play: (revision) => {
      try {
        return new PlayedScenario(revision, machineOps(0), { radix: true }).outcome(put('0x0', '0x3'));
      } catch (error) {
        return error instanceof Error && error.message;
      }
    },
    expected: [
      ...OLDER.map((id) => [[id], `revision ${id} knows no radix guests`] as const),
      [[...V412S, ...LATER], '0 virtual'],
    ],
  },
  {
    id: '3.1',
    title: 'entries of a table of 1 on a host of 4 KiB pages',
    play: (revision) => {
      const made = new PlayedScenario(revision, []);
      return made.play({ op: 'createTable', liobn: LIOBN, pageShift: 12, offset: '0x0', size: '0x1' });
    },
    expected: [
      [allBut(...V412S), { ret: 0, size: '0x1' }],
      [V412S, { ret: 0, size: '0x200' }],
    ],
  },
  {
    id: '5, window',
    title: 'an unmap over the end of the window, and a map at an unaligned address',
    play: (revision) => {
      const made = ready(revision);
      const over = made.outcome({ op: 'vfioUnmap', container: 0, iova: '0x1ff000', size: '0x2000' });
      const map = { op: 'vfioMap', container: 0, iova: '0x800', ua: '0x200000000000', size: '0x1000' };
      return [over.replace(/ of .*/, ''), made.outcome({ ...map, read: true, write: true })];
    },
    // From 4.12 on the look at the window forgets the pages, and its macro gives 1 where an errno was meant.
    expected: [
      [OLDER, ['-22', '-22']],
      [
        ['v4.12', ...LATER],
        ['exchange', '1'],
      ],
      [['v4.12+npages'], ['1', '1']],
    ],
  },
  {
    id: '5, page size',
    title: 'a 64 KiB page in a region that is sure of 4 KiB only',
    play: mapInSmallRegion,
    expected: [
      [allBut(...LATER), '0'],
      [LATER, '-22'],
    ],
  },
  {
    id: '4.3',
    title: 'GROUP_DEL of a group that KVM does not know',
    play: (revision) => {
      const made = new PlayedScenario(revision, machineOps(0));
      made.play({ op: 'group', group: 3, container: 0 });
      return made.outcome({ op: 'groupDel', group: 3 });
    },
    expected: [[ALL, '-2']],
  },
];

import {
  ALL,
  type ConformanceCase,
  IN_REAL,
  INTERIMS,
  ready,
  V3_CODED,
  V3S,
  V412S,
} from './conformance-case.test-helper.js';
import {
  allBut,
  indirect,
  machineOps,
  PlayedScenario,
  put,
  stuff,
  userMap,
} from './played-scenario.test-helper.js';

/** Those whose userspace view comes with the first map of user space. */
const LATE_VIEW = [...V3S, ...INTERIMS, ...V412S];
const NEW_PAGE = ['v5.4'];

/** Where an entry is put for the first time: 5.4 makes the page of its guest view in virtual mode. */
const firstPut = (of: readonly string[], value: (rung: string) => unknown) => {
  const has = (id: string) => of.includes(id);
  return [
    [allBut(...NEW_PAGE, 'v5.19').filter(has), value('real')],
    [[...NEW_PAGE, 'v5.19'].filter(has), value('virtual')],
  ] as const;
};

/** T1 to T13: what hypercalls answer. */
export const HCALL_CASES: readonly ConformanceCase[] = [
  {
    id: 'T1',
    title: 'a LIOBN that KVM does not know goes to user space',
    play: (revision) => {
      const made = new PlayedScenario(revision, []);
      return [put('0x0', '0x3'), indirect('0x0', '0x8', '0x201'), stuff('0x1', '0x3', '0x1')].map((op) =>
        made.outcome(op),
      );
    },
    expected: [[ALL, ['9999 user', '9999 user', '9999 user']]],
  },
  {
    id: 'T2',
    title: 'without hardware table a put changes the guest view only',
    play: (revision) => {
      const made = new PlayedScenario(revision, machineOps(0));
      return [made.outcome(put('0x1000', '0x5003')), made.entries];
    },
    expected: firstPut(ALL, (rung) => [`0 ${rung}`, { view: { '0x1': '0x5003' }, hw: {} }]),
  },
  {
    id: 'T3',
    title: 'the first map of a fresh table goes to user space, which makes the userspace view',
    play: (revision) => {
      const made = new PlayedScenario(revision);
      return [made.outcome(put('0x1000', '0x5003')), made.outcome(userMap('0x1000', 0x5000)), made.mapped];
    },
    // The view of the later ones is there with the table.
    expected: [
      [LATE_VIEW, ['9999 user', '0', [2]]],
      ...firstPut(['v4.20', 'v5.4', 'v5.19'], (rung) => [`0 ${rung}`, '0', [2]]),
    ],
  },
  {
    id: 'T4, T5, T6',
    title: 'then maps, maps over a live entry and clears are served in the kernel and counted once',
    play: (revision) => {
      const made = ready(revision);
      return ['0x6003', '0x7003', '0x0'].map((tce) => [made.outcome(put('0x2000', tce)), made.mapped[0]]);
    },
    expected: [
      [
        IN_REAL,
        [
          ['0 real', 3],
          ['0 real', 3],
          ['0 real', 2],
        ],
      ],
      [
        ['v5.19'],
        [
          ['0 virtual', 3],
          ['0 virtual', 3],
          ['0 virtual', 2],
        ],
      ],
    ],
  },
  {
    id: 'T7',
    title: 'a TCE with a bit between page and permissions is refused',
    play: (revision) => ready(revision).outcome(put('0x0', '0x5007')),
    // Virtual mode of the later ones lets user space decide.
    expected: [
      [IN_REAL, '-4 real'],
      [['v5.19'], '9999 user'],
    ],
  },
  {
    id: 'T8, T9',
    title: 'a list of 513, or at an address that is no multiple of 4 KiB, is refused',
    play: (revision) => {
      const made = ready(revision);
      return [indirect('0x0', '0x100000', '0x201'), indirect('0x0', '0x100008', '0x1')].map((op) =>
        made.outcome(op),
      );
    },
    expected: [
      [IN_REAL, ['-4 real', '-4 real']],
      [['v5.19'], ['-4 virtual', '-4 virtual']],
    ],
  },
  {
    id: 'T10',
    title: 'poison by H_STUFF_TCE',
    play: (revision) => {
      const made = ready(revision);
      return [made.outcome(stuff('0x0', '0x1000', '0x1')), made.entries];
    },
    expected: [
      [
        [...V3S, ...INTERIMS],
        ['-4 real', { view: { '0x0': '0x3' }, hw: { '0x0': '0x3' } }],
      ],
      [
        [...V412S, 'v4.20', 'v5.4'],
        ['0 real', { view: { '0x0': '0x1000' }, hw: {} }],
      ],
      [['v5.19'], ['0 virtual', { view: { '0x0': '0x1000' }, hw: {} }]],
    ],
  },
  {
    id: 'T11',
    title: 'an address in a hole',
    play: (revision) => ready(revision).outcome(put('0x1000', '0x10000003')),
    expected: [
      [V3_CODED, '-1 real'],
      [['v3+codes', ...INTERIMS, ...V412S], '-4 real'],
      [['v4.20', 'v5.4', 'v5.19'], '9999 user'],
    ],
  },
  {
    id: 'T12',
    title: 'a slot without region',
    play: (revision) => {
      const made = ready(revision);
      return [made.outcome(put('0x1000', '0x1800003')), made.outcome(userMap('0x1000', 0x180_0000))];
    },
    // User space logs the second and tells the guest of a success.
    expected: [
      [V3S, ['-1 real', '-22']],
      [allBut(...V3S), ['9999 user', '-22']],
    ],
  },
  {
    id: 'T13',
    title: 'a region that is being removed',
    play: (revision) => {
      const made = ready(revision);
      made.play({ op: 'memslot', gpa: '0x4000000', ua: '0x200004000000', size: '0x100000' });
      const region = { container: 0, ua: '0x200004000000', size: '0x100000' };
      made.play({ op: 'register', ...region });
      made.play({ op: 'unregisterBegin', ...region });
      const outcome = made.outcome(put('0x0', '0x4000003'));
      const { view, hw } = made.entries;
      return [outcome, view['0x0'], hw['0x0'] ?? 'clear', made.mapped];
    },
    expected: [
      [
        [...V3S, ...INTERIMS],
        ['-1 real', '0x3', '0x3', [2, 0]],
      ],
      [V412S, ['0 real', '0x4000003', 'clear', [2, 0]]],
      [
        ['v4.20', 'v5.4', 'v5.19'],
        ['9999 user', '0x3', 'clear', [2, 0]],
      ],
    ],
  },
];

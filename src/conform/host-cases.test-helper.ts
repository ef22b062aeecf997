import {
  ALL,
  type ConformanceCase,
  IN_REAL,
  INTERIMS,
  ready,
  V3S,
  V412S,
} from './conformance-case.test-helper.js';
import { allBut, indirect, LIOBN, PlayedScenario, put, stuff, UA } from './played-scenario.test-helper.js';

const exchanges = (made: PlayedScenario) => {
  const [table] = made.dump().tables;
  return (table?.xchg ?? 0) + (table?.xchgRm ?? 0);
};

/** T14 to T20 without T15: groups, regions, and the defects of lists. */
export const HOST_CASES: readonly ConformanceCase[] = [
  {
    id: 'T14',
    title: 'four groups on one table: exchanges of one put, and its end state',
    play: (revision) => {
      const made = ready(revision, 4);
      const before = exchanges(made);
      made.play(put('0x1000', '0x5003'));
      return [exchanges(made) - before, made.entries.hw['0x1'], made.mapped];
    },
    expected: [
      [
        [...V3S.filter((id) => id !== 'v3+C5'), ...INTERIMS],
        [4, '0x5003', [3]],
      ],
      [
        ['v3+C5', ...V412S, 'v4.20', 'v5.4', 'v5.19'],
        [1, '0x5003', [3]],
      ],
    ],
  },
  {
    id: 'T16',
    title: 'a mapped region stays registered',
    play: (revision) => {
      const made = ready(revision);
      const ret = made.outcome({ op: 'unregister', container: 0, ua: UA, size: '0x1000000' });
      return [ret, made.dump().regions[0]?.used];
    },
    expected: [[ALL, ['-16', 1]]],
  },
  {
    id: 'T17',
    title: 'a second SET of the same group',
    play: (revision) => {
      const made = new PlayedScenario(revision);
      const ret = made.outcome({ op: 'setSpaprTce', group: 0, liobn: LIOBN });
      return [ret, made.dump().liobns[0]?.attached];
    },
    expected: [
      [
        [...V3S.filter((id) => id !== 'v3+C5'), ...INTERIMS],
        [
          '0',
          [
            ['t', 1],
            ['t', 1],
          ],
        ],
      ],
      [
        ['v3+C5', ...V412S, 'v4.20', 'v5.4', 'v5.19'],
        ['0', [['t', 2]]],
      ],
    ],
  },
  {
    id: 'T18',
    title: 'SET for a group that KVM does not know',
    play: (revision) => {
      const made = new PlayedScenario(revision);
      made.play({ op: 'group', group: 9, container: 0 });
      return made.outcome({ op: 'setSpaprTce', group: 9, liobn: LIOBN });
    },
    expected: [[ALL, '-2']],
  },
  {
    id: 'T19',
    title:
      'a list of three: the interim revision maps the first all over and writes the guest view behind the range',
    play: (revision) => {
      const made = ready(revision);
      made.play({ op: 'writeGuest', gpa: '0x100000', words: ['0x5003', '0x6003', '0x7003'] });
      made.play(indirect('0x1000', '0x100000', '0x3'));
      return made.entries;
    },
    expected: [
      [
        ['interim'],
        {
          view: { '0x0': '0x3', '0x4': '0x5003' },
          hw: { '0x0': '0x3', '0x1': '0x5003', '0x2': '0x5003', '0x3': '0x5003' },
        },
      ],
      [
        allBut('interim'),
        {
          view: { '0x0': '0x3', '0x1': '0x5003', '0x2': '0x6003', '0x3': '0x7003' },
          hw: { '0x0': '0x3', '0x1': '0x5003', '0x2': '0x6003', '0x3': '0x7003' },
        },
      ],
    ],
  },
  {
    id: 'T20',
    title: 'an entry without permission in a list is mapped and stays counted for ever',
    play: (revision) => {
      const made = ready(revision);
      made.play({ op: 'writeGuest', gpa: '0x100000', words: ['0x5003', '0x6000'] });
      const outcome = made.outcome(indirect('0x1000', '0x100000', '0x2'));
      const { hw } = made.entries;
      made.play(stuff('0x0', '0x0', '0x3'));
      return [outcome, hw['0x2'], made.mapped];
    },
    // The interim revision maps the first entry of the list in its place.
    expected: [
      [['interim'], ['0 real', '0x5003', [1]]],
      [IN_REAL.filter((id) => id !== 'interim'), ['0 real', '0x6000', [2]]],
      [['v5.19'], ['0 virtual', '0x6000', [2]]],
    ],
  },
];

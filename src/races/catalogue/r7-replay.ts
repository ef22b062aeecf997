import type { Revision } from '../../path/revisions/revision.js';
import { gpaOf, uaOf } from '../guest-memory.js';
import type { Race, RaceEnd } from '../race.js';
import { type RaceMachine, wordOf } from '../race-machine.js';
import { vcpuClears, vcpuPutsList } from './actors.js';
import { INTERIM, ONE_READ, POSTED } from './reading.js';

const NO_REAL_MODE = 'without real mode nothing is done twice';
/** Revisions with real mode in which a failure leaves entries alone that were mapped before it. */
const REAL_MODE_FORERUNNERS = [...POSTED, ...ONE_READ, ...INTERIM];

/** The same actors where real mode does not fail, and nothing is done twice. */
const EACH_ONCE = { granularity: 'operation', setUp: setUpReachable } as const;

/** R7: real mode does half of a list, virtual mode does all of it again. */
export const R7: Race = {
  id: 'R7',
  title: 'replay after partial work',
  statement:
    'Entry 1 holds X, whose page descriptor real mode cannot reach: real mode maps entry 0, fails at entry 1, and ' +
    'virtual mode does the whole list again. What another vCPU cleared in between is mapped once more. That is ' +
    'allowed, hypercalls are not atomic, as long as some order of whole operations on single TCEs, each done once, ' +
    'gives the same end state.',
  actors: [vcpuPutsList(0, 0, 2), vcpuClears(1, 0)],
  setUp: (machine) => {
    setUpReachable(machine);
    machine.host.pages.setReachableInRealMode(uaOf(gpaOf('X')), false);
  },
  epilogue: [],
  unsuitable: ({ real }: Revision) => (real === null ? NO_REAL_MODE : null),
  checks: [
    {
      id: 'again',
      title: 'an entry that the other vCPU has cleared is mapped again (allowed)',
      granularity: 'step',
      explainedBy: { granularity: 'call' },
      holds: isMappedAgain,
      reading: [
        {
          revisions: [...REAL_MODE_FORERUNNERS, 'v4.20', 'v5.4'],
          verdict: 'found',
          because: 'a rung starts from scratch',
        },
        { revisions: ['v5.19'], verdict: 'not applicable', because: NO_REAL_MODE },
      ],
    },
    {
      id: 'torn',
      title: 'interleaved at each step: an end state that no order of whole operations gives',
      granularity: 'step',
      explainedBy: EACH_ONCE,
      holds: (_, isExplained) => !isExplained,
      reading: [
        {
          revisions: [...REAL_MODE_FORERUNNERS, 'v4.20', 'v5.4'],
          verdict: 'found',
          because: 'the map and the clear of one entry are no whole operations, as in R2',
        },
        { revisions: ['v5.19'], verdict: 'not applicable', because: NO_REAL_MODE },
      ],
    },
    {
      id: 'unexplained',
      title: 'whole operations interleaved: an end state that no order of them gives, each done once',
      granularity: 'operation',
      explainedBy: EACH_ONCE,
      holds: (_, isExplained) => !isExplained,
      reading: [
        {
          revisions: REAL_MODE_FORERUNNERS,
          verdict: 'not found',
          because: 'mapping an entry twice counts it once',
        },
        {
          revisions: ['v4.20', 'v5.4'],
          verdict: 'found',
          because: 'real mode clears entry 0 after the failure and does not uncount it (I3)',
        },
        { revisions: ['v5.19'], verdict: 'not applicable', because: NO_REAL_MODE },
      ],
    },
  ],
};

function setUpReachable(machine: RaceMachine): void {
  machine.mapBefore(1, 'X');
  machine.storeList(0, wordOf('A'));
  machine.storeList(1, wordOf('B'));
}

/** Entry 0 was clear at first, so that what its clearing found was mapped by the other vCPU before. */
function isMappedAgain({ logs, state }: RaceEnd): boolean {
  const cleared = logs[1]?.steps.some(
    ({ kind, at, result }) => kind === 'exchange' && at === 0 && result !== 0,
  );
  return cleared === true && state.entries[0]?.isValid === true;
}

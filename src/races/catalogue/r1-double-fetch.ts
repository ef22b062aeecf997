import { addressOf, TCE_PERMISSIONS } from '../../papr/tce.js';
import { CRASH } from '../execution.js';
import { gpaOf, uaOf } from '../guest-memory.js';
import { never, type Race } from '../race.js';
import { wordOf } from '../race-machine.js';
import type { EntryState } from '../race-state.js';
import { guestRewrites, vcpuPutsList } from './actors.js';
import { INTERIM, ONE_READ, POSTED, VALIDATING } from './reading.js';

/** In no page of its own: an exchange with it stops the host. */
const MISALIGNED = gpaOf('X') + 0x800 + TCE_PERMISSIONS;

/** R1: the guest writes its list between two reads of it. */
export const R1: Race = {
  id: 'R1',
  title: 'double fetch of a TCE list',
  statement:
    'The list of H_PUT_TCE_INDIRECT stands in guest memory, which the guest may write at any time. A handler that ' +
    'checks what it read and then reads again uses what it never checked.',
  actors: [vcpuPutsList(0, 0, 1), guestRewrites(0, [wordOf('B'), MISALIGNED])],
  setUp: (machine) => machine.storeList(0, wordOf('A')),
  epilogue: [],
  unsuitable: never,
  checks: [
    {
      id: 'hostFault',
      title: 'an unchecked address reaches the exchange and stops the host',
      granularity: 'step',
      explainedBy: { granularity: 'call' },
      holds: ({ results }, isExplained) => results.includes(CRASH) && !isExplained,
      reading: [
        {
          revisions: POSTED,
          verdict: 'found',
          because: 'each table checks in one pass and maps in a second',
        },
        {
          revisions: INTERIM,
          verdict: 'found',
          because: 'the list is checked in one pass and mapped in a second',
        },
        { revisions: ONE_READ, verdict: 'not found', because: 'what is checked is what is mapped: one read' },
        {
          revisions: VALIDATING,
          verdict: 'found',
          because: 'alignment is not checked again after the second read',
        },
      ],
    },
    {
      id: 'view',
      title: 'the guest view tells another page than hardware maps',
      granularity: 'step',
      explainedBy: { granularity: 'call' },
      holds: ({ results, state }, isExplained) =>
        !results.includes(CRASH) && !isExplained && state.entries.some(tellsAnotherPage),
      reading: [
        { revisions: POSTED, verdict: 'found', because: 'the guest view is stored from a third read' },
        {
          revisions: [...ONE_READ, ...INTERIM, ...VALIDATING],
          verdict: 'not found',
          because: 'hardware and guest view get the same read',
        },
      ],
    },
  ],
};

function tellsAnotherPage({ isValid, hardwareUa, guestHi, guestLo }: EntryState): boolean {
  const isSet = (guestLo & TCE_PERMISSIONS) !== 0;
  if (isSet !== isValid) return true;
  return isSet && uaOf(addressOf(guestHi, guestLo)) !== hardwareUa;
}

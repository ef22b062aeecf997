import { never, type Race } from '../race.js';
import { strayEntries } from '../race-state.js';
import { unregisters, vcpuPuts } from './actors.js';
import { EVERY } from './reading.js';

/** R2: two vCPUs map one entry to pages of different regions. */
export const R2: Race = {
  id: 'R2',
  title: 'one entry, two vCPUs, two regions',
  statement:
    'The exchange of an entry is atomic, the store to it_userspace beside it is not coupled to it. Of two vCPUs one may ' +
    'win the exchange and the other the store: the old mapping is then uncounted by the wrong user address, and a ' +
    'region that hardware maps can be unregistered.',
  actors: [vcpuPuts(0, 0, 'A'), vcpuPuts(1, 0, 'B')],
  setUp: (machine) => machine.mapBefore(0, 'X'),
  epilogue: [unregisters(0), unregisters(1)],
  unsuitable: never,
  checks: [
    {
      id: 'stray',
      title: 'a region is unregistered while hardware maps a page of it (I6)',
      granularity: 'step',
      explainedBy: { granularity: 'call' },
      holds: ({ stateAfterwards }) => strayEntries(stateAfterwards).length > 0,
      reading: [
        { revisions: EVERY, verdict: 'found', because: 'no version locks an entry and its view together' },
      ],
    },
    {
      id: 'unserial',
      title: 'an end state that no order of the two calls gives',
      granularity: 'step',
      explainedBy: { granularity: 'call' },
      holds: (_, isExplained) => !isExplained,
      reading: [
        { revisions: EVERY, verdict: 'found', because: 'no version locks an entry and its view together' },
      ],
    },
  ],
};

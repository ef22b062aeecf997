import { never, type Race, type RaceEnd } from '../race.js';
import { ioctlResultName, unregisters, vcpuPuts } from './actors.js';
import { EVERY } from './reading.js';

/** R3: a region is unregistered while a page of it is mapped for the first time. */
export const R3: Race = {
  id: 'R3',
  title: 'unregister against map',
  statement:
    'A map counts its region unless the count is 0; an unregister swaps the count from 1 to 0. Exactly one of them can ' +
    'win: either the ioctl hears -EBUSY, or the map finds the region dying or gone.',
  actors: [vcpuPuts(0, 0, 'B'), unregisters(1)],
  setUp: () => {},
  epilogue: [],
  unsuitable: never,
  checks: [
    {
      id: 'both',
      title: 'both win: hardware maps a page of a region that is unregistered (I6)',
      granularity: 'step',
      explainedBy: { granularity: 'call' },
      holds: (end) => isMapped(end) && isUnregistered(end),
      reading: [
        { revisions: EVERY, verdict: 'not found', because: 'count unless 0 against swap of 1 with 0' },
      ],
    },
    {
      id: 'none',
      title: 'none wins: nothing is mapped, and the region stays registered',
      granularity: 'step',
      explainedBy: { granularity: 'call' },
      holds: (end) => !isMapped(end) && !isUnregistered(end),
      reading: [
        {
          revisions: EVERY,
          verdict: 'not found',
          because: 'the ioctl is refused only where the map has counted',
        },
      ],
    },
  ],
};

function isMapped({ state }: RaceEnd): boolean {
  return state.entries[0]?.isValid === true;
}

function isUnregistered({ results }: RaceEnd): boolean {
  return results[1] === ioctlResultName(0);
}

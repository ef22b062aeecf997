import { CRASH } from '../execution.js';
import { never, type Race, type Reading } from '../race.js';
import { removesWindow, setsTable } from './actors.js';
import { INTERIM, POSTED, VALIDATING } from './reading.js';

const READING: readonly Reading[] = [
  {
    revisions: [...POSTED, 'v3+C13', ...INTERIM],
    verdict: 'found',
    because: 'the reference is taken without a look at what is left of them',
  },
  {
    revisions: ['v4.12', 'v4.12+npages', ...VALIDATING],
    verdict: 'not found',
    because: 'the reference is refused where none is left',
  },
];

/** R6: a window is removed while KVM is told to follow its table. */
export const R6: Race = {
  id: 'R6',
  title: 'window removal against attachment',
  statement:
    'KVM finds the table of a group and takes a reference of it; the removal of the window gives back the last one and ' +
    'frees the table. A reference taken in between must be refused, or the guest view follows memory that is freed.',
  actors: [setsTable(), removesWindow()],
  setUp: (machine) => machine.detachBefore(),
  epilogue: [],
  unsuitable: never,
  checks: [
    {
      id: 'revived',
      title:
        'a table that has lost its last reference gets a new one while it is being freed, which stops the host',
      granularity: 'step',
      explainedBy: { granularity: 'call' },
      holds: ({ results }, isExplained) => !isExplained && results.includes(CRASH),
      reading: READING,
    },
    {
      id: 'freed',
      title: 'the guest view follows a table that is freed',
      granularity: 'step',
      explainedBy: { granularity: 'call' },
      holds: ({ state: { table } }) => table.isAttached && table.isFreed,
      reading: READING,
    },
  ],
};

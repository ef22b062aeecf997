import { never, type Race, type RaceEnd } from '../race.js';
import { vcpuClears, vcpuPuts } from './actors.js';
import { INTERIM, POSTED, VALIDATING } from './reading.js';

/** R2 with a third vCPU: what the clearing of an entry puts back may not be what was there last. */
export const R2_CLEAR: Race = {
  id: 'R2-clear',
  title: 'one entry, two maps and a clear',
  statement:
    'A clear that cannot uncount what it cleared, because the map before it has not stored its user address yet, puts ' +
    'the old mapping back by a second exchange. Nobody looks at what that exchange gives back: what a third vCPU has ' +
    'mapped in between is lost, and stays counted.',
  actors: [vcpuPuts(0, 0, 'A'), vcpuPuts(1, 0, 'B'), vcpuClears(2, 0)],
  setUp: () => {},
  epilogue: [],
  unsuitable: never,
  checks: [
    {
      id: 'lost',
      title: 'a mapping is overwritten and never uncounted (I24)',
      granularity: 'step',
      explainedBy: { granularity: 'call' },
      holds: losesMapping,
      reading: [
        {
          revisions: [...POSTED, 'v3+C13'],
          verdict: 'not found',
          because: 'a clear that fails leaves the entry clear',
        },
        {
          revisions: [...INTERIM, 'v4.12', 'v4.12+npages', ...VALIDATING],
          verdict: 'found',
          because: 'a clear that fails puts the old entry back, whatever is there now',
        },
      ],
    },
  ],
};

/** A valid entry came back from an exchange that followed a search in vain: from one that restored. */
function losesMapping({ logs }: RaceEnd): boolean {
  const steps = logs[2]?.steps ?? [];
  return steps.some(({ kind, result }, i) => {
    const before = steps[i - 1];
    return kind === 'exchange' && result !== 0 && before?.kind === 'lookup' && before.result === -1;
  });
}

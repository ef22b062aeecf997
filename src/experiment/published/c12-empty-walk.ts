import { POWER8_2017 } from '../../cost/profiles/power8-2017.js';
import { V4_12 } from '../../path/revisions/v4-12.js';
import { emptyEntryNs } from './empty-walk.js';
import { type PublishedResult, rounded } from './published-result.js';

const ENTRIES = 1e9;
const SEC_PER_MINUTE = 60;

/** The walk of a window that was never used, when its guest shuts down. */
export const C12: PublishedResult = {
  id: 'C12',
  name: 'empty-walk',
  source:
    'tag kvm-ppc-next-4.20-2, "KVM: PPC: Optimize clearing TCEs for sparse tables": 3 minutes for 10^9 TCEs',
  mark: 'A',
  remark:
    'it would give 180 ns for an empty entry, but no arm of a run walks one, so no constant is made of it: what is modelled are the assumed ranges of exchange and invalidation, and that they hold the figure counts for nothing',
  // A guest that clears its window at boot walks empty entries too, by hypercalls of 512 each.
  scenario: {
    host: { path: 'virtual', revision: 'v4.12', cost: 'power8-2017' },
    guest: { bootClear: true, multiTce: true },
  },
  figures: [
    {
      what: 'walk of 10^9 empty entries at shutdown',
      role: 'calibrated',
      unit: 's',
      published: {
        low: rounded(3, 1).low * SEC_PER_MINUTE,
        high: rounded(3, 1).high * SEC_PER_MINUTE,
      },
      how: 'a container with an unused table is closed on v4.12, an exchange and an invalidation an entry, over the ranges of power8-2017',
      model: () => {
        const { low, high } = emptyEntryNs(POWER8_2017, V4_12);
        return { low: (low * ENTRIES) / 1e9, high: (high * ENTRIES) / 1e9 };
      },
    },
  ],
};

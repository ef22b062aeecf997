import { H_HARDWARE, H_PARAMETER, H_TOO_HARD } from '../../papr/hcall-return.js';
import type { ListByEntriesPolicy } from './mode-policy.js';
import type { Revision } from './revision.js';
import { V3, V3_REAL, V3_VIRTUAL } from './v3.js';

/** v3 with one counted descriptor for each hardware table, so that groups that share a table share the work. */
export const V3_C5: Revision = {
  ...V3,
  id: 'v3+C5',
  title: 'v3 with one descriptor for each table',
  review: 'C5, C12: groups on one table repeat updates',
  evidence: 'derived',
  scenarioKernel: 'v3+C5',
  attach: { ...V3.attach, sharing: 'by-table' },
};

/** v3 with every word of a list asked for by `get_user`. */
export const V3_C11: Revision = {
  ...V3,
  id: 'v3+C11',
  title: 'v3 with checked reads of lists',
  review: 'C11: a user pointer is dereferenced',
  evidence: 'derived',
  scenarioKernel: 'v3+C11',
  virtual: { ...V3_VIRTUAL, list: 'get-user' },
};

const C13 = {
  order: 'entries',
  checksListFirst: false,
  slotLookup: 'once-for-tables',
} as const satisfies Partial<ListByEntriesPolicy>;

/** v3 with the entries of a list in the outer loop, the tables in the inner one, and one backend for one TCE. */
export const V3_C13: Revision = {
  ...V3,
  id: 'v3+C13',
  title: 'v3 with tables in the inner loop of a list',
  review: 'C13: no backend of its own for lists',
  evidence: 'derived',
  scenarioKernel: 'v3+C13',
  real: { ...V3_REAL, ...C13 },
  virtual: { ...V3_VIRTUAL, ...C13 },
};

/**
 * v3 with the return codes that the review asked for; where it was content, the code stays, and where it only asks what
 * the case is, the code is the interim revision's.
 */
export const V3_CODES: Revision = {
  ...V3,
  id: 'v3+codes',
  title: 'v3 with the codes of the review',
  review: 'C6..C10, C14..C17: whose fault it is',
  evidence: 'derived',
  scenarioKernel: 'v3+codes',
  real: {
    ...V3_REAL,
    // C17, C9: a bad address is the guest's fault; a page that only real mode cannot reach is virtual mode's to do.
    map: {
      ...V3_REAL.map,
      noSlot: H_PARAMETER,
      noHostAddress: H_TOO_HARD,
      userspaceViewOutOfReach: H_TOO_HARD,
    },
    // C14, C15: not finding the userspace view is no success.
    unmap: { ...V3_REAL.unmap, noUserspaceView: H_HARDWARE, userspaceViewOutOfReach: H_TOO_HARD },
  },
  virtual: { ...V3_VIRTUAL, map: { ...V3_VIRTUAL.map, noSlot: H_PARAMETER } },
};

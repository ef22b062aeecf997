import { H_HARDWARE, H_PARAMETER, H_TOO_HARD } from '../../papr/hcall-return.js';
import type { FirstEntryPolicy, ListByEntriesPolicy } from './mode-policy.js';
import type { Revision } from './revision.js';
import { V3, V3_REAL, V3_VIRTUAL } from './v3.js';

const CHANGES = {
  order: 'first-entry',
  map: { ...V3_REAL.map, noSlot: H_PARAMETER, noRegion: H_TOO_HARD },
  stuffFailure: 'return',
} as const satisfies Partial<FirstEntryPolicy>;

const REAL: FirstEntryPolicy = {
  ...V3_REAL,
  ...CHANGES,
  unmap: {
    exchangeFailed: H_HARDWARE,
    noUserspaceView: H_HARDWARE,
    userspaceViewOutOfReach: H_TOO_HARD,
    noRegion: H_TOO_HARD,
    restores: true,
  },
};

const VIRTUAL: FirstEntryPolicy = {
  ...V3_VIRTUAL,
  ...CHANGES,
  unmap: { ...V3_VIRTUAL.unmap, noRegion: H_TOO_HARD, restores: true },
  list: 'get-user',
};

/**
 * A revision between v3 and the merge, as it stands in a public tree: most of the review is in it, and a defect: the
 * loop over the tables uses the index of the list.
 */
export const INTERIM: Revision = {
  ...V3,
  id: 'interim',
  title: 'before the merge; the index of a list is wrong',
  review: 'most comments answered, C5 not',
  evidence: 'reading',
  scenarioKernel: 'interim',
  real: REAL,
  virtual: VIRTUAL,
  attach: { ...V3.attach, fit: 'same-size' },
};

const FIXED = { order: 'entries', checksListFirst: true } as const satisfies Partial<ListByEntriesPolicy>;

/** The same with two indices. */
export const INTERIM_FIXED: Revision = {
  ...INTERIM,
  id: 'interim-fixed',
  title: 'interim with an index for each loop',
  evidence: 'derived',
  scenarioKernel: 'interim-fixed',
  real: { ...REAL, ...FIXED },
  virtual: { ...VIRTUAL, ...FIXED },
};

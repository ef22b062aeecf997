import type { MapCodes, UnmapCodes } from '../../host/entry-codes.js';
import { EINVAL } from '../../host/errno.js';
import { GUEST_VIEW_4_10 } from '../../host/guest-view-policy.js';
import { REAL_MODE, VIRTUAL_MODE } from '../../host/mmu-mode.js';
import { VFIO_4_10 } from '../../host/vfio-policy.js';
import { H_CLOSED, H_HARDWARE, H_PARAMETER, H_TOO_HARD } from '../../papr/hcall-return.js';
import type { ListByEntriesPolicy } from './mode-policy.js';
import type { Revision } from './revision.js';

const MAP_CODES: MapCodes = {
  noUserspaceView: H_TOO_HARD,
  noSlot: H_PARAMETER,
  noRegion: H_TOO_HARD,
  noHostAddress: H_HARDWARE,
  userspaceViewOutOfReach: H_HARDWARE,
  regionDying: H_CLOSED,
  exchangeFailed: H_TOO_HARD,
};

const UNMAP_CODES: UnmapCodes = {
  exchangeFailed: H_TOO_HARD,
  noUserspaceView: H_TOO_HARD,
  userspaceViewOutOfReach: H_HARDWARE,
  noRegion: H_TOO_HARD,
  restores: true,
};

const BOTH_MODES: Omit<ListByEntriesPolicy, 'mode' | 'list' | 'map' | 'unmap'> = {
  order: 'entries',
  checksListFirst: false,
  misaligned: H_PARAMETER,
  notMappable: null,
  slotLookup: 'once',
  countsPages: false,
  acceptsPoison: true,
  checksTables: false,
  afterFailure: 'clear-and-continue',
  clearedEntry: 'first',
  stuffFailure: 'clear-and-continue',
  invalidation: 'exchange',
  checksRegionPages: false,
  allocatesLevels: false,
  needsGuestViewPage: false,
};

/** Real mode of v4.12. */
export const V4_12_REAL: ListByEntriesPolicy = {
  ...BOTH_MODES,
  mode: REAL_MODE,
  map: MAP_CODES,
  unmap: UNMAP_CODES,
  list: 'registered-or-page-table',
};

/** Virtual mode of v4.12. */
export const V4_12_VIRTUAL: ListByEntriesPolicy = {
  ...BOTH_MODES,
  mode: VIRTUAL_MODE,
  map: { ...MAP_CODES, exchangeFailed: H_HARDWARE },
  unmap: { ...UNMAP_CODES, exchangeFailed: H_HARDWARE },
  list: 'get-user',
};

/** Linux 4.12, the first release with the merged patch; arch/powerpc/kvm/book3s_64_vio*.c stay so up to 4.13. */
export const V4_12: Revision = {
  id: 'v4.12',
  title: 'as merged; the window check forgets npages',
  review: 'answers all; swallows errors, unasked',
  evidence: 'vectors',
  scenarioKernel: 'v4.12',
  real: V4_12_REAL,
  virtual: V4_12_VIRTUAL,
  attach: {
    fit: 'same-size',
    noFittingTable: EINVAL,
    foreignTable: EINVAL,
    sharing: 'by-table',
    removal: 'first-match',
    resurrectsTables: false,
    leaksGroupOnFailure: false,
    leaksTableOnReuse: true,
  },
  // A logical "or" in the macro of the check gives 1 where an errno was meant.
  vfio: { ...VFIO_4_10, misplacedIova: 1, countsPages: false },
  guestView: { ...GUEST_VIEW_4_10, roundsSize: true },
  answersGetInVirtualMode: false,
  knowsRadixGuests: true,
};

/** The same with a window check that counts the pages, as its signature intends. */
export const V4_12_NPAGES: Revision = {
  ...V4_12,
  id: 'v4.12+npages',
  title: '4.12 with a window check of all pages',
  scenarioKernel: 'v4.12+npages',
  real: { ...V4_12_REAL, countsPages: true },
  virtual: { ...V4_12_VIRTUAL, countsPages: true },
  vfio: { ...V4_12.vfio, countsPages: true },
};

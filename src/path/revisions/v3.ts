import type { MapCodes, UnmapCodes } from '../../host/entry-codes.js';
import { ENODEV } from '../../host/errno.js';
import { GUEST_VIEW_4_10 } from '../../host/guest-view-policy.js';
import { REAL_MODE, VIRTUAL_MODE } from '../../host/mmu-mode.js';
import { VFIO_4_10 } from '../../host/vfio-policy.js';
import { H_HARDWARE, H_PARAMETER, H_SUCCESS, H_TOO_HARD } from '../../papr/hcall-return.js';
import type { ListByTablesPolicy } from './mode-policy.js';
import type { Revision } from './revision.js';

const MAP_CODES: MapCodes = {
  noUserspaceView: H_TOO_HARD,
  noSlot: H_HARDWARE,
  noRegion: H_HARDWARE,
  noHostAddress: H_HARDWARE,
  userspaceViewOutOfReach: H_HARDWARE,
  regionDying: H_HARDWARE,
  exchangeFailed: H_TOO_HARD,
};

const UNMAP_CODES: UnmapCodes = {
  exchangeFailed: H_HARDWARE,
  noUserspaceView: H_HARDWARE,
  userspaceViewOutOfReach: H_HARDWARE,
  noRegion: H_HARDWARE,
  restores: false,
};

const BOTH_MODES: Omit<ListByTablesPolicy, 'mode' | 'list' | 'unmap'> = {
  map: MAP_CODES,
  order: 'tables',
  misaligned: H_PARAMETER,
  notMappable: null,
  slotLookup: 'each-table',
  countsPages: true,
  acceptsPoison: false,
  checksTables: true,
  afterFailure: 'return',
  clearedEntry: 'first',
  stuffFailure: 'ignore',
  invalidation: 'exchange',
  checksRegionPages: false,
  allocatesLevels: false,
  needsGuestViewPage: false,
};

/** Real mode of v3. The review asked why a missing userspace view is a success here only; as posted it is. */
export const V3_REAL: ListByTablesPolicy = {
  ...BOTH_MODES,
  mode: REAL_MODE,
  unmap: { ...UNMAP_CODES, noUserspaceView: H_SUCCESS, userspaceViewOutOfReach: H_SUCCESS },
  list: 'registered',
};

/** Virtual mode of v3. */
export const V3_VIRTUAL: ListByTablesPolicy = {
  ...BOTH_MODES,
  mode: VIRTUAL_MODE,
  unmap: UNMAP_CODES,
  list: 'pointer',
};

/** The patch as posted in December 2016: "[PATCH kernel v3] KVM: PPC: Add in-kernel acceleration for VFIO". */
export const V3: Revision = {
  id: 'v3',
  title: 'as posted in December 2016',
  review: '18 comments; not merged so',
  evidence: 'vectors',
  scenarioKernel: 'v3-patch',
  real: V3_REAL,
  virtual: V3_VIRTUAL,
  attach: {
    fit: 'page-size-and-offset',
    noFittingTable: ENODEV,
    foreignTable: ENODEV,
    sharing: 'none',
    removal: 'own-descriptors',
    resurrectsTables: true,
    leaksGroupOnFailure: true,
    leaksTableOnReuse: false,
  },
  vfio: VFIO_4_10,
  guestView: GUEST_VIEW_4_10,
  answersGetInVirtualMode: false,
  knowsRadixGuests: false,
};

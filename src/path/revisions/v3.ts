import type { MapCodes } from '../../host/entry-codes.js';
import { ENODEV } from '../../host/errno.js';
import { REAL_MODE, VIRTUAL_MODE } from '../../host/mmu-mode.js';
import { VFIO_4_10 } from '../../host/vfio-policy.js';
import { H_HARDWARE, H_SUCCESS, H_TOO_HARD } from '../../papr/hcall-return.js';
import type { ModePolicy, Revision } from './revision.js';

const MAP_CODES: MapCodes = {
  noView: H_TOO_HARD,
  noSlot: H_HARDWARE,
  noRegion: H_HARDWARE,
  regionDying: H_HARDWARE,
  exchangeFailed: H_TOO_HARD,
};

const BOTH_MODES: Omit<ModePolicy, 'mode' | 'list' | 'unmap'> = {
  map: MAP_CODES,
  order: 'tables',
  countsPages: true,
  acceptsPoison: false,
  checksTables: true,
  clearsAndContinues: false,
  stuffIgnoresFailures: true,
};

/** The patch as posted in December 2016: "[PATCH kernel v3] KVM: PPC: Add in-kernel acceleration for VFIO". */
export const V3: Revision = {
  id: 'v3',
  title: 'the patch as posted in December 2016',
  evidence: 'vectors',
  scenarioKernel: 'v3-patch',
  real: {
    ...BOTH_MODES,
    mode: REAL_MODE,
    // The review asked why a missing view is a success in real mode only; as posted it is.
    unmap: { exchangeFailed: H_HARDWARE, noView: H_SUCCESS, noRegion: H_HARDWARE, restores: false },
    list: 'registered',
  },
  virtual: {
    ...BOTH_MODES,
    mode: VIRTUAL_MODE,
    unmap: { exchangeFailed: H_HARDWARE, noView: H_HARDWARE, noRegion: H_HARDWARE, restores: false },
    list: 'pointer',
  },
  attach: { noFittingTable: ENODEV, comparesSize: false, sharesDescriptors: false },
  vfio: VFIO_4_10,
  roundsTableSize: false,
  knowsRadixGuests: false,
};

import { H_HARDWARE, H_SUCCESS, H_TOO_HARD } from '../../papr/hcall-return.js';
import type { MapCodes, Revision } from './revision.js';

const MAP_CODES: MapCodes = {
  noView: H_TOO_HARD,
  noSlot: H_HARDWARE,
  noRegion: H_HARDWARE,
  regionDying: H_HARDWARE,
};

/** The patch as posted in December 2016: "[PATCH kernel v3] KVM: PPC: Add in-kernel acceleration for VFIO". */
export const V3: Revision = {
  id: 'v3',
  title: 'the patch as posted in December 2016',
  evidence: 'vectors',
  real: {
    map: MAP_CODES,
    // The review asked why a missing view is a success in real mode only; as posted it is.
    uncount: { noView: H_SUCCESS, noRegion: H_HARDWARE },
    list: 'registered',
  },
  virtual: {
    map: MAP_CODES,
    uncount: { noView: H_HARDWARE, noRegion: H_HARDWARE },
    list: 'user',
  },
};

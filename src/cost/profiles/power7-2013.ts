import { assumed } from '../constant.js';
import type { CostProfile } from '../cost-profile.js';
import { EXIT_BEYOND_VIRTUAL, REAL_MODE_HCALL, SHARED_RANGES, STORE_INVALIDATES } from './shared-ranges.js';

/** Probably the claim's machine: the sentence with 220 MB/s is from August 2013. */
export const POWER7_2013: CostProfile = {
  id: 'power7-2013',
  title: 'POWER7 host of 2013, pages pinned for each map on the userspace path',
  hasRealMode: true,
  threadsLeaveTogether: true,
  constants: {
    ...SHARED_RANGES,
    ...STORE_INVALIDATES,
    realModeHcallNs: REAL_MODE_HCALL,
    exitToVirtualNs: assumed(3000, 8000, 'no POWER7 figure exists; from the legs of POWER8'),
    exitToUserspaceNs: EXIT_BEYOND_VIRTUAL,
    vfioIoctlNs: assumed(
      200,
      330,
      'almost empty system call on POWER7 0.15..0.18 us (A. Blanchard, 2012) and ioctl dispatch 0.05..0.15 us, from memory',
    ),
    pagePinNs: assumed(
      500,
      1170,
      'what a map ioctl of 0.7..1.5 us leaves beside the bare ioctl; pinning measured 0.68 us on x86 (P. Xu, 2021)',
    ),
  },
};

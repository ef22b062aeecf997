import { assumed, exactly, known } from '../constant.js';
import type { CostProfile } from '../cost-profile.js';
import { EXIT_BEYOND_VIRTUAL, REAL_MODE_HCALL, SHARED_RANGES, STORE_INVALIDATES } from './shared-ranges.js';

/** The machine of the 2017 patch, if the claim was measured again: preregistered memory, a quiet core. */
export const POWER8_2017: CostProfile = {
  id: 'power8-2017',
  title: 'POWER8 host of 2017, preregistered memory, quiet core',
  hasRealMode: true,
  threadsLeaveTogether: true,
  constants: {
    ...SHARED_RANGES,
    ...STORE_INVALIDATES,
    realModeHcallNs: REAL_MODE_HCALL,
    exitToVirtualNs: known(
      'measured',
      7304.2,
      7224.2,
      7949.1,
      'mean entry and exit legs after commit 66feed61cdf6 (P. Mackerras, 2015); low: less the instrumentation, 30..40 ns a leg; high: before the commit',
    ),
    exitToUserspaceNs: EXIT_BEYOND_VIRTUAL,
    vfioIoctlNs: assumed(
      300,
      600,
      'system call and look-up of preregistered memory, measured nowhere; the look-up, tens of ns, is also counted',
    ),
    pagePinNs: exactly(0, 'cited', 'preregistered memory is pinned once, when it is registered'),
  },
};

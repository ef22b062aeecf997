import { assumed, exactly, known } from '../constant.js';
import type { CostProfile } from '../cost-profile.js';
import { EXIT_BEYOND_VIRTUAL, SHARED_RANGES } from './shared-ranges.js';

const PIGGIN = 'N. Piggin, 2021-04-26; the clock is not stated: 3.3 GHz, 3.8 and 3.0 as bounds';

/** A POWER9 of 2021 with a hash guest: threads leave the guest one by one, firmware invalidates. */
export const POWER9_2021: CostProfile = {
  id: 'power9-2021',
  title: 'POWER9 host of 2021, preregistered memory, TCE invalidation by firmware',
  hasRealMode: true,
  threadsLeaveTogether: false,
  constants: {
    ...SHARED_RANGES,
    realModeHcallNs: known('derived', 509 / 3.3, 509 / 3.8, 509 / 3, `empty: 509 cycles, ${PIGGIN}`),
    exitToVirtualNs: known(
      'derived',
      9587 / 3.3,
      5754 / 3.8,
      9587 / 3,
      `empty: 9587 cycles, 5754 after the optimisation series (low), ${PIGGIN}`,
    ),
    exitToUserspaceNs: EXIT_BEYOND_VIRTUAL,
    vfioIoctlNs: assumed(300, 600, 'as on POWER8: system call and look-up of preregistered memory'),
    pagePinNs: exactly(0, 'cited', 'preregistered memory is pinned once, when it is registered'),
    tceExchangeNs: assumed(10, 100, 'the table word alone, as on older machines: from memory'),
    tceInvalidateNs: known(
      'derived',
      Math.sqrt(380 * 6100),
      380,
      6100,
      '10 s saved for 100 GB of window by batching (A. Kardashevskiy, 2019-08-26): 0.38 us a TCE with 4 KiB pages, 6.1 us with 64 KiB; the page is not stated, so the middle of both readings',
    ),
  },
};

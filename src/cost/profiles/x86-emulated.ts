import { assumed, exactly, known } from '../constant.js';
import type { CostProfile } from '../cost-profile.js';
import { SHARED_RANGES } from './shared-ranges.js';

/** The same guest under emulation on x86 with an emulated IOMMU: no real mode, one exit for all. */
export const X86_EMULATED: CostProfile = {
  id: 'x86-emulated',
  title: 'x86 host of 2022 with an emulated IOMMU; it has no real mode',
  hasRealMode: false,
  threadsLeaveTogether: false,
  constants: {
    ...SHARED_RANGES,
    realModeHcallNs: exactly(0, 'cited', 'there is no real mode on x86, and no arm that uses this'),
    exitToVirtualNs: known(
      'derived',
      2017 / 3,
      2008 / 4,
      2026 / 2,
      'outl_to_kernel 2008..2026 cycles (S. J. Singh, 2022-23); the clock is not stated: 3 GHz, 4 and 2 as bounds',
    ),
    exitToUserspaceNs: assumed(
      2000 / 3,
      7000 / 3,
      'inl_from_qemu 4k..9k cycles less the exit to the kernel, at 3 GHz: from memory',
    ),
    vfioIoctlNs: assumed(300, 600, 'system call and look-up, measured nowhere; as on POWER'),
    pagePinNs: assumed(500, 1170, 'type1 pins each page: 0.68 us measured (P. Xu, 2021), 0.5..1.17 assumed'),
    tceExchangeNs: assumed(10, 100, 'one word of a page table: from memory'),
    tceInvalidateNs: assumed(
      1700 / 3.1,
      2500 / 3.1,
      'IOTLB invalidation 2127 cycles at 3.1 GHz (rIOMMU, ASPLOS 2015), from memory',
    ),
  },
};

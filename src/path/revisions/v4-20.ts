import { H_PARAMETER, H_SUCCESS, H_TOO_HARD } from '../../papr/hcall-return.js';
import type { ListByEntriesPolicy } from './mode-policy.js';
import type { Revision } from './revision.js';
import { V4_12, V4_12_REAL, V4_12_VIRTUAL } from './v4-12.js';

/** What both modes of 4.20 changed: everything that needs user space is said before anything is done. */
const CHANGES = {
  map: {
    noUserspaceView: H_TOO_HARD,
    noSlot: H_PARAMETER,
    noRegion: H_TOO_HARD,
    noHostAddress: H_TOO_HARD,
    userspaceViewOutOfReach: H_TOO_HARD,
    regionDying: H_TOO_HARD,
    exchangeFailed: H_TOO_HARD,
  },
  unmap: {
    exchangeFailed: H_TOO_HARD,
    noUserspaceView: H_TOO_HARD,
    userspaceViewOutOfReach: H_TOO_HARD,
    noRegion: H_TOO_HARD,
    restores: true,
  },
  checksListFirst: true,
  notMappable: H_TOO_HARD,
  afterFailure: 'clear-and-return',
  stuffFailure: 'clear-and-tell-last',
  checksRegionPages: true,
} as const satisfies Partial<ListByEntriesPolicy>;

/** Real mode of v4.20. */
const V4_20_REAL: ListByEntriesPolicy = { ...V4_12_REAL, ...CHANGES, misaligned: H_PARAMETER };

/** Virtual mode of v4.20. */
const V4_20_VIRTUAL: ListByEntriesPolicy = {
  ...V4_12_VIRTUAL,
  ...CHANGES,
  misaligned: H_TOO_HARD,
  allocatesLevels: true,
};

/** Linux 4.20: the whole request is validated before its first entry is mapped, and errors are told. */
export const V4_20: Revision = {
  ...V4_12,
  id: 'v4.20',
  title: 'validates first, tells errors',
  review: 'C9, C10 again: user space may know better',
  evidence: 'reading',
  scenarioKernel: 'v4.20',
  real: V4_20_REAL,
  virtual: V4_20_VIRTUAL,
  attach: { ...V4_12.attach, fit: 'hardware-finer' },
  vfio: { ...V4_12.vfio, checksRegionPages: true, createsUserspaceView: 'with-table' },
  guestView: { ...V4_12.guestView, roundsSize: false, checksLiobn: 'last', limitsGeometry: true },
};

/** From about 5.0 on, virtual mode takes a missing userspace view for a success; real mode still hands it down. */
const V5_4_VIRTUAL: ListByEntriesPolicy = {
  ...V4_20_VIRTUAL,
  invalidation: 'hcall',
  unmap: { ...V4_20_VIRTUAL.unmap, noUserspaceView: H_SUCCESS },
};

/** Linux 5.4: one invalidation for a hypercall and table; pages of guest views on demand. */
export const V5_4: Revision = {
  ...V4_20,
  id: 'v5.4',
  title: 'one invalidation a call; guest views grow',
  review: 'C18: GROUP_DEL detaches all tables',
  evidence: 'reading',
  scenarioKernel: 'v5.4',
  real: { ...V4_20_REAL, invalidation: 'hcall', needsGuestViewPage: true },
  virtual: V5_4_VIRTUAL,
  vfio: { ...V4_20.vfio, batchesInvalidates: true },
  attach: { ...V4_20.attach, removal: 'every-match' },
  guestView: { ...V4_20.guestView, pages: 'on-demand' },
  answersGetInVirtualMode: true,
};

/** Linux 5.19: the real-mode handlers are gone. */
export const V5_19: Revision = {
  ...V5_4,
  id: 'v5.19',
  title: 'no real mode: every call costs an exit',
  review: 'real mode retired',
  evidence: 'reading',
  scenarioKernel: 'v5.19',
  real: null,
  virtual: { ...V5_4_VIRTUAL, invalidation: 'tce', clearedEntry: 'failing' },
};

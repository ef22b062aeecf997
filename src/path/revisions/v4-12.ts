import type { MapCodes } from '../../host/entry-codes.js';
import { EINVAL } from '../../host/errno.js';
import { REAL_MODE, VIRTUAL_MODE } from '../../host/mmu-mode.js';
import { H_CLOSED, H_HARDWARE, H_PARAMETER, H_TOO_HARD } from '../../papr/hcall-return.js';
import type { ModePolicy, Revision } from './revision.js';

const MAP_CODES: MapCodes = {
  noView: H_TOO_HARD,
  noSlot: H_PARAMETER,
  noRegion: H_TOO_HARD,
  regionDying: H_CLOSED,
  exchangeFailed: H_TOO_HARD,
};

const BOTH_MODES: Omit<ModePolicy, 'mode' | 'list' | 'map' | 'unmap'> = {
  order: 'entries',
  countsPages: false,
  acceptsPoison: true,
  checksTables: false,
  clearsAndContinues: true,
  stuffIgnoresFailures: false,
};

const REAL: ModePolicy = {
  ...BOTH_MODES,
  mode: REAL_MODE,
  map: MAP_CODES,
  unmap: { exchangeFailed: H_TOO_HARD, noView: H_TOO_HARD, noRegion: H_TOO_HARD, restores: true },
  list: 'registered-or-page-table',
};

const VIRTUAL: ModePolicy = {
  ...BOTH_MODES,
  mode: VIRTUAL_MODE,
  map: { ...MAP_CODES, exchangeFailed: H_HARDWARE },
  unmap: { exchangeFailed: H_HARDWARE, noView: H_TOO_HARD, noRegion: H_TOO_HARD, restores: true },
  list: 'get-user',
};

/** Linux 4.12, the first release with the merged patch; arch/powerpc/kvm/book3s_64_vio*.c stay so up to 4.13. */
export const V4_12: Revision = {
  id: 'v4.12',
  title: 'Linux 4.12, the patch as merged; its window check forgets the number of pages',
  evidence: 'vectors',
  scenarioKernel: 'v4.12',
  real: REAL,
  virtual: VIRTUAL,
  attach: { noFittingTable: EINVAL, comparesSize: true, sharesDescriptors: true },
  // A logical "or" in the macro of the check gives 1 where an errno was meant.
  vfio: { misplacedIova: 1, countsPages: false },
  roundsTableSize: true,
  knowsRadixGuests: true,
};

/** The same with a window check that counts the pages, as its signature intends. */
export const V4_12_NPAGES: Revision = {
  ...V4_12,
  id: 'v4.12+npages',
  title: 'Linux 4.12 with a window check that counts the pages',
  scenarioKernel: 'v4.12+npages',
  real: { ...REAL, countsPages: true },
  virtual: { ...VIRTUAL, countsPages: true },
  vfio: { ...V4_12.vfio, countsPages: true },
};

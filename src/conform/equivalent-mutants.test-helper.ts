import { H_SUCCESS, H_TOO_HARD } from '../papr/hcall-return.js';
import type { ModePolicy } from '../path/revisions/mode-policy.js';
import type { Revision } from '../path/revisions/revision.js';
import type { Mutant } from './policy-mutants.test-helper.js';

/** Why no check can tell some mutants from their revision. */
interface Equivalence {
  readonly reason: string;
  readonly covers: (field: string, policy: ModePolicy, revision: Revision, mutant: Mutant) => boolean;
}

const isPlain = (code: unknown) => typeof code === 'number' && code !== H_SUCCESS && code !== H_TOO_HARD;

const EQUIVALENCES: readonly Equivalence[] = [
  {
    reason: 'no failure clears an entry',
    covers: (field, { afterFailure, stuffFailure }) =>
      field === 'clearedEntry' && afterFailure === 'return' && ['ignore', 'return'].includes(stuffFailure),
  },
  {
    reason: 'no table has leaves that could be made on demand',
    covers: (field, _, { vfio }) => field === 'allocatesLevels' && vfio.createsUserspaceView === 'first-map',
  },
  {
    reason: 'every page of a guest view exists from the start',
    covers: (field, _, { guestView }) => field === 'needsGuestViewPage' && guestView.pages === 'at-creation',
  },
  {
    reason: 'no mode asks whether a page of the guest view exists, and an absent one reads as zero',
    covers: (field, _, { real, virtual }) =>
      field === 'guestView.pages' && real?.needsGuestViewPage !== true && !virtual.needsGuestViewPage,
  },
  {
    reason: 'no call finds a descriptor that is there already',
    covers: (field, _, { attach }) => field === 'attach.leaksTableOnReuse' && attach.sharing === 'none',
  },
  {
    reason: 'with the MMU on every userspace view is in reach',
    covers: (field, { mode }) => field.endsWith('.userspaceViewOutOfReach') && mode === 0,
  },
  {
    reason: 'userspace views are part of the tables, in memory that real mode reaches',
    covers: (field, _, { vfio }) =>
      field.endsWith('.userspaceViewOutOfReach') && vfio.createsUserspaceView === 'with-table',
  },
  {
    reason: 'with the MMU on the host address of a page in a region is known, unless its size is looked at',
    covers: (field, { mode, checksRegionPages }) =>
      field === 'map.noHostAddress' && mode === 0 && !checksRegionPages,
  },
  {
    reason: 'any code but H_SUCCESS and H_TOO_HARD is swallowed alike, and that of an old mapping never told',
    covers: (field, { afterFailure, stuffFailure }, _, { was, becomes }) =>
      field.startsWith('unmap.') &&
      afterFailure === 'clear-and-continue' &&
      stuffFailure === 'clear-and-continue' &&
      isPlain(was) &&
      isPlain(becomes),
  },
  {
    reason: 'a clear fails with H_TOO_HARD only, which ends an H_STUFF_TCE under each of these',
    covers: (field, { unmap, stuffFailure }, _, { becomes }) =>
      field === 'stuffFailure' &&
      stuffFailure !== 'ignore' &&
      becomes !== 'ignore' &&
      !Object.values(unmap).some(isPlain),
  },
];

/** Why nothing can tell a mutant from `revision`, of which it is made; undefined where something must. */
export function equivalenceOf(mutant: Mutant, revision: Revision): string | undefined {
  const [place, ...rest] = mutant.field.split('.');
  const policy = place === 'real' ? (revision.real ?? revision.virtual) : revision.virtual;
  const isOfMode = (place === 'real' || place === 'virtual') && rest.length > 0;
  const field = isOfMode ? rest.join('.') : mutant.field;
  return EQUIVALENCES.find(({ covers }) => covers(field, policy, revision, mutant))?.reason;
}

import { EFAULT, EINVAL, ENODEV } from '../host/errno.js';
import { H_CLOSED, H_HARDWARE, H_PARAMETER, H_SUCCESS, H_TOO_HARD } from '../papr/hcall-return.js';
import type { Revision } from '../path/revisions/revision.js';

/** A revision with one field of its policies changed. */
export interface Mutant {
  /** Where the field is, as `real.map.noSlot`. */
  readonly field: string;
  readonly was: unknown;
  readonly becomes: unknown;
  readonly revision: Revision;
}

const CODES = [H_SUCCESS, H_CLOSED, H_HARDWARE, H_PARAMETER, H_TOO_HARD];

/** Every other thing that a field can be, by its name. */
const CHOICES: Readonly<Record<string, readonly unknown[]>> = {
  mode: [0, 1],
  list: ['registered', 'registered-or-page-table', 'pointer', 'get-user'],
  order: ['tables', 'entries', 'first-entry'],
  notMappable: [null, ...CODES],
  slotLookup: ['each-table', 'once-for-tables', 'once'],
  afterFailure: ['return', 'clear-and-continue', 'clear-and-return'],
  clearedEntry: ['first', 'failing'],
  stuffFailure: ['ignore', 'return', 'clear-and-continue', 'clear-and-tell-last'],
  invalidation: ['exchange', 'tce', 'hcall'],
  pages: ['at-creation', 'on-demand'],
  checksLiobn: ['first', 'last'],
  createsUserspaceView: ['first-map', 'with-table'],
  fit: ['page-size-and-offset', 'same-size', 'hardware-finer'],
  sharing: ['none', 'by-table'],
  removal: ['own-descriptors', 'first-match', 'every-match'],
  foreignTable: [EINVAL, ENODEV, EFAULT],
  misplacedIova: [-EINVAL, 1, 0],
  noFittingTable: [EINVAL, ENODEV, EFAULT],
};

/** What only describes a revision and changes nothing that it does. */
const DESCRIPTIONS = ['id', 'title', 'review', 'evidence', 'scenarioKernel'];

/** Every revision that differs from this one in one field. */
export function mutantsOf(revision: Revision): readonly Mutant[] {
  const mutants = mutate(revision, '').map(({ made, ...mutant }) => ({
    ...mutant,
    revision: made as Revision,
  }));
  if (revision.real === null) return mutants;
  const without: Mutant = {
    field: 'real',
    was: 'a policy',
    becomes: null,
    revision: { ...revision, real: null },
  };
  return [...mutants, without];
}

interface Change {
  readonly field: string;
  readonly was: unknown;
  readonly becomes: unknown;
  readonly made: object;
}

function mutate(policy: object, place: string): readonly Change[] {
  return Object.entries(policy).flatMap(([key, value]): readonly Change[] => {
    const field = `${place}${key}`;
    if (place === '' && DESCRIPTIONS.includes(key)) return [];
    if (value === null && CHOICES[key] === undefined) return [];
    if (typeof value === 'object' && value !== null) {
      return mutate(value, `${field}.`).map((change) => ({
        ...change,
        made: { ...policy, [key]: change.made },
      }));
    }
    return choicesOf(key, value)
      .filter((choice) => choice !== value)
      .map((becomes) => ({ field, was: value, becomes, made: { ...policy, [key]: becomes } }));
  });
}

function choicesOf(key: string, value: unknown): readonly unknown[] {
  if (typeof value === 'boolean') return [true, false];
  const known = CHOICES[key] ?? (typeof value === 'number' ? CODES : undefined);
  if (known?.includes(value) !== true)
    throw new Error(`what else can ${key} be than ${value}? Add its choices here`);
  return known;
}

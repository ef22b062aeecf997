import type { Revision } from './revisions/revision.js';

const ENTRY_SHIFT = 3;

/**
 * How many entries KVM_CREATE_SPAPR_TCE_64 makes of so many asked for: powernv makes its hardware tables of whole host
 * pages, so a revision that compares sizes rounds its guest views up alike.
 */
export function guestViewSize(entries: number, hostPageShift: number, revision: Revision): number {
  if (!revision.roundsTableSize) return entries;
  const entriesPerPage = 2 ** (hostPageShift - ENTRY_SHIFT);
  return Math.ceil(entries / entriesPerPage) * entriesPerPage;
}

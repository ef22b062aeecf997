const ENTRY_BYTES = 8;

/** What kernel revisions do differently when a guest view is made (KVM_CREATE_SPAPR_TCE_64). */
export interface GuestViewPolicy {
  /**
   * Whether its size is rounded up to whole host pages of entries: powernv makes its hardware tables so, and a
   * revision that compares sizes makes its guest views alike.
   */
  readonly roundsSize: boolean;
  /** When a LIOBN that is taken is refused: before memory is charged, or last, under the lock of the machine. */
  readonly checksLiobn: 'first' | 'last';
  /** Whether page shifts outside 12..34, and windows that end beyond 2^64, are refused. */
  readonly limitsGeometry: boolean;
  /** When its pages come to be: all with the table, or each with its first word that is not zero. */
  readonly pages: 'at-creation' | 'on-demand';
  /**
   * KVM_CAP_SPAPR_TCE_VFIO: hardware tables can follow a guest view. Without it user space keeps the tables of VFIO
   * devices itself, for a guest view would swallow their requests.
   */
  readonly isFollowedByHardware: boolean;
}

/** The rules of 4.10 with the patch of v3. */
export const GUEST_VIEW_4_10: GuestViewPolicy = {
  roundsSize: false,
  checksLiobn: 'first',
  limitsGeometry: false,
  pages: 'at-creation',
  isFollowedByHardware: true,
};

/** How many entries a guest view gets of so many asked for. */
export function guestViewSize(
  entries: number,
  hostPageShift: number,
  { roundsSize }: Pick<GuestViewPolicy, 'roundsSize'>,
): number {
  if (!roundsSize) return entries;
  const entriesPerPage = 2 ** hostPageShift / ENTRY_BYTES;
  return Math.ceil(entries / entriesPerPage) * entriesPerPage;
}

/** What kernel revisions do differently when a hardware table is to follow a guest view. */
export interface AttachPolicy {
  /** The errno where no table of the group fits the guest view. */
  readonly noFittingTable: number;
  /** Whether the sizes must be equal too, not only page size and offset. */
  readonly comparesSize: boolean;
  /**
   * Whether a guest view has one counted descriptor for each hardware table. Removing a group then gives back one
   * reference of the first match and stops, in the guest view made last. Without: one descriptor for each call, and
   * removing a group drops all of its own, even where KVM does not know the group.
   */
  readonly sharesDescriptors: boolean;
}

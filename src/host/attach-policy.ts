/** What kernel revisions do differently when a hardware table is to follow a guest view. */
export interface AttachPolicy {
  /** The errno where no table of the group fits the guest view. */
  readonly noFittingTable: number;
  /** Whether the sizes must be equal too, not only page size and offset. */
  readonly comparesSize: boolean;
}

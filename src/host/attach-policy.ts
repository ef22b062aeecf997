/**
 * Which hardware tables of a group may follow a guest view. `page-size-and-offset`: page size and offset are those of
 * the guest view. `same-size`: the size too. `hardware-finer`: IOMMU pages no larger than those of the guest view, both
 * windows begin at the same byte, and the hardware's is at least as long.
 */
export type TableFit = 'page-size-and-offset' | 'same-size' | 'hardware-finer';

/**
 * How many descriptors a guest view has for a table that it follows by several calls. `none`: one for each call.
 * `by-table`: one for each table, counted.
 */
export type DescriptorSharing = 'none' | 'by-table';

/**
 * What the removal of a group gives back. `own-descriptors`: everything that calls for this group took, in every guest
 * view, even where KVM does not know the group; every such reference holds one of the group too. `first-match`: one
 * reference of the first descriptor of any table of the group, in the guest view made last, and no more.
 * `every-match`: one reference of every descriptor of any table of the group.
 */
export type GroupRemoval = 'own-descriptors' | 'first-match' | 'every-match';

/** What kernel revisions do differently when a hardware table is to follow a guest view (virt/kvm/vfio.c). */
export interface AttachPolicy {
  readonly fit: TableFit;
  /** The errno where no table of the group fits the guest view. */
  readonly noFittingTable: number;
  /** The errno where the file named is no guest view of this virtual machine. */
  readonly foreignTable: number;
  readonly sharing: DescriptorSharing;
  readonly removal: GroupRemoval;
  /** Whether a table that is losing its last reference can be attached all the same, which brings it back to life. */
  readonly resurrectsTables: boolean;
  /** Whether a call that fails behind the look-up of the group keeps its reference of the group for ever. */
  readonly leaksGroupOnFailure: boolean;
  /** Whether the table's reference of a call that finds a descriptor already there is never given back. */
  readonly leaksTableOnReuse: boolean;
}

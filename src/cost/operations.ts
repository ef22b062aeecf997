/**
 * The primitive operations that a hypercall is made of. Handlers count them; a cost profile gives each a price.
 * Per-TCE counts for each revision stand in the table of docs/MODEL.md.
 */
export const OPERATIONS = [
  /**
   * A hypercall answered in real mode: into the hypervisor and back to the guest. One that real mode hands down is
   * not among them, because the published legs of a virtual exit begin with the real-mode part.
   */
  'realModeHcalls',
  /** An exit from the guest to the host kernel in virtual mode, and back. */
  'virtualExits',
  /** The leg beyond the virtual exit: to user space and back. */
  'userspaceExits',
  /** One VFIO map or unmap ioctl, without the table update. */
  'vfioIoctls',
  /** A page that a VFIO map ioctl needs pinned; its price is 0 where guest memory is preregistered. */
  'pagePins',
  /** A word read from a TCE list in guest memory. */
  'listReads',
  /** Guest physical to user address, by memory slot. */
  'gpaToUa',
  /** Search of the preregistered regions. */
  'regionLookups',
  /** User address to host physical address inside a region. */
  'uaToHpa',
  /** Atomic update of a region's mapped count. */
  'mappedUpdates',
  /** Atomic exchange of a hardware entry. */
  'tceExchanges',
  /** Invalidation of one entry in the TCE cache. */
  'tceInvalidates',
  /** Store to the guest view. */
  'guestViewStores',
] as const;

/** The name of a primitive operation. */
export type Operation = (typeof OPERATIONS)[number];

/** Counts in the order of {@link OPERATIONS}: doubles, so that they never overflow. One writer at a time. */
export type OperationCounts = Float64Array;

export const REAL_MODE_HCALLS = 0;
export const VIRTUAL_EXITS = 1;
export const USERSPACE_EXITS = 2;
export const VFIO_IOCTLS = 3;
export const PAGE_PINS = 4;
export const LIST_READS = 5;
export const GPA_TO_UA = 6;
export const REGION_LOOKUPS = 7;
export const UA_TO_HPA = 8;
export const MAPPED_UPDATES = 9;
export const TCE_EXCHANGES = 10;
export const TCE_INVALIDATES = 11;
export const GUEST_VIEW_STORES = 12;

/** All counts zero. */
export function noOperations(): OperationCounts {
  return new Float64Array(OPERATIONS.length);
}

import { noOperations, type OperationCounts } from '../cost/operations.js';
import type { GuestStore } from '../papr/hcall-sink.js';
import { EBADF, EBUSY, EINVAL, ENOMEM } from './errno.js';
import { GuestView } from './guest-view.js';
import { GUEST_VIEW_4_10, type GuestViewPolicy, guestViewSize } from './guest-view-policy.js';
import { HardwareTables } from './hardware-tables.js';
import { HostPages } from './host-pages.js';
import { LockedMemory } from './locked-memory.js';
import { Memslots } from './memslots.js';
import { modelledWindow, type WindowGeometry } from './modelled-window.js';
import { PinnedMemory, USER_SPACE } from './pinned-memory.js';
import { PreregisteredMemory } from './preregistered-memory.js';
import type { SharedBuffers } from './shared-buffers.js';
import { UserMemory } from './user-memory.js';

/** The memory of a host. */
export interface HostMemory {
  /** log2 of the host's page (PAGE_SHIFT): 12 or 16. */
  readonly pageShift: number;
  /** log2 of the pages behind guest memory; MAP_DMA refuses an IOMMU page that is larger. */
  readonly backingShift: number;
  /** How much user memory a guest can have. */
  readonly bytes: number;
}

const ENTRY_SHIFT = 3;
const ENTRY_BYTES = 2 ** ENTRY_SHIFT;
const POINTER_BYTES = 8;
/** The fixed part of `struct kvmppc_spapr_tce_table`: what its fields take, in 64-bit words. */
const GUEST_VIEW_HEADER_BYTES = 88;

const LEAST_VIEW_PAGE_SHIFT = 12;
const MOST_VIEW_PAGE_SHIFT = 34;

/**
 * What the host keeps for one virtual machine: memory slots, user memory, preregistered regions, guest views, and the
 * account of the memory that its process has locked. Every object of one host counts its operations in the same
 * {@link OperationCounts}.
 */
export class Host implements GuestStore {
  // Declared, not defined: a field that begins as undefined costs a check of its type at every read.
  declare readonly counts: OperationCounts;
  declare readonly memslots: Memslots;
  declare readonly buffers: SharedBuffers;
  declare readonly pages: HostPages;
  declare readonly userMemory: UserMemory;
  declare readonly preregistered: PreregisteredMemory;
  /** Pinned pages by guest physical address. */
  declare readonly pinned: PinnedMemory;
  /** Pinned pages by user address. */
  declare readonly pinnedByUser: PinnedMemory;
  declare readonly backingShift: number;
  declare readonly locked: LockedMemory;
  declare readonly hardwareTables: HardwareTables;
  declare readonly guestViewPolicy: GuestViewPolicy;
  #views: readonly GuestView[] = [];
  private last: GuestView | null = null;

  constructor(memory: HostMemory, buffers: SharedBuffers, guestViewPolicy = GUEST_VIEW_4_10) {
    this.counts = noOperations();
    this.buffers = buffers;
    this.backingShift = Math.max(memory.backingShift, memory.pageShift);
    this.locked = new LockedMemory(memory.pageShift);
    this.hardwareTables = new HardwareTables(buffers);
    this.guestViewPolicy = guestViewPolicy;
    this.pages = new HostPages(memory.bytes, memory.pageShift, buffers);
    this.userMemory = new UserMemory(buffers);
    const changed = () => {
      this.pinned.forget();
      this.pinnedByUser.forget();
    };
    this.memslots = new Memslots(changed);
    this.preregistered = new PreregisteredMemory(this, buffers, changed);
    this.pinned = new PinnedMemory(this.memslots, this.preregistered);
    this.pinnedByUser = new PinnedMemory(USER_SPACE, this.preregistered);
  }

  get guestViews(): readonly GuestView[] {
    return this.#views;
  }

  /** References of the virtual machine: its own file, and one for each guest view. */
  get vmReferences(): number {
    return 1 + this.#views.length;
  }

  /**
   * KVM_CREATE_SPAPR_TCE_64: 0; -EINVAL for no entries or, in later kernels, a geometry that no table can have; -EBUSY
   * where the LIOBN has a table already; -ENOMEM beyond the limit of locked memory.
   */
  createGuestView(liobn: number, geometry: WindowGeometry): number {
    const { checksLiobn, limitsGeometry, pages } = this.guestViewPolicy;
    if (geometry.size === 0 || (limitsGeometry && !isPossible(geometry))) return -EINVAL;
    const isTaken = this.findGuestView(liobn) !== null;
    if (isTaken && checksLiobn === 'first') return -EBUSY;
    const size = guestViewSize(geometry.size, this.pages.pageShift, this.guestViewPolicy);
    const npages = this.#guestViewPages(size);
    if (!this.locked.charge(npages)) return -ENOMEM;
    if (isTaken) {
      this.locked.giveBack(npages);
      return -EBUSY;
    }
    const growsByPages = pages === 'on-demand' ? this.pages.pageShift - ENTRY_SHIFT : undefined;
    this.#views = [
      ...this.#views,
      new GuestView(liobn, modelledWindow({ ...geometry, size }), this.buffers, growsByPages),
    ];
    return 0;
  }

  /**
   * What closing the fd of the table does: nothing finds it any more, every descriptor and its references go, whatever
   * their number. Its hardware tables keep their entries. -EBADF where there is none.
   */
  destroyGuestView(liobn: number): number {
    const view = this.findGuestView(liobn);
    if (view === null) return -EBADF;
    this.#views = this.#views.filter((candidate) => candidate !== view);
    this.last = null;
    for (const { table, groups, holdsGroups } of view.detachAll().gone) {
      if (holdsGroups) for (const group of groups) group.references--;
      this.hardwareTables.put(table);
    }
    this.locked.giveBack(this.#guestViewPages(view.window.size));
    return 0;
  }

  /** `kvmppc_find_table`. */
  findGuestView(liobn: number): GuestView | null {
    const last = this.last;
    if (last !== null && last.liobn === liobn) return last;
    return this.#searchGuestView(liobn);
  }

  /** The guest writes its memory; a store outside every slot is the guest's own affair and is lost. */
  storeWord(gpa: number, hi: number, lo: number): void {
    const ua = this.memslots.uaOf(gpa);
    if (ua >= 0) this.userMemory.storeWord(ua, hi, lo);
  }

  #searchGuestView(liobn: number): GuestView | null {
    for (const view of this.#views) {
      if (view.liobn === liobn) {
        this.last = view;
        return view;
      }
    }
    return null;
  }

  /** What a guest view is charged for: its entries, and the list of their pages with the fixed part before it. */
  #guestViewPages(entries: number): number {
    const npages = this.locked.pagesOf(entries * ENTRY_BYTES);
    return npages + this.locked.pagesOf(GUEST_VIEW_HEADER_BYTES + npages * POINTER_BYTES);
  }
}

/** Whether a page shift is one of a guest view, and no address of the window needs more than 64 bits. */
function isPossible({ pageShift, offset, size }: WindowGeometry): boolean {
  if (pageShift < LEAST_VIEW_PAGE_SHIFT || pageShift > MOST_VIEW_PAGE_SHIFT) return false;
  return offset + size < 2 ** (64 - pageShift);
}

import { noOperations, type OperationCounts } from '../cost/operations.js';
import type { DmaWindow } from '../papr/dma-window.js';
import type { GuestStore } from '../papr/hcall-sink.js';
import { EBADF, EBUSY } from './errno.js';
import { HostPages } from './host-pages.js';
import { Memslots } from './memslots.js';
import { PinnedMemory, USER_SPACE } from './pinned-memory.js';
import { PreregisteredMemory } from './preregistered-memory.js';
import type { SharedBuffers } from './shared-buffers.js';
import { SpaprTceTable } from './spapr-tce-table.js';
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

/**
 * What the host keeps for one virtual machine: memory slots, user memory, preregistered regions, guest views.
 * Every object of one host counts its operations in the same {@link OperationCounts}.
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
  #views: readonly SpaprTceTable[] = [];
  private last: SpaprTceTable | null = null;

  constructor(memory: HostMemory, buffers: SharedBuffers) {
    this.counts = noOperations();
    this.buffers = buffers;
    this.backingShift = memory.backingShift;
    this.pages = new HostPages(memory.bytes, memory.pageShift, buffers);
    this.userMemory = new UserMemory(buffers);
    const changed = () => {
      this.pinned.forget();
      this.pinnedByUser.forget();
    };
    this.memslots = new Memslots(changed);
    this.preregistered = new PreregisteredMemory(this.pages, memory.backingShift, buffers, changed);
    this.pinned = new PinnedMemory(this.memslots, this.preregistered);
    this.pinnedByUser = new PinnedMemory(USER_SPACE, this.preregistered);
  }

  get guestViews(): readonly SpaprTceTable[] {
    return this.#views;
  }

  /**
   * KVM_CREATE_SPAPR_TCE_64: 0, or -EBUSY where the LIOBN has a table already. `growsOnDemand`: the pages of the table
   * come with their first word that is not zero.
   */
  createGuestView(liobn: number, window: DmaWindow, growsOnDemand = false): number {
    if (this.findGuestView(liobn) !== null) return -EBUSY;
    const growsByPages = growsOnDemand ? this.pages.pageShift - 3 : undefined;
    this.#views = [...this.#views, new SpaprTceTable(liobn, window, this.buffers, growsByPages)];
    return 0;
  }

  /** What closing the fd of the table does; its hardware tables keep their entries. -EBADF where there is none. */
  destroyGuestView(liobn: number): number {
    if (this.findGuestView(liobn) === null) return -EBADF;
    this.#views = this.#views.filter((view) => view.liobn !== liobn);
    this.last = null;
    return 0;
  }

  /** `kvmppc_find_table`. */
  findGuestView(liobn: number): SpaprTceTable | null {
    const last = this.last;
    if (last !== null && last.liobn === liobn) return last;
    return this.#searchGuestView(liobn);
  }

  /** The guest writes its memory; a store outside every slot is the guest's own affair and is lost. */
  storeWord(gpa: number, hi: number, lo: number): void {
    const ua = this.memslots.uaOf(gpa);
    if (ua >= 0) this.userMemory.storeWord(ua, hi, lo);
  }

  #searchGuestView(liobn: number): SpaprTceTable | null {
    for (const view of this.#views) {
      if (view.liobn === liobn) {
        this.last = view;
        return view;
      }
    }
    return null;
  }
}

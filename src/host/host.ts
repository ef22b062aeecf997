import { noOperations, type OperationCounts } from '../cost/operations.js';
import type { DmaWindow } from '../papr/dma-window.js';
import type { GuestStore } from '../papr/hcall-sink.js';
import { EBUSY } from './errno.js';
import { Memslots } from './memslots.js';
import { PreregisteredMemory } from './preregistered-memory.js';
import type { SharedBuffers } from './shared-buffers.js';
import { SpaprTceTable } from './spapr-tce-table.js';
import { UserMemory } from './user-memory.js';

/**
 * What the host keeps for one virtual machine: memory slots, user memory, preregistered regions, guest views.
 * Every object of one host counts its operations in the same {@link OperationCounts}.
 */
export class Host implements GuestStore {
  readonly counts: OperationCounts = noOperations();
  readonly memslots = new Memslots();
  readonly buffers: SharedBuffers;
  readonly userMemory: UserMemory;
  readonly preregistered: PreregisteredMemory;
  /** log2 of the host pages behind guest memory; an IOMMU page cannot be larger. */
  readonly backingShift: number;
  #views: readonly SpaprTceTable[] = [];
  #last: SpaprTceTable | undefined;

  constructor(buffers: SharedBuffers, backingShift: number) {
    this.buffers = buffers;
    this.backingShift = backingShift;
    this.userMemory = new UserMemory(buffers);
    this.preregistered = new PreregisteredMemory(buffers);
  }

  get guestViews(): readonly SpaprTceTable[] {
    return this.#views;
  }

  /** KVM_CREATE_SPAPR_TCE_64: 0, or -EBUSY where the LIOBN has a table already. */
  createGuestView(liobn: number, window: DmaWindow): number {
    if (this.findGuestView(liobn) !== null) return -EBUSY;
    this.#views = [...this.#views, new SpaprTceTable(liobn, window, this.buffers)];
    return 0;
  }

  /** `kvmppc_find_table`: LIOBNs compare in 64 bits, which a number above 2^53 cannot match by accident. */
  findGuestView(liobn: number): SpaprTceTable | null {
    if (this.#last?.liobn === liobn) return this.#last;
    for (const view of this.#views) {
      if (view.liobn === liobn) {
        this.#last = view;
        return view;
      }
    }
    return null;
  }

  /** The guest writes its memory; a store outside every slot is the guest's own affair and is lost. */
  storeWord(gpa: number, hi: number, lo: number): void {
    const ua = this.memslots.uaOf(gpa);
    if (ua >= 0) this.userMemory.storeWord(ua, hi, lo);
  }
}

import type { MemoryRegion } from './memory-region.js';
import type { Memslot } from './memslots.js';
import { type MmuMode, VIRTUAL_MODE } from './mmu-mode.js';
import type { PreregisteredMemory } from './preregistered-memory.js';

/** How {@link PinnedMemory.search} ended. */
export const PIN_FOUND = 0;
export const PIN_NO_SLOT = 1;
export const PIN_NO_REGION = 2;
export const PIN_NO_HOST_ADDRESS = 3;

/** Larger than every page mask. */
const ANY_PAGE = 0x7fff_ffff;

/** What gives the memory slot of an address, or null. */
export interface SlotSource {
  find(address: number): Memslot | null;
}

/** One slot of everything: user space names its memory by its own addresses. */
export const USER_SPACE: SlotSource = {
  find: () => ({ gpa: 0, end: Number.MAX_SAFE_INTEGER, ua: 0 }),
};

/**
 * The way from an address to the pinned page behind it: the memory slot gives the user address, the preregistered
 * region its pinned page. Remembers the last stretch of addresses that lies in one slot and one region, so that the
 * next page of it needs one look.
 */
export class PinnedMemory {
  /** The region of the page found last; null where none is remembered. */
  region: MemoryRegion | null = null;
  /** What to add to an address of the page found last for its user address. */
  toUa = 0;
  // Declared, not defined: a field that begins as undefined costs a check of its type at every read.
  declare private readonly slots: SlotSource;
  declare private readonly preregistered: PreregisteredMemory;
  private start = 0;
  private end = 0;
  /** The bits below the largest page that may be found in the stretch. */
  private maxPageMask = ANY_PAGE;

  constructor(slots: SlotSource, preregistered: PreregisteredMemory) {
    this.slots = slots;
    this.preregistered = preregistered;
  }

  /** Whether the whole page lies in the stretch found last. */
  covers(address: number, pageMask: number): boolean {
    return address >= this.start && address + pageMask < this.end && pageMask <= this.maxPageMask;
  }

  /**
   * Finds the slot, the region, then the host address of a page that is not covered. A page may reach beyond its
   * slot, as in the kernel, which looks for its first byte only; the stretch does not.
   */
  search(address: number, pageMask: number, mode: MmuMode, checksRegionPages: boolean): number {
    this.forget();
    const slot = this.slots.find(address);
    if (slot === null) return PIN_NO_SLOT;
    const toUa = slot.ua - slot.gpa;
    const region = this.preregistered.lookup(address + toUa, pageMask + 1);
    if (region === null) return PIN_NO_REGION;
    const maxPageMask = checksRegionPages ? 2 ** region.pageShift - 1 : ANY_PAGE;
    const isReachable = mode === VIRTUAL_MODE || region.isReachableInRealMode;
    if (!isReachable || pageMask > maxPageMask) return PIN_NO_HOST_ADDRESS;
    this.region = region;
    this.toUa = toUa;
    this.start = Math.max(slot.gpa, region.ua - toUa);
    // What real mode cannot reach is looked for again each time.
    this.end = region.isReachableInRealMode ? Math.min(slot.end, region.end - toUa) : this.start;
    this.maxPageMask = maxPageMask;
    return PIN_FOUND;
  }

  /** Whether an address lies in any slot. */
  isInSlot(address: number): boolean {
    return this.slots.find(address) !== null;
  }

  /** Must be called after every change of slots or regions. */
  forget(): void {
    this.region = null;
    this.start = 0;
    this.end = 0;
  }
}

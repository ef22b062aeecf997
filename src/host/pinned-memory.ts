import type { MemoryRegion } from './memory-region.js';
import type { Memslot } from './memslots.js';
import type { PreregisteredMemory } from './preregistered-memory.js';

/** How {@link PinnedMemory.search} ended. */
export const PIN_FOUND = 0;
export const PIN_NO_SLOT = 1;
export const PIN_NO_REGION = 2;

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

  constructor(slots: SlotSource, preregistered: PreregisteredMemory) {
    this.slots = slots;
    this.preregistered = preregistered;
  }

  /** Whether the whole page lies in the stretch found last. */
  covers(address: number, pageMask: number): boolean {
    return address >= this.start && address + pageMask < this.end;
  }

  /**
   * Finds the slot, then the region of a page that is not covered. A page may reach beyond its slot, as in the
   * kernel, which looks for its first byte only; the stretch does not.
   */
  search(address: number, pageMask: number): number {
    this.forget();
    const slot = this.slots.find(address);
    if (slot === null) return PIN_NO_SLOT;
    const toUa = slot.ua - slot.gpa;
    const region = this.preregistered.lookup(address + toUa, pageMask + 1);
    if (region === null) return PIN_NO_REGION;
    this.region = region;
    this.toUa = toUa;
    this.start = Math.max(slot.gpa, region.ua - toUa);
    this.end = Math.min(slot.end, region.end - toUa);
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

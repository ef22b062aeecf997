import { inputError } from '../errors.js';

/** A memory slot: guest physical addresses from `gpa` up to `end`, linear in user space from `ua` on. */
export interface Memslot {
  readonly gpa: number;
  readonly end: number;
  readonly ua: number;
}

/** Guest physical to user addresses, by KVM's memory slots. */
export class Memslots {
  readonly #changed: () => void;
  #slots: readonly Memslot[] = [];

  /** `changed` is called after every change of the slots. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Adds a slot; overlapping ones are refused. */
  add(gpa: number, ua: number, bytes: number): void {
    const end = gpa + bytes;
    for (const slot of this.#slots) {
      if (gpa < slot.end && slot.gpa < end) {
        throw inputError(
          `the memory slot at 0x${gpa.toString(16)} overlaps the one at 0x${slot.gpa.toString(16)}`,
          'give each its own range',
        );
      }
    }
    this.#slots = [...this.#slots, { gpa, end, ua }];
    this.#changed();
  }

  /** Deletes the slot that begins there, if one does. */
  delete(gpa: number): void {
    this.#slots = this.#slots.filter((slot) => slot.gpa !== gpa);
    this.#changed();
  }

  /** The slot that holds a guest address, or null. */
  find(gpa: number): Memslot | null {
    // By index: an iterator here is an allocation for every word that a guest stores.
    const slots = this.#slots;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as Memslot;
      if (gpa >= slot.gpa && gpa < slot.end) return slot;
    }
    return null;
  }

  /** User address of a guest physical one, or -1 where no slot holds it (the kernel's -EINVAL). */
  uaOf(gpa: number): number {
    const slot = this.find(gpa);
    return slot === null ? -1 : gpa - slot.gpa + slot.ua;
  }
}

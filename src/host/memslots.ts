import { inputError } from '../errors.js';

interface Memslot {
  readonly gpa: number;
  readonly ua: number;
  readonly bytes: number;
}

/** Guest physical to user addresses, by KVM's memory slots; linear inside a slot. */
export class Memslots {
  #slots: readonly Memslot[] = [];
  #last: Memslot | undefined;

  /** Adds a slot; overlapping ones are refused. */
  add(gpa: number, ua: number, bytes: number): void {
    for (const slot of this.#slots) {
      if (gpa < slot.gpa + slot.bytes && slot.gpa < gpa + bytes) {
        throw inputError(`memory slot at ${gpa} overlaps the one at ${slot.gpa}`, 'give each its own range');
      }
    }
    this.#slots = [...this.#slots, { gpa, ua, bytes }];
  }

  /** User address of a guest physical one, or -1 where no slot holds it (the kernel's -EINVAL). */
  uaOf(gpa: number): number {
    const last = this.#last;
    if (last !== undefined && gpa >= last.gpa && gpa < last.gpa + last.bytes) return gpa - last.gpa + last.ua;
    for (const slot of this.#slots) {
      if (gpa >= slot.gpa && gpa < slot.gpa + slot.bytes) {
        this.#last = slot;
        return gpa - slot.gpa + slot.ua;
      }
    }
    return -1;
  }
}

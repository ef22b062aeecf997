import { OPERATIONS, type OperationCounts } from '../cost/operations.js';
import { grownDoubles, grownInts } from './grown.js';

const WIDTH = OPERATIONS.length;

/**
 * Gives every distinct vector of operation counts a number. A run has millions of hypercalls but few kinds of
 * them, so a finished run can be priced again, under another profile, by pricing each kind once.
 */
export class CostClasses {
  #counts = new Float64Array(64 * WIDTH);
  #hashes = new Int32Array(64);
  #slots = new Int32Array(256).fill(-1);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The counts of every class, one after another; read up to `size`. */
  get counts(): OperationCounts {
    return this.#counts;
  }

  /** Where a class begins in {@link counts}. */
  offsetOf(id: number): number {
    return id * WIDTH;
  }

  /**
   * The class of `after - before`; then `before` is made equal to `after`. `guess` is the class that it probably is,
   * or any other number.
   */
  classify(before: OperationCounts, after: OperationCounts, guess: number): number {
    if (guess >= 0 && guess < this.#size && this.#moves(guess, before, after)) return guess;
    let hash = 0;
    for (let i = 0; i < WIDTH; i++) {
      hash = (Math.imul(hash, 31) + (((after[i] as number) - (before[i] as number)) | 0)) | 0;
    }
    const id = this.#find(hash, before, after);
    before.set(after);
    return id;
  }

  /** Whether it is that class; then `before` is made equal to `after`. */
  #moves(id: number, before: OperationCounts, after: OperationCounts): boolean {
    const counts = this.#counts;
    const offset = id * WIDTH;
    for (let i = 0; i < WIDTH; i++) {
      const now = after[i] as number;
      if (counts[offset + i] !== now - (before[i] as number)) {
        // What was moved goes back: counts are whole numbers, so this is exact.
        while (--i >= 0) before[i] = (after[i] as number) - (counts[offset + i] as number);
        return false;
      }
      before[i] = now;
    }
    return true;
  }

  #find(hash: number, before: OperationCounts, after: OperationCounts): number {
    const mask = this.#slots.length - 1;
    let slot = Math.imul(hash, 0x9e3779b1) & mask;
    for (;;) {
      const id = this.#slots[slot] as number;
      if (id < 0) return this.#add(slot, hash, before, after);
      if (this.#hashes[id] === hash && this.#equals(id, before, after)) return id;
      slot = (slot + 1) & mask;
    }
  }

  #equals(id: number, before: OperationCounts, after: OperationCounts): boolean {
    const offset = id * WIDTH;
    for (let i = 0; i < WIDTH; i++) {
      if (this.#counts[offset + i] !== (after[i] as number) - (before[i] as number)) return false;
    }
    return true;
  }

  #add(slot: number, hash: number, before: OperationCounts, after: OperationCounts): number {
    const id = this.#size++;
    if ((id + 1) * WIDTH > this.#counts.length) this.#grow();
    for (let i = 0; i < WIDTH; i++) {
      this.#counts[id * WIDTH + i] = (after[i] as number) - (before[i] as number);
    }
    this.#hashes[id] = hash;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    else this.#slots[slot] = id;
    return id;
  }

  #grow(): void {
    this.#counts = grownDoubles(this.#counts, this.#counts.length * 2);
    this.#hashes = grownInts(this.#hashes, this.#hashes.length * 2);
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = this.#slots.length - 1;
    for (let id = 0; id < this.#size; id++) {
      let slot = Math.imul(this.#hashes[id] as number, 0x9e3779b1) & mask;
      while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = id;
    }
  }
}

import { grownInts } from './grown.js';

/** What is on the list of a unit of work: calls by their class, and what the guest's allocator locks around them. */
export const CALL = 0;
export const LOCK = 1;
export const UNLOCK = 2;
/** An entry of a list is a kind and a number: the class of a call, or a pool. */
export const KIND_BITS = 2;
/** What is left of an entry without its number. */
export const KIND_MASK = (1 << KIND_BITS) - 1;

/** How much of a map or an unmap the lock of its pool covers; `none`: nobody else can want it. */
export type LockCoverage = 'none' | 'search' | 'table-update';

/** Kinds of an entry while the unit is still being written. */
const SET_CALL = 0;
const CLEAR_CALL = 1;
const TAKEN = 2;
const FREED = 3;

/**
 * Notes the calls of one unit of work in their order, and between them when the guest's allocator searched or freed.
 * A map searches and then sets; an unmap clears and then frees. One writer; no allocation once it has grown.
 */
export class CallLog {
  /** TCEs that the calls asked to set or clear, and calls that were refused. */
  tceOps = 0;
  failedHcalls = 0;
  #size = 0;
  #entries = new Int32Array(64);

  /** Begins a new unit. */
  clear(): void {
    this.#size = 0;
    this.tceOps = 0;
    this.failedHcalls = 0;
  }

  /** A hypercall of a class that sets, or clears, so many TCEs. */
  noteCall(costClass: number, clears: boolean, tces: number, code: number): void {
    this.#add((costClass << KIND_BITS) | (clears ? CLEAR_CALL : SET_CALL));
    this.tceOps += tces;
    if (code !== 0) this.failedHcalls++;
  }

  /** A search in a pool, which comes before the calls of its map. */
  noteSearch(pool: number): void {
    this.#add((pool << KIND_BITS) | TAKEN);
  }

  /** A free in a pool, which comes after the calls of its unmap. */
  noteFree(pool: number): void {
    this.#add((pool << KIND_BITS) | FREED);
  }

  /** Hands the list of the unit to `take`, entry by entry; returns how often it locks. */
  list(coverage: LockCoverage, take: { push(entry: number): void }): number {
    let locks = 0;
    let held = -1;
    for (let i = 0; i < this.#size; i++) {
      const entry = this.#entries[i] as number;
      const kind = entry & KIND_MASK;
      const value = entry >> KIND_BITS;
      if (kind === SET_CALL || kind === CLEAR_CALL) {
        if (coverage === 'table-update' && kind === CLEAR_CALL) {
          const pool = this.#freedAfter(i);
          if (held >= 0 && held !== pool) take.push((held << KIND_BITS) | UNLOCK);
          if (pool >= 0 && held !== pool) {
            take.push((pool << KIND_BITS) | LOCK);
            locks++;
          }
          held = pool;
        }
        take.push((value << KIND_BITS) | CALL);
        continue;
      }
      if (coverage === 'none') continue;
      const isHeldForFree = kind === FREED && held === value;
      if (held >= 0 && !isHeldForFree) take.push((held << KIND_BITS) | UNLOCK);
      if (!isHeldForFree) {
        take.push((value << KIND_BITS) | LOCK);
        locks++;
      }
      held = value;
      if (coverage === 'search' || kind === FREED) {
        take.push((value << KIND_BITS) | UNLOCK);
        held = -1;
      }
    }
    if (held >= 0) take.push((held << KIND_BITS) | UNLOCK);
    return locks;
  }

  /** The pool that the unmap at `from` frees in, or -1 where no free follows its clears. */
  #freedAfter(from: number): number {
    for (let i = from + 1; i < this.#size; i++) {
      const entry = this.#entries[i] as number;
      const kind = entry & KIND_MASK;
      if (kind === FREED) return entry >> KIND_BITS;
      if (kind !== CLEAR_CALL) return -1;
    }
    return -1;
  }

  #add(entry: number): void {
    if (this.#size === this.#entries.length) this.#entries = grownInts(this.#entries, this.#size * 2);
    this.#entries[this.#size++] = entry;
  }
}

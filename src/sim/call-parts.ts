import type { CostModel } from '../cost/cost-model.js';
import { USERSPACE_EXITS, VIRTUAL_EXITS } from '../cost/operations.js';
import type { CostClasses } from './cost-classes.js';
import { grownDoubles } from './grown.js';

/**
 * The exit leg's share of an exit and an entry: 4244.1 of 7304.2 ns, the means on POWER8 (commit 66feed61cdf6). It
 * only says when things happen inside an exit; how long an exit takes is the profile's.
 */
export const EXIT_LEG_SHARE = 4244.1 / 7304.2;

/**
 * What a hypercall of each class does one after another, in whole picoseconds: a call that real mode answers stays
 * in the guest's time; any other leaves the guest, is handled in the host, partly under user space's big lock, and
 * enters again. The parts sum to the price of the class exactly.
 */
export class CallParts {
  readonly #classes: CostClasses;
  readonly #cost: CostModel;
  #size = 0;
  #total = new Float64Array(64);
  #exit = new Float64Array(64);
  #handler = new Float64Array(64);
  #locked = new Float64Array(64);
  #entry = new Float64Array(64);

  constructor(classes: CostClasses, cost: CostModel) {
    this.#classes = classes;
    this.#cost = cost;
  }

  /** Prices the classes up to `id`; to be called before its parts are read. */
  know(id: number): void {
    while (this.#size <= id) this.#price(this.#size++);
  }

  totalPs(id: number): number {
    return this.#total[id] as number;
  }

  /** The leg out of the guest; 0 with {@link entryPs} for a call that real mode answers. */
  exitPs(id: number): number {
    return this.#exit[id] as number;
  }

  /** In the host, without the big lock. */
  handlerPs(id: number): number {
    return this.#handler[id] as number;
  }

  lockedPs(id: number): number {
    return this.#locked[id] as number;
  }

  entryPs(id: number): number {
    return this.#entry[id] as number;
  }

  /** Whether the call leaves the guest. */
  leaves(id: number): boolean {
    return this.#classes.counts[this.#classes.offsetOf(id) + VIRTUAL_EXITS] !== 0;
  }

  #price(id: number): void {
    if (id >= this.#total.length) this.#grow();
    const { counts } = this.#classes;
    const offset = this.#classes.offsetOf(id);
    const total = this.#cost.operationsPs(counts, offset);
    const legs = (counts[offset + VIRTUAL_EXITS] as number) * this.#cost.pricePs('exitToVirtualNs');
    this.#total[id] = total;
    this.#exit[id] = Math.round(legs * EXIT_LEG_SHARE);
    this.#entry[id] = legs - (this.#exit[id] as number);
    if (!this.leaves(id)) return;
    const beyond = total - legs;
    const isUserspace = counts[offset + USERSPACE_EXITS] !== 0;
    this.#locked[id] = isUserspace ? Math.round(beyond * this.#cost.shareOf('bqlShare')) : 0;
    this.#handler[id] = beyond - (this.#locked[id] as number);
  }

  #grow(): void {
    const length = this.#total.length * 2;
    this.#total = grownDoubles(this.#total, length);
    this.#exit = grownDoubles(this.#exit, length);
    this.#handler = grownDoubles(this.#handler, length);
    this.#locked = grownDoubles(this.#locked, length);
    this.#entry = grownDoubles(this.#entry, length);
  }
}

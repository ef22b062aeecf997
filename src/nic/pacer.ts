import { PICOSECONDS_PER_NS } from '../units.js';
import type { Arrivals } from './arrivals.js';
import type { Nic } from './nic.js';

/** Hands out arrivals one after another, and lets the time between them go by on the card. One thread. */
export class Pacer {
  /** The last arrival; a new run of the card goes on from there. */
  nowPs = 0;
  readonly #nic: Nic;
  readonly #arrivals: Arrivals;

  constructor(nic: Nic, arrivals: Arrivals) {
    this.#nic = nic;
    this.#arrivals = arrivals;
  }

  /** The next arrival. */
  next(): number {
    const arrivalPs = this.#arrivals.next();
    if (arrivalPs > this.nowPs) {
      this.#nic.elapse((arrivalPs - this.nowPs) / PICOSECONDS_PER_NS);
      this.nowPs = arrivalPs;
    }
    return this.nowPs;
  }
}

import { grownDoubles, grownInts } from './grown.js';

/**
 * What a card did, one unit of work after another: a transmitted segment train, one poll of received frames, or a
 * transaction. The costs of a unit are a class of operation counts, so the log can be timed again under other prices.
 */
export class UnitLog {
  #size = 0;
  #costClass = new Int32Array(1024);
  #payloadBytes = new Float64Array(1024);
  #wireBytes = new Float64Array(1024);
  #packets = new Float64Array(1024);
  #transactions = new Float64Array(1024);
  #arrivalPs = new Float64Array(1024);

  get size(): number {
    return this.#size;
  }

  get costClass(): Int32Array {
    return this.#costClass;
  }

  get payloadBytes(): Float64Array {
    return this.#payloadBytes;
  }

  get wireBytes(): Float64Array {
    return this.#wireBytes;
  }

  get packets(): Float64Array {
    return this.#packets;
  }

  /** Requests answered. */
  get transactions(): Float64Array {
    return this.#transactions;
  }

  /** When each unit's work is there, in whole picoseconds from the beginning; 0 in a closed loop. */
  get arrivalPs(): Float64Array {
    return this.#arrivalPs;
  }

  add(
    costClass: number,
    payloadBytes: number,
    wireBytes: number,
    packets: number,
    transactions = 0,
    arrivalPs = 0,
  ): void {
    const i = this.#size++;
    if (i === this.#costClass.length) this.#grow();
    this.#costClass[i] = costClass;
    this.#payloadBytes[i] = payloadBytes;
    this.#wireBytes[i] = wireBytes;
    this.#packets[i] = packets;
    this.#transactions[i] = transactions;
    this.#arrivalPs[i] = arrivalPs;
  }

  #grow(): void {
    const length = this.#size * 2;
    this.#costClass = grownInts(this.#costClass, length);
    this.#payloadBytes = grownDoubles(this.#payloadBytes, length);
    this.#wireBytes = grownDoubles(this.#wireBytes, length);
    this.#packets = grownDoubles(this.#packets, length);
    this.#transactions = grownDoubles(this.#transactions, length);
    this.#arrivalPs = grownDoubles(this.#arrivalPs, length);
  }
}

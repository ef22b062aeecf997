/**
 * What a card did, one unit of work after another: a transmitted segment train, one poll of received frames, or a
 * transaction.
 * The costs of a unit are a class of operation counts, so the log can be timed again under other prices.
 */
export class UnitLog {
  #size = 0;
  #costClass = new Int32Array(1024);
  #payloadBytes: Float64Array = new Float64Array(1024);
  #wireBytes: Float64Array = new Float64Array(1024);
  #packets: Float64Array = new Float64Array(1024);
  #transactions: Float64Array = new Float64Array(1024);
  #arrivalPs: Float64Array = new Float64Array(1024);

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
    const costClass = new Int32Array(length);
    costClass.set(this.#costClass);
    this.#costClass = costClass;
    this.#payloadBytes = grown(this.#payloadBytes, length);
    this.#wireBytes = grown(this.#wireBytes, length);
    this.#packets = grown(this.#packets, length);
    this.#transactions = grown(this.#transactions, length);
    this.#arrivalPs = grown(this.#arrivalPs, length);
  }
}

function grown(old: Float64Array, length: number): Float64Array {
  const next = new Float64Array(length);
  next.set(old);
  return next;
}

/** What one unit of work did. A card writes it anew at every step; a driver reads it and keeps no reference. */
export interface UnitOfWork {
  /** When the work is there, in whole picoseconds of modelled time from the beginning; 0 in a closed loop. */
  arrivalPs: number;
  /** Payload moved, both directions together. */
  payloadBytes: number;
  /**
   * Bytes the data frames take on the wire: Ethernet header, preamble, FCS and gap included. Where both directions
   * are busy at once it is the fuller one.
   */
  wireBytes: number;
  /** Data frames sent and received. */
  frames: number;
  /** Acknowledgements handled: received by a sender, sent by a receiver. */
  acks: number;
  /** Frames, acknowledgements included, that were lost for want of a mapping. */
  dropped: number;
  /** Requests answered. */
  transactions: number;
}

/**
 * A card with its driver at a workload, which makes hypercalls as it works. Whoever drives it decides when a step
 * happens; a card knows no time but when work arrives. One thread; no step allocates once the rings are full.
 */
export interface Card {
  /** Brings the interface up: rings, then the receive buffers. The warm-up that a rate leaves out. */
  open(): void;
  /** One unit of work: an skb sent, one NAPI poll of received frames, or a transaction. */
  step(): void;
  /** Takes the interface down: nothing is mapped and no guest page is held afterwards. */
  close(): void;
  /** What the last step did. */
  readonly unit: UnitOfWork;
  /** Which end of the card a unit comes from: `tx`: the processor, `rx`: the wire. */
  readonly pipeline: 'tx' | 'rx';
  /** Units that may be between the processor and the wire at once. */
  readonly ringUnits: number;
}

/** A unit in which nothing happened. */
export function emptyUnit(): UnitOfWork {
  return { arrivalPs: 0, payloadBytes: 0, wireBytes: 0, frames: 0, acks: 0, dropped: 0, transactions: 0 };
}

/** Makes a unit empty again. */
export function clearUnit(unit: UnitOfWork): void {
  unit.arrivalPs = 0;
  unit.payloadBytes = 0;
  unit.wireBytes = 0;
  unit.frames = 0;
  unit.acks = 0;
  unit.dropped = 0;
  unit.transactions = 0;
}

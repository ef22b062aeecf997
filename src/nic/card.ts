/** What one unit of work did. A card writes it anew at every step; a driver reads it and keeps no reference. */
export interface UnitOfWork {
  /** TCP payload moved. */
  payloadBytes: number;
  /** Bytes the data frames take on the wire: Ethernet header, preamble, FCS and gap included. */
  wireBytes: number;
  /** Data frames sent or received. */
  frames: number;
  /** Acknowledgements handled: received by a sender, sent by a receiver. */
  acks: number;
  /** Frames, acknowledgements included, that were lost for want of a mapping. */
  dropped: number;
}

/**
 * A card with its driver, which makes hypercalls as it works. Whoever drives it decides when a step happens;
 * a card knows no time. One thread; no step allocates.
 */
export interface Card {
  /** Brings the interface up: rings, then the receive buffers. The warm-up that a rate leaves out. */
  open(): void;
  /** One unit of work: a TSO skb sent, or one NAPI poll of received frames. */
  step(): void;
  /** Takes the interface down: nothing is mapped and no guest page is held afterwards. */
  close(): void;
  /** What the last step did. */
  readonly unit: UnitOfWork;
}

/** A unit in which nothing happened. */
export function emptyUnit(): UnitOfWork {
  return { payloadBytes: 0, wireBytes: 0, frames: 0, acks: 0, dropped: 0 };
}

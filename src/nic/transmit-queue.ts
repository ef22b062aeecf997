/** The transmit side of one queue set. One thread; nothing here allocates in the steady state. */
export interface TransmitQueue {
  /**
   * Sends `bytes` of one TCP stream, at most what one skb holds, in the shape that the offload gives: how many
   * data frames it became. Fewer than it should be: the rest could not be mapped and was dropped.
   */
  send(bytes: number): number;
  /** Sends one frame of `bytes`, FCS not included, from a linear buffer: an ACK or a datagram. False: dropped. */
  sendFrame(bytes: number): boolean;
  /** An interrupt: what a driver does first in its poll, where it cleans the transmit ring there. */
  interrupt(): void;
  /** So many nanoseconds go by without any work: the driver's timers fire. */
  elapse(ns: number): void;
  /** Unmaps everything in flight and gives all memory back. */
  close(): void;
  /** How many skbs of `bytes` may be between the driver and the wire. */
  skbsOf(bytes: number): number;
}

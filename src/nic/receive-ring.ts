/** The receive buffers of one queue set. One thread; nothing here allocates once the ring has been filled. */
export interface ReceiveRing {
  /** Fills the ring. Refuses the window if not one buffer can be mapped; the caller still has to close. */
  open(): void;
  /**
   * A frame of `bytes`, Ethernet header included and FCS not, arrives; `tcp` tells whether GRO would take it.
   * False: it was lost for want of a buffer.
   */
  receive(bytes: number, tcp: boolean): boolean;
  /** The end of a NAPI poll: the driver fills up what it has left open. */
  endPoll(): void;
  /** Unmaps and frees every buffer. */
  close(): void;
  /** How many frames of that length the filled ring takes. */
  framesOf(bytes: number): number;
}

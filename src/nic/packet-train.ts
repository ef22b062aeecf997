/**
 * Packets of a capture, in their order: what a reader of captures gives. The arrays have equal lengths. Nothing here
 * is changed by who reads it.
 */
export interface PacketTrain {
  /** Length of each frame on the wire without FCS, Ethernet header included. */
  readonly sizes: Int32Array;
  /** When each was seen, in nanoseconds from any beginning. */
  readonly timesNs: Float64Array;
  /** Which way each went: 0 into the guest, 1 out of it; absent: all the way that `traffic.direction` says. */
  readonly directions?: Uint8Array;
}

/** Flits before the scatter list of a packet; a TSO packet has one more. */
const HEADER_FLITS = 2;

/**
 * Descriptors that a packet of `pieces` mapped pieces takes on a card whose descriptors hold a list of addresses
 * (sge.c of cxgb3: sgl_len, flits_to_desc).
 */
export function listDescriptors(pieces: number, tso: boolean, flitsPerDescriptor: number): number {
  // Two addresses share three flits; an odd last one takes two.
  const listFlits = 3 * (pieces >> 1) + 2 * (pieces & 1);
  const flits = HEADER_FLITS + (tso ? 1 : 0) + listFlits;
  // A descriptor after the first begins with one more flit of header.
  return 1 + Math.floor((flits - HEADER_FLITS) / (flitsPerDescriptor - 1));
}

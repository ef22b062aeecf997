/**
 * Where the simulated host keeps the pages of user memory: hpa = ua XOR a constant, on the two halves of the
 * address. It keeps the low 24 bits, so alignment up to 16 MiB survives, and makes a host address differ from
 * every user and guest address, so that a handler that stores the wrong one is found out.
 */
export const HPA_XOR_HI = 0x300a;
/** The low half of that constant. */
export const HPA_XOR_LO = 0x55000000;

/** First user address of the memory that a guest can have; aligned to far more than any IOMMU page. */
export const USER_ARENA_START = 0x2000_0000_0000;

/** High half of the host physical address of a user address. */
export function hpaHigh(uaHi: number): number {
  return uaHi ^ HPA_XOR_HI;
}

/** Low half of the host physical address of a user address. */
export function hpaLow(uaLo: number): number {
  return uaLo ^ HPA_XOR_LO;
}

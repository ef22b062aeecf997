/**
 * The TCE word: a page address in the high bits, permission in the low two.
 *
 * A 64-bit word travels as two 32-bit halves, `hi` and `lo`, both signed (`| 0`): a BigInt for each word costs
 * twenty times the work it stands for, and a double cannot hold the DDW addresses above 2^53 bit by bit.
 */

/** The device may read the page: transmit. */
export const TCE_READ = 1;
/** The device may write the page: receive, and descriptor rings. */
export const TCE_WRITE = 2;
/** Both permission bits; a word with neither clears its entry. */
export const TCE_PERMISSIONS = TCE_READ | TCE_WRITE;

const TWO_32 = 2 ** 32;
// An exported constant is read from memory at every use, this one is folded into the code.
const PERMISSIONS = TCE_PERMISSIONS;

/** The number that two halves stand for; exact below 2^53, and for page-aligned addresses far above. */
export function joinWord(hi: number, lo: number): number {
  return (hi >>> 0) * TWO_32 + (lo >>> 0);
}

/** The address in a TCE word: all of it but the permission bits. */
export function addressOf(hi: number, lo: number): number {
  return (hi >>> 0) * TWO_32 + ((lo & ~PERMISSIONS) >>> 0);
}

/** The high half of a non-negative whole number below 2^64. */
export function highHalf(value: number): number {
  return Math.floor(value / TWO_32) | 0;
}

/** The low half of a non-negative whole number below 2^64. */
export function lowHalf(value: number): number {
  return value | 0;
}

/** A word as the kernel prints it: `0x` and lower-case digits without leading zeros. */
export function formatWord(hi: number, lo: number): string {
  const high = hi >>> 0;
  const low = (lo >>> 0).toString(16);
  return high === 0 ? `0x${low}` : `0x${high.toString(16)}${low.padStart(8, '0')}`;
}

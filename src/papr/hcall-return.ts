// Return codes of the TCE hypercalls (PAPR values, arch/powerpc/include/asm/hvcall.h).

/** Done. */
export const H_SUCCESS = 0;
/** The resource is closed. */
export const H_CLOSED = 2;
/** The hardware, or what stands for it, said no. */
export const H_HARDWARE = -1;
/** An argument of the call cannot be. */
export const H_PARAMETER = -4;

/** "Not handled here": moves a hypercall one rung down the ladder. The guest never sees it. */
export const H_TOO_HARD = 9999;

/**
 * Not a code of PAPR: the host kernel would have crashed here (a store outside a table, a failed alignment
 * assertion). JavaScript drops such stores silently; this model refuses and says so.
 */
export const HOST_FAULT = 0x7fff_ffff;

const NAMES: ReadonlyMap<number, string> = new Map([
  [H_SUCCESS, 'H_SUCCESS'],
  [1, 'H_BUSY'],
  [H_CLOSED, 'H_CLOSED'],
  [H_HARDWARE, 'H_HARDWARE'],
  [-2, 'H_FUNCTION'],
  [-3, 'H_PRIVILEGE'],
  [H_PARAMETER, 'H_PARAMETER'],
  [-11, 'H_PERMISSION'],
  [-16, 'H_RESOURCE'],
  [-44, 'H_NOT_ENOUGH_RESOURCES'],
  [-64, 'H_TOO_BIG'],
  [H_TOO_HARD, 'H_TOO_HARD'],
  [HOST_FAULT, 'hostFault'],
]);

/** The kernel's name of a return code, or the number itself where it has none here. */
export function hcallReturnName(code: number): string {
  return NAMES.get(code) ?? String(code);
}

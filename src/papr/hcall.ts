// The four hypercalls of the TCE interface, by their PAPR numbers (arch/powerpc/include/asm/hvcall.h).

/** Reads one entry. */
export const H_GET_TCE = 0x1c;
/** Sets or clears one entry. */
export const H_PUT_TCE = 0x20;
/** Sets many entries to one value. */
export const H_STUFF_TCE = 0x138;
/** Sets entries from a list in guest memory. */
export const H_PUT_TCE_INDIRECT = 0x13c;

/** One H_PUT_TCE_INDIRECT carries at most this many TCEs: its list fills one 4 KiB page. */
export const MAX_INDIRECT_TCES = 512;

/** The list of an H_PUT_TCE_INDIRECT must begin at a multiple of this. */
export const TCE_LIST_ALIGN_BYTES = 4096;

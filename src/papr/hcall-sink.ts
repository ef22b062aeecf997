/**
 * The narrow waist: whatever makes hypercalls (a card, a log, a scenario) and whatever serves them know nothing
 * of each other but this. 64-bit registers travel as signed 32-bit halves; `liobn` and `npages` as plain numbers,
 * because every value that means something is small and every other one is refused.
 *
 * Each call returns a code of `hcall-return.ts`. One sink belongs to one thread.
 */
export interface HcallSink {
  /** H_PUT_TCE: sets or clears one entry. */
  putTce(liobn: number, iobaHi: number, iobaLo: number, tceHi: number, tceLo: number): number;

  /** H_PUT_TCE_INDIRECT: sets `npages` entries from a big-endian list in guest memory. */
  putTceIndirect(
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceListHi: number,
    tceListLo: number,
    npages: number,
  ): number;

  /** H_STUFF_TCE: sets `npages` entries to one value. */
  stuffTce(
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceHi: number,
    tceLo: number,
    npages: number,
  ): number;

  /** H_GET_TCE: reads an entry of the guest view into {@link resultHi} and {@link resultLo}. */
  getTce(liobn: number, iobaHi: number, iobaLo: number): number;

  /** What the last successful H_GET_TCE put in r4. */
  readonly resultHi: number;
  readonly resultLo: number;
}

/** The part of guest memory that the guest itself writes: the lists of H_PUT_TCE_INDIRECT. */
export interface GuestStore {
  /** Stores a 64-bit word big-endian at a guest physical address that is a multiple of 8. */
  storeWord(gpa: number, hi: number, lo: number): void;
}

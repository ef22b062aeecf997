/** Word indices of a mailbox, for its two ends only. */
export const STATE = 0;
export const HCALL = 1;
export const LIOBN_HI = 2;
export const LIOBN_LO = 3;
export const IOBA_HI = 4;
export const IOBA_LO = 5;
export const ARG_HI = 6;
export const ARG_LO = 7;
export const NPAGES = 8;
export const RESULT = 9;
export const RESULT_HI = 10;
export const RESULT_LO = 11;
export const WORDS = 12;

/** What STATE says. PARKED: no slice is under way, a userspace thread that spins shall sleep. */
export const PARKED = 0;
export const IDLE = 1;
export const REQUEST = 2;
export const REPLY = 3;
export const STOP = 4;
export const FAILED = 5;

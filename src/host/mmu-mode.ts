/** With the MMU on: ioctls, and the handlers of virtual mode. An index, and the bit of nothing. */
export const VIRTUAL_MODE = 0;

/** With the MMU off: the handlers of real mode. An index, and the bit of what real mode cannot do. */
export const REAL_MODE = 1;

/** Whether the host's MMU is on: {@link VIRTUAL_MODE} or {@link REAL_MODE}. */
export type MmuMode = typeof VIRTUAL_MODE | typeof REAL_MODE;

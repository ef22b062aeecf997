import type { ExitKind } from '../result/measure-document.js';

/** How user space gets a hypercall, in words; in the order of what it costs. */
export const HAND_OVER_NAMES: Readonly<Record<ExitKind, string>> = {
  none: 'direct call',
  lock: 'own thread, big lock',
  spin: 'thread that spins',
  block: 'sleep and wake-up',
};

import { REAL_MODE } from '../host/mmu-mode.js';
import { TCE_PERMISSIONS } from '../papr/tce.js';
import type { Step } from './observer.js';
import { hasFailed, type Swap } from './recording-table.js';
import { hasWordWithoutPermission } from './request.js';

/** Whether the exchange stored nothing at all: a clear, not a mapping without permission. */
export function isClearing({ newHi, newLo }: Swap): boolean {
  return (newHi | newLo) === 0;
}

/** Whether the exchange took a valid mapping away, or put another over it. */
export function replacesValid(swap: Swap): boolean {
  return (swap.oldLo & TCE_PERMISSIONS) !== 0 && !hasFailed(swap);
}

/** Whether the exchange at `index` puts back what the one before it had cleared, in a request that clears. */
export function isRestore({ swaps, request }: Step, index: number): boolean {
  const swap = swaps[index] as Swap;
  const last = swaps[index - 1];
  if (request?.clears !== true || last === undefined || !isClearing(last)) return false;
  const isSameEntry = last.table === swap.table && last.entry === swap.entry && last.mode === swap.mode;
  return isSameEntry && replacesValid(last) && swap.newHi === last.oldHi && swap.newLo === last.oldLo;
}

/**
 * Whether the exchange at `index` clears an entry by force, after a failure: in a request that makes mappings, or
 * right behind a clear that was undone.
 */
export function isForced(step: Step, index: number): boolean {
  const { swaps, request } = step;
  const swap = swaps[index] as Swap;
  if (request === null || !isClearing(swap)) return false;
  return request.maps || (index > 0 && isRestore(step, index - 1));
}

/** I2: a list held a word without permission. */
export function mapsNothing({ request }: Step): boolean {
  return request !== null && hasWordWithoutPermission(request);
}

/** I3: a valid entry was cleared by force. */
export function clearsByForce(step: Step): boolean {
  return step.swaps.some((swap, index) => replacesValid(swap) && isForced(step, index));
}

/** I4: a clear that could not be uncounted, because real mode does not reach the userspace view. */
export function failsToUncount({ request, isUserspaceViewOutOfReach, swaps }: Step): boolean {
  return (
    request?.clears === true && isUserspaceViewOutOfReach && swaps.some(({ mode }) => mode === REAL_MODE)
  );
}

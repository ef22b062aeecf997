import { median } from '../stats/quantile.js';
import type { RunningArm } from './running-arm.js';
import { MS_TO_NS } from './timer.js';

/**
 * A plateau before this proves nothing: on a busy machine the compiler's thread may come that late, and what it
 * brings makes a handler a third faster.
 */
const LEAST_MILLISECONDS = 200;

/** After this many slices that could have held the least, an arm is taken as it is, and the result says so. */
const PATIENCE = 4;

const WINDOW = 3;
const STEADY_SHARE = 0.05;

/** Long enough for a median that other processes do not move. */
const SLICE_MILLISECONDS = 20;

/** Runs an arm until it is steady; false where it would not be. */
export async function warmUp(arm: RunningArm): Promise<boolean> {
  const patience = PATIENCE * Math.max(2 * WINDOW, LEAST_MILLISECONDS / SLICE_MILLISECONDS);
  const medians: number[] = [];
  // By medians, not by the clock: time that other processes took warmed nothing up.
  let ownMilliseconds = 0;
  while (medians.length < patience) {
    const { medianNs, calls } = await arm.slice(SLICE_MILLISECONDS, false);
    medians.push(medianNs);
    ownMilliseconds += ((calls / arm.spec.vcpus) * medianNs) / MS_TO_NS;
    if (ownMilliseconds >= LEAST_MILLISECONDS && isSteady(medians)) return true;
  }
  return false;
}

/** Whether the medians of the last slices and of those before them agree. */
export function isSteady(medians: readonly number[]): boolean {
  if (medians.length < 2 * WINDOW) return false;
  const middle = (values: readonly number[]) => median(values);
  const last = middle(medians.slice(-WINDOW));
  const before = middle(medians.slice(-2 * WINDOW, -WINDOW));
  return Math.abs(last / before - 1) < STEADY_SHARE;
}

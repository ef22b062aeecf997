import { CostModel } from '../../cost/cost-model.js';
import type { Prices } from '../../cost/cost-profile.js';
import { type FunctionalRun, type Link, rateBytesPerSec, timeClosedLoop } from '../../sim/closed-loop.js';

/** How near to the asked rate a solved leg comes, as a share of it. */
const PRECISION = 1e-9;
const MAX_STEPS = 60;

/** The constant that the claim's slow figure may calibrate: it is measured nowhere. */
export const CALIBRATED_KEY = 'exitToUserspaceNs';

/** The rate of a run if the exit to user space beyond the virtual exit costs so much, in bytes per second. */
export function rateAtLeg(run: FunctionalRun, prices: Prices, legNs: number, link: Link): number {
  return rateBytesPerSec(timeClosedLoop(run, new CostModel({ ...prices, [CALIBRATED_KEY]: legNs }), link));
}

/**
 * The leg, in nanoseconds, at which a run has a rate; null where none from 0 to `maxNs` gives it. The rate falls as
 * the leg grows. In a run that the processor alone bounds, time is linear in the leg, so that the second step ends it.
 */
export function solveLeg(
  run: FunctionalRun,
  prices: Prices,
  rate: number,
  maxNs: number,
  link: Link,
): number | null {
  const excess = (legNs: number): number => 1 / rateAtLeg(run, prices, legNs, link) - 1 / rate;
  let low = 0;
  let high = maxNs;
  let atLow = excess(low);
  let atHigh = excess(high);
  if (atLow > 0 || atHigh < 0) return null;
  for (let step = 0; step < MAX_STEPS; step++) {
    // False position, with a bisection now and then against its one-sided crawl.
    const share = step % 3 === 2 || atHigh === atLow ? 0.5 : -atLow / (atHigh - atLow);
    const leg = low + (high - low) * share;
    const at = excess(leg);
    if (Math.abs(at) <= PRECISION / rate) return leg;
    if (at > 0) [high, atHigh] = [leg, at];
    else [low, atLow] = [leg, at];
  }
  return (low + high) / 2;
}

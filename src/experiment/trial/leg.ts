import { CostModel } from '../../cost/cost-model.js';
import type { Prices } from '../../cost/cost-profile.js';
import type { RepricedRun } from '../../sim/repriced-run.js';
import { fallingRoot } from '../../stats/falling-root.js';

/** The constant that the claim's slow figure may calibrate: it is measured nowhere. */
export const CALIBRATED_KEY = 'exitToUserspaceNs';

/** The rate of a run if the exit to user space beyond the virtual exit costs so much, in bytes per second. */
export function rateAtLeg(run: RepricedRun, prices: Prices, legNs: number): number {
  return run.rateBytesPerSec(new CostModel({ ...prices, [CALIBRATED_KEY]: legNs }));
}

/** The leg, in nanoseconds, at which a run has a rate; null where none from 0 to `maxNs` gives it. */
export function solveLeg(run: RepricedRun, prices: Prices, rate: number, maxNs: number): number | null {
  return fallingRoot((legNs) => rateAtLeg(run, prices, legNs), rate, 0, maxNs);
}

import { CONTENTION_KEYS, COST_KEYS, type CostProfile, type Prices } from '../../cost/cost-profile.js';
import { type AssumptionShift, sizeOfShift } from '../../result/claim-document.js';
import { judge } from './judge.js';
import { CALIBRATED_KEY } from './leg.js';
import type { CalibratedRow } from './row.js';

/**
 * How much of an arm's mass lies in the band where one constant is in the lowest or in the highest third of the
 * consistent draws: which assumption carries the verdict. The constants that shift it most come first; those that the
 * trial's one vCPU cannot feel are left out.
 */
export function shiftsOf(
  arm: string,
  row: CalibratedRow,
  prices: readonly Prices[],
  profile: CostProfile,
  band: readonly [number, number],
): AssumptionShift[] {
  const rates = [...row.rates].find(([id]) => id === arm)?.[1];
  const third = Math.floor(row.draws.length / 3);
  if (rates === undefined || third === 0) return [];
  const shifts = COST_KEYS.filter((key) => {
    const { low, high } = profile.constants[key];
    return key !== CALIBRATED_KEY && !CONTENTION_KEYS.includes(key) && high > low;
  }).map((key) => {
    const valueAt = (k: number): number => prices[row.draws[k] as number]?.[key] ?? 0;
    const order = row.draws.map((_, k) => k).sort((a, b) => valueAt(a) - valueAt(b));
    const insideOf = (ks: readonly number[]) =>
      judge(
        Float64Array.from(ks, (k) => rates[k] as number),
        band,
      ).inside;
    return {
      assumption: key,
      arm,
      insideIfLow: insideOf(order.slice(0, third)),
      insideIfHigh: insideOf(order.slice(-third)),
    };
  });
  return shifts.sort((a, b) => sizeOfShift(b) - sizeOfShift(a));
}

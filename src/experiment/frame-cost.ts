import { COST_KEYS, type CostKey, type Prices } from '../cost/cost-profile.js';
import { OPERATIONS, type Operation } from '../cost/operations.js';
import type { FrameCost } from '../result/run-document.js';
import type { Timing } from '../sim/closed-loop.js';
import { type MeteredCalls, totalOf } from '../sim/metered-sink.js';
import { PICOSECONDS_PER_NS } from '../units.js';

/** What one primitive operation took in all measured hypercalls together, in whole picoseconds. */
export interface StageTime {
  readonly operation: Operation;
  readonly key: CostKey;
  readonly times: number;
  readonly ps: number;
}

/** The operations that the measured hypercalls did, in the order of their names; their times add up exactly. */
export function stageTimes(calls: MeteredCalls, prices: Prices): readonly StageTime[] {
  return OPERATIONS.flatMap((operation, i) => {
    const times = totalOf(calls, i);
    if (times === 0) return [];
    const key = COST_KEYS[i] as CostKey;
    return [{ operation, key, times, ps: times * Math.round(prices[key] * PICOSECONDS_PER_NS) }];
  });
}

/**
 * The processor time of a frame, operation by operation, beside what the wire leaves for it: with several vCPUs all of
 * them work while the wire carries one frame. null where no frame was measured.
 */
export function frameCostOf(
  calls: MeteredCalls,
  { packets, vcpuBusyPs, wireBusyPs }: Pick<Timing, 'packets' | 'vcpuBusyPs' | 'wireBusyPs'>,
  prices: Prices,
  vcpus: number,
): FrameCost | null {
  if (packets === 0) return null;
  const perFrame = (ps: number) => ps / packets / PICOSECONDS_PER_NS;
  const stages = stageTimes(calls, prices);
  const hcallsPs = stages.reduce((sum, { ps }) => sum + ps, 0);
  return {
    stages: stages.map(({ operation, ps }) => ({ operation, ns: perFrame(ps) })),
    otherWorkNs: perFrame(vcpuBusyPs - hcallsPs),
    vcpuNs: perFrame(vcpuBusyPs),
    budgetNs: perFrame(wireBusyPs * vcpus),
  };
}

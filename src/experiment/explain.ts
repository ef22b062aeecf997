import { CostModel } from '../cost/cost-model.js';
import { nominalPrices } from '../cost/cost-profile.js';
import type { ExplainDocument, ExplainedStage } from '../result/explain-document.js';
import type { ResolvedScenario } from '../scenario/load-scenario.js';
import { timeClosedLoop } from '../sim/closed-loop.js';
import { PICOSECONDS_PER_NS } from '../units.js';
import { stageTimes } from './frame-cost.js';
import { runOneArm } from './one-arm.js';

/**
 * One request's journey on one path: every primitive operation of the mean hypercall with its price and origin, and
 * what a frame leaves for it. The mean is the sum of the stages in their order, to the last bit.
 */
export function explainArm(resolved: ResolvedScenario, armId: string, version: string): ExplainDocument {
  const { scenario, profile, revision } = resolved;
  const prices = nominalPrices(profile);
  const { arm, run, calls } = runOneArm(resolved, armId);
  const timing = timeClosedLoop(run, new CostModel(prices), scenario.link);
  const { hcalls } = calls;
  const frames = timing.packets;
  const perFrame = (ps: number): number => (frames === 0 ? 0 : ps / frames / PICOSECONDS_PER_NS);
  const stages: (ExplainedStage & { readonly ps: number })[] = [];
  for (const { operation, key, times, ps } of stageTimes(calls, prices)) {
    const { low, high, origin, source } = profile.constants[key];
    stages.push({
      operation,
      constant: key,
      perHcall: times / hcalls,
      nsEach: prices[key],
      low,
      high,
      origin,
      source,
      nsPerHcall: ps / hcalls / PICOSECONDS_PER_NS,
      nsPerFrame: perFrame(ps),
      ps,
    });
  }
  const hcallsPs = stages.reduce((sum, { ps }) => sum + ps, 0);
  const sumOf = (part: 'nsPerHcall' | 'nsPerFrame') => stages.reduce((sum, stage) => sum + stage[part], 0);
  return {
    schema: 'tcebench.explain/1',
    clock: 'modelled',
    version,
    scenario,
    arm: arm.id,
    revision: revision.id,
    evidence: revision.evidence,
    cost: profile.id,
    hcalls,
    frames,
    hcallsPerFrame: frames === 0 ? 0 : hcalls / frames,
    stages: stages.map(({ ps: _, ...stage }) => stage),
    meanHcallNs: hcalls === 0 ? null : sumOf('nsPerHcall'),
    hcallsNsPerFrame: sumOf('nsPerFrame'),
    otherWorkNsPerFrame: perFrame(timing.vcpuBusyPs - hcallsPs),
    vcpuNsPerFrame: perFrame(timing.vcpuBusyPs),
    budgetNsPerFrame: perFrame(timing.wireBusyPs),
    boundBy: timing.wireBusyPs >= timing.vcpuBusyPs ? 'wire' : 'vcpu',
  };
}

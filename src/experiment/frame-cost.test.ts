import { describe, expect, it } from 'vitest';
import { QUANTILE_SHARES } from '../result/run-document.js';
import { resolveScenario } from '../scenario/load-scenario.js';
import { runScenario } from './run.js';

function armsWith(scenario: { readonly [key: string]: object }) {
  const run = { bytes: 2e6, warmup: 1e6, draws: 20 };
  return runScenario(resolveScenario({ ...scenario, run }), 'test', { trial: false }).document.arms;
}

const CASES: [string, { readonly [key: string]: object }, number][] = [
  ['one vCPU', {}, 1],
  ['two vCPUs', { guest: { vcpus: 2 } }, 2],
];

describe.each(CASES)('the cost of a frame with %s', (_, scenario, vcpus) => {
  const arms = armsWith(scenario);

  it('has stages that add up to the processor time of the arm', () => {
    for (const { frameCost, cpuNsPerKB } of arms) {
      const { stages = [], otherWorkNs = 0, vcpuNs = 0 } = frameCost ?? {};
      expect(stages.reduce((sum, { ns }) => sum + ns, otherWorkNs)).toBeCloseTo(vcpuNs, 9);
      expect(vcpuNs).toBeCloseTo(cpuNsPerKB * 1.448, 6);
    }
  });

  it('stands beside what the wire leaves: 1538 bytes at 10 Gb/s, for every vCPU', () => {
    for (const { frameCost } of arms) expect(frameCost?.budgetNs).toBeCloseTo(1538 * 0.8 * vcpus, 9);
  });

  it('names what a path does and nothing else', () => {
    const operations = (id: string) =>
      arms.find((arm) => arm.id === id)?.frameCost?.stages.map(({ operation }) => operation);
    expect(operations('direct')).toEqual([]);
    expect(operations('single-userspace')).toContain('userspaceExits');
    expect(operations('single-real')).not.toContain('userspaceExits');
  });
});

describe('the quantiles of an arm', () => {
  it('rise, and meet the single ones', () => {
    const rr = armsWith({ traffic: { workload: 'rr' } });
    for (const arm of [...rr, ...armsWith(CASES[1]?.[1] ?? {})]) {
      for (const [quantiles, p50, p99] of [
        [arm.hcallQuantiles, arm.hcallP50Ns, arm.hcallP99Ns],
        [arm.latencyQuantiles, arm.latencyP50Ns, arm.latencyP99Ns],
      ] as const) {
        if (p50 === null) {
          expect(quantiles).toBeNull();
          continue;
        }
        expect(quantiles?.map(({ share }) => share)).toEqual([...QUANTILE_SHARES]);
        const times = quantiles?.map(({ ns }) => ns) ?? [];
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(quantiles?.find(({ share }) => share === 0.5)?.ns).toBe(p50);
        expect(quantiles?.find(({ share }) => share === 0.99)?.ns).toBe(p99);
      }
    }
    expect(rr.every(({ latencyQuantiles }) => latencyQuantiles !== null)).toBe(true);
  });
});

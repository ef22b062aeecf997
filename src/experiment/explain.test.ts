import { describe, expect, it } from 'vitest';
import { resolveScenario } from '../scenario/load-scenario.js';
import { explainArm } from './explain.js';
import { runScenario } from './run.js';
import { sensitivityOf } from './sensitivity.js';
import { solveConstant } from './solve.js';

const resolved = resolveScenario({ run: { bytes: 4e6, warmup: 4e6, draws: 20 } });
const { arms } = runScenario(resolved, 'test', { trial: false }).document;

describe.each(arms.filter(({ id }) => id !== 'direct'))('the journey of $id', ({ id, ...arm }) => {
  const journey = explainArm(resolved, id, 'test');

  it('has stages that add up to the mean hypercall', () => {
    const sum = journey.stages.reduce((total, { nsPerHcall }) => total + nsPerHcall, 0);
    expect(sum).toBeCloseTo(journey.meanHcallNs as number, 9);
    for (const { perHcall, nsEach, nsPerHcall } of journey.stages) {
      // Prices are whole picoseconds.
      expect(Math.abs(perHcall * nsEach - nsPerHcall)).toBeLessThan(perHcall * 0.001);
    }
  });

  it('gives the rate of the run back', () => {
    const nsPerFrame = Math.max(journey.vcpuNsPerFrame, journey.budgetNsPerFrame);
    expect((1e9 / nsPerFrame / arm.packetsPerSec - 1) ** 2).toBeLessThan(0.01 ** 2);
    expect(journey.boundBy).toBe(arm.boundBy);
    expect(journey.hcallsPerFrame * (1e6 / 1448)).toBeCloseTo(arm.hcallsPerMB, 6);
  });
});

describe('an arm without hypercalls', () => {
  it('has nothing to explain', () => {
    expect(explainArm(resolved, 'direct', 'test')).toMatchObject({ stages: [], meanHcallNs: null });
  });

  it('is not invented: an unknown one is refused with the known ones', () => {
    expect(() => explainArm(resolved, 'single', 'test')).toThrow(/no such arm/);
  });
});

describe('a constant that is solved', () => {
  it.each(['exitToUserspaceNs', 'exitToVirtualNs', 'otherWorkNsPerByte'] as const)(
    '%s gives the rate within 0.1 % when it is fed back',
    (key) => {
      const { low, high } = resolved.profile.constants[key];
      const question = { key, arm: 'single-userspace', targetBytesPerSec: 1 };
      const ends = solveConstant(resolved, question, 'test');
      expect([ends.low, ends.high, ends.value]).toEqual([low, high, null]);
      const targetBytesPerSec = (ends.rateAtLow + ends.rateAtHigh) / 2;
      const { value } = solveConstant(resolved, { ...question, targetBytesPerSec }, 'test');
      const set =
        key === 'otherWorkNsPerByte'
          ? { guest: { otherWork: { nsPerByte: value } } }
          : { cost: { [key]: value } };
      const again = resolveScenario({ ...set, run: { bytes: 4e6, warmup: 4e6, draws: 20 } });
      const slow = runScenario(again, 'test', { trial: false }).document.arms.find(
        ({ id }) => id === 'single-userspace',
      );
      expect(Math.abs((slow?.rateBytesPerSec ?? 0) / targetBytesPerSec - 1)).toBeLessThan(1e-3);
    },
  );

  it('is none where no value of the range gives the rate', () => {
    const question = { key: 'exitToUserspaceNs', arm: 'single-userspace', targetBytesPerSec: 220e6 } as const;
    expect(solveConstant(resolved, question, 'test')).toMatchObject({ value: null, rateBytesPerSec: null });
    const wide = solveConstant(resolved, { ...question, targetBytesPerSec: 20e6, range: [0, 1e6] }, 'test');
    expect(Math.abs((wide.rateBytesPerSec ?? 0) / 20e6 - 1)).toBeLessThan(1e-6);
  });
});

describe('a constant that is solved with several vCPUs', () => {
  const scenario = {
    ...{ host: { path: 'userspace' }, guest: { vcpus: 4, multiTce: false } },
    run: { bytes: 4e6, warmup: 8e6, draws: 20 },
  };
  const several = resolveScenario(scenario);
  const question = { arm: 'single-userspace', targetBytesPerSec: 200e6 } as const;

  it.each(['exitToUserspaceNs', 'bqlShare'] as const)(
    '%s is found by full runs, and a run gives the rate back within 0.1 %',
    (key) => {
      const ends = solveConstant(several, { ...question, key, targetBytesPerSec: 1 }, 'test');
      expect([ends.value, ends.recosted]).toEqual([null, false]);
      const targetBytesPerSec = (ends.rateAtLow + ends.rateAtHigh) / 2;
      const { value } = solveConstant(several, { ...question, key, targetBytesPerSec }, 'test');
      expect(value).not.toBeNull();
      const again = resolveScenario({ ...scenario, cost: { [key]: value } });
      const [arm] = runScenario(again, 'test', { trial: false }).document.arms;
      expect(Math.abs((arm?.rateBytesPerSec ?? 0) / targetBytesPerSec - 1)).toBeLessThan(1e-3);
    },
  );

  it('is not explained, nor is its sensitivity', () => {
    expect(() => explainArm(several, 'single-userspace', 'test')).toThrow(/priced anew/);
    expect(() => sensitivityOf(several, 'single-userspace', 'test')).toThrow(/priced anew/);
  });
});

describe('the sensitivity of an arm', () => {
  const { rows, rateBytesPerSec } = sensitivityOf(resolved, 'single-userspace', 'test');

  it('falls as any cost grows, and brackets the rate', () => {
    for (const { rateAtLow, rateAtHigh } of rows) {
      expect(rateAtLow).toBeGreaterThanOrEqual(rateBytesPerSec);
      expect(rateAtHigh).toBeLessThanOrEqual(rateBytesPerSec);
    }
  });

  it('is nothing for a constant that the arm never pays', () => {
    const real = rows.find(({ key }) => key === 'realModeHcallNs');
    expect(real).toMatchObject({ total: 0 });
    expect(real?.rateAtLow).toBe(real?.rateAtHigh);
  });

  it('leaves no share of the variance unexplained where the constants hardly interact', () => {
    const explained = rows.reduce((sum, { firstOrder }) => sum + firstOrder, 0);
    expect(explained).toBeGreaterThan(0.85);
    expect(explained).toBeLessThan(1.15);
    expect(rows[0]?.key).toBe('exitToVirtualNs');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantAt } from '../cost/constant.js';
import { CostModel } from '../cost/cost-model.js';
import { COST_KEYS, pricesOf } from '../cost/cost-profile.js';
import { USERSPACE_EXITS } from '../cost/operations.js';
import { TcebenchError } from '../errors.js';
import { documentText } from '../result/provenance.js';
import type { ArmId } from '../result/run-document.js';
import { armsOf } from '../scenario/arms.js';
import { resolveScenario } from '../scenario/load-scenario.js';
import { rateBytesPerSec, timeClosedLoop } from '../sim/closed-loop.js';
import { totalOf } from '../sim/metered-sink.js';
import { boundBy } from '../sim/resource-use.js';
import { runArm } from './arm-run.js';
import { runContendedArm } from './contended-arm.js';
import { drawOnWorkers } from './draws-on-workers.js';
import { runOneArm } from './one-arm.js';
import { runScenario } from './run.js';
import { timeContendedArm } from './timed-arm.js';

const SHORT = { bytes: 8e6, warmup: 2e6, draws: 20 };
const NO_OTHER_WORK = { otherWork: { nsPerPacket: 0, nsPerByte: 0, nsPerTransaction: 0 } };
const WIRE_MTU_1500 = (1448 / 1538) * (10e9 / 8);

function resolved(scenario: { readonly [key: string]: object } = {}) {
  return resolveScenario({ ...scenario, run: { ...SHORT, ...scenario.run } }, 'test');
}

describe('a finished run, priced anew', () => {
  const traffic = [
    { direction: 'tx' },
    { direction: 'rx' },
    { direction: 'both' },
    { workload: 'rr', flows: 4, requestBytes: 100, responseBytes: 3000 },
    { direction: 'tx', arrival: { poisson: 5000 } },
    { direction: 'rx', arrival: { rate: 90e3 } },
  ];
  const short = { bytes: 1e6, warmup: 0.2e6 };

  it.each(traffic)('takes as long as the whole run under these prices, to the picosecond: %o', (traffic) => {
    const scenario = resolved({ traffic, run: short });
    const all = armsOf(scenario);
    const finished = all.map((each) => runArm(each, scenario));
    fc.assert(
      fc.property(
        fc.nat({ max: all.length - 1 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
          minLength: COST_KEYS.length,
          maxLength: COST_KEYS.length,
        }),
        (index, at) => {
          const prices = pricesOf(scenario.profile, (constant, key) =>
            constantAt(constant, at[COST_KEYS.indexOf(key)] as number),
          );
          const cost = new CostModel(prices);
          const priced = finished[index] as (typeof finished)[number];
          const { done, calls, endedIn } = runContendedArm(priced.arm, scenario, cost);
          const timing = timeClosedLoop(priced.run, cost, scenario.scenario.link);
          expect(done.durationPs).toBe(timing.durationPs);
          expect(done.vcpuBusyPs).toBe(timing.vcpuBusyPs);
          expect(done.transactions).toBe(timing.transactions);
          expect(calls.hcalls).toBe(priced.calls.hcalls);
          expect(calls.tceOps).toBe(priced.calls.tceOps);
          expect(endedIn.userspace).toBeGreaterThanOrEqual(priced.endedIn.userspace);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('is refused with several vCPUs', () => {
    const scenario = resolved({ guest: { vcpus: 2 } });
    expect(() => runOneArm(scenario, 'single-real')).toThrow(TcebenchError);
    expect(() => runOneArm(scenario, 'single-real')).toThrow(/order of calls depends on time/);
  });
});

/** The arms of a scenario with several vCPUs at the chosen value of every constant. */
function timed(scenario: { readonly [key: string]: object }) {
  const whole = resolved(scenario);
  const cost = new CostModel(pricesOf(whole.profile, ({ value }) => value));
  const isClosed = whole.scenario.traffic.arrival === 'closed';
  return armsOf(whole).map((arm) => {
    const each = timeContendedArm(arm, whole, cost);
    return {
      ...each,
      id: arm.id,
      path: arm.path,
      rate: rateBytesPerSec(each.timing),
      exitsPerMB: (totalOf(each.calls, USERSPACE_EXITS) * 1e6) / each.timing.payloadBytes,
      boundBy: boundBy(each.resources, isClosed),
    };
  });
}

describe('several vCPUs with a card', () => {
  it('saturate user space at 1/(n c_locked), within 1 %, and the paths in the kernel not at all', () => {
    const exitNs = 20e3;
    const share = 0.5;
    const arms = timed({
      host: { cost: 'zero' },
      guest: { ...NO_OTHER_WORK, vcpus: 8 },
      cost: { exitToUserspaceNs: exitNs, bqlShare: share },
      run: { bytes: 64e6 },
    });
    for (const { id, path, rate, exitsPerMB, boundBy } of arms) {
      if (path === 'userspace') {
        const saturated = 1e6 / (exitsPerMB * exitNs * share * 1e-9);
        expect(Math.abs(rate / saturated - 1), id).toBeLessThan(0.01);
        expect(boundBy).toBe('bql');
      } else expect(rate / WIRE_MTU_1500, id).toBeCloseTo(1, 2);
    }
  });

  it('do k times as much as one before anything binds', () => {
    const rate = (vcpus: number) =>
      timed({
        link: { bitsPerSec: 1e12 },
        guest: { vcpus, multiTce: false },
        host: { path: 'virtual' },
      })[0]?.rate as number;
    expect(rate(4) / rate(1)).toBeGreaterThan(3.9);
    expect(rate(4) / rate(1)).toBeLessThan(4.1);
  });

  it('leave the paths in their order', () => {
    const arms = timed({ guest: { vcpus: 4 }, host: { cost: 'power8-2017', threadsPerCore: 4 } });
    for (const batch of ['single', 'multi'] as const) {
      const rates = [
        ...(['userspace', 'virtual', 'real'] as const).map((path) => `${batch}-${path}`),
        'direct',
      ].map((id) => arms.find((arm) => arm.id === id)?.rate as number);
      for (const [i, rate] of rates.slice(1).entries()) expect(rates[i]).toBeLessThanOrEqual(rate * 1.001);
    }
  });

  it.each(['tx', 'rx'])('reach the wire on every path when everything is free (%s)', (direction) => {
    const arms = timed({
      host: { cost: 'zero' },
      guest: { ...NO_OTHER_WORK, vcpus: 4 },
      traffic: { direction },
    });
    for (const { rate, id } of arms) expect(rate / WIRE_MTU_1500, id).toBeCloseTo(1, 2);
  });

  it('are immune to threadsPerCore on POWER9, and not on POWER8', () => {
    const timings = (cost: string, threadsPerCore: number) =>
      timed({ guest: { vcpus: 4, multiTce: false }, host: { cost, threadsPerCore, path: 'virtual' } }).map(
        ({ timing, resources, rate }) => ({ durationPs: timing.durationPs, resources, rate }),
      );
    const alone = timings('power9-2021', 1);
    for (const threads of [2, 4, 8]) expect(timings('power9-2021', threads)).toEqual(alone);
    const rates = [1, 2, 4].map((threads) => timings('power8-2017', threads)[0]?.rate as number);
    expect(rates).toEqual([...rates].sort((a, b) => b - a));
    expect((rates[2] as number) / (rates[0] as number)).toBeLessThan(0.9);
  });

  it('wait for the locks of pools where these cover the table update', () => {
    const arm = (covers: boolean) =>
      timed({
        link: { bitsPerSec: 1e12 },
        guest: { vcpus: 8, iovaPools: 1, iovaLockCoversTableUpdate: covers, multiTce: false },
        host: { path: 'virtual' },
      })[0];
    expect(arm(true)?.boundBy).toBe('iova-lock');
    expect(arm(true)?.rate).toBeLessThan((arm(false)?.rate as number) / 2);
  });

  it('are bound by the bus where it is the slowest, as one is', () => {
    for (const vcpus of [1, 2]) {
      const [direct] = timed({
        nic: { pcie: { bytesPerSec: 500e6 } },
        guest: { vcpus },
        host: { path: 'direct' },
      });
      expect(direct?.boundBy).toBe('pcie');
      expect((direct?.rate as number) / ((1448 / 1538) * 500e6)).toBeCloseTo(1, 2);
    }
  });

  it('give the same bytes for the same seed, and others for another', () => {
    const scenario = {
      guest: { vcpus: 3, multiTce: true },
      host: { cost: 'power8-2017', threadsPerCore: 4, path: 'userspace' },
    };
    const run = (seed: number) =>
      documentText(
        runScenario(resolved({ ...scenario, run: { bytes: 3e6, warmup: 1e6, seed } }), 'test').document,
      );
    const once = run(1);
    expect(run(1)).toBe(once);
    expect(run(2)).not.toBe(once);
  });
});

describe('draws on threads', () => {
  const value = {
    guest: { vcpus: 2, multiTce: true },
    host: { path: 'virtual' },
    run: { bytes: 1e6, warmup: 1e5, draws: 21 },
  };

  it('give the same document for any number of them', async () => {
    const alone = documentText(runScenario(resolveScenario(value), 'test').document);
    for (const workers of [1, 2, 4]) {
      const rates = await drawOnWorkers({ value, place: 'test' }, workers);
      const { document } = runScenario(resolveScenario(value), 'test', { rates });
      expect(documentText(document)).toBe(alone);
    }
  });

  it("tell the user's mistakes as one thread does", async () => {
    const small = { ...value, guest: { vcpus: 2, window: { bytes: 2 ** 20 } } };
    const mistake = (error: unknown) =>
      error instanceof TcebenchError ? [error.kind, error.message, error.hint] : error;
    const caught = await drawOnWorkers({ value: small, place: 'test' }, 2).catch(mistake);
    const known = (() => {
      try {
        return runScenario(resolveScenario(small), 'test');
      } catch (error) {
        return mistake(error);
      }
    })();
    expect(caught).toEqual(known);
  });
});

describe('request and response', () => {
  const traffic = { workload: 'rr', requestBytes: 64, responseBytes: 64 };

  it.each([
    [1, 1],
    [1, 8],
    [4, 4],
  ])('in a closed loop takes as long as its rate says (%i vCPUs, %i flows)', (vcpus, flows) => {
    const [direct] = timed({
      ...{ traffic: { ...traffic, flows }, run: { bytes: 1e6, warmup: 1e5 } },
      guest: { vcpus, otherWork: { nsPerPacket: 0, nsPerByte: 0, nsPerTransaction: 10e3 } },
      host: { path: 'direct', cost: 'zero' },
    });
    const littleNs =
      (flows * (direct?.timing.durationPs as number)) / 1e3 / (direct?.timing.transactions as number);
    expect((direct?.latencyP50Ns as number) / littleNs).toBeCloseTo(1, 2);
  });

  it('at a low rate costs the same throughput on every path, and more time on the slow ones', () => {
    const { arms } = runScenario(
      resolved({
        traffic: { ...traffic, arrival: { poisson: 2000 } },
        run: { bytes: 2e5, warmup: 2e4 },
      }),
      'test',
      { trial: false },
    ).document;
    const rates = arms.map(({ transactionsPerSec }) => transactionsPerSec as number);
    expect(Math.max(...rates) / Math.min(...rates)).toBeLessThan(1.01);
    expect(arms.map(({ boundBy }) => boundBy)).toEqual(arms.map(() => 'arrivals'));
    const latency = (id: ArmId) => arms.find((each) => each.id === id)?.latencyP50Ns as number;
    expect(latency('single-userspace')).toBeGreaterThan(latency('single-virtual'));
    expect(latency('single-virtual')).toBeGreaterThan(latency('single-real'));
  });
});

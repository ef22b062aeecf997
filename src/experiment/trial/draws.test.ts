import { describe, expect, it } from 'vitest';
import { armsOf } from '../../scenario/arms.js';
import { resolveScenario } from '../../scenario/load-scenario.js';
import { runArm } from '../arm-run.js';
import { drawPrices } from '../draws.js';
import { runScenario } from '../run.js';
import { calibrate, DRAWS_FOR_ONE, judgeArms } from './row.js';

const CLAIM = { slow: 220e6, fast: [750e6, 1020e6] } as const;

function close(a: number | null | undefined, b: number | null | undefined, what: string): void {
  expect(Math.abs((a as number) / (b as number) - 1), `${what}: ${a} and ${b}`).toBeLessThan(0.02);
}

describe('a row that next to no draw can give', () => {
  it('predicts nothing, whichever draws those are', () => {
    const resolved = resolveScenario({ run: { bytes: 2e6, warmup: 4e6 } });
    const { scenario, profile } = resolved;
    const arms = armsOf(resolved).filter(({ path }) => path !== 'direct');
    const runs = arms.map((arm) => runArm(arm, resolved));
    const leg = profile.constants.exitToUserspaceNs;
    const shares = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
      const prices = drawPrices(profile, { seed, run: 1, draws: 1000 });
      const row = calibrate({ runs, prices, link: scenario.link, leg }, CLAIM.slow);
      expect(row.draws).toEqual([]);
      expect(judgeArms(row, CLAIM).every(({ verdict }) => verdict === 'cannot')).toBe(true);
      return row.shareConsistent;
    });
    // By some seeds a draw can give it, by others none.
    expect(Math.min(...shares)).toBe(0);
    expect(Math.max(...shares)).toBeGreaterThan(0);
    expect(Math.max(...shares)).toBeLessThan(0.01);
  });
});

describe('1,000 and 4,000 draws agree within 2 %', () => {
  it('in the interval of every arm', () => {
    const of = (draws: number) =>
      runScenario(resolveScenario({ run: { bytes: 2e6, warmup: 4e6, draws } }), 'test', { trial: false })
        .document.arms;
    const many = of(4000);
    for (const [i, { id, rateLow, rateHigh }] of of(1000).entries()) {
      close(rateLow, many[i]?.rateLow, `${id} 5 %`);
      close(rateHigh, many[i]?.rateHigh, `${id} 95 %`);
    }
  });

  it.each([
    ['one ACK per 45 segments', { traffic: { segmentsPerAck: 45 } }],
    ['MTU 9000', { nic: { mtu: 9000 } }],
    ['receive', { traffic: { direction: 'rx' } }],
    ['POWER9', { host: { cost: 'power9-2021' } }],
  ])('in what the trial predicts: %s', (_, choice) => {
    const resolved = resolveScenario({ ...choice, run: { bytes: 2e6, warmup: 4e6 } });
    const { scenario, profile } = resolved;
    const arms = armsOf(resolved).filter(({ path }) => path !== 'direct');
    const runs = arms.map((arm) => runArm(arm, resolved));
    const leg = profile.constants.exitToUserspaceNs;
    const [few, many] = [1000, 4000].map((draws) => {
      const prices = drawPrices(profile, { ...scenario.run, draws: DRAWS_FOR_ONE * draws });
      const row = calibrate({ runs, prices, link: scenario.link, leg }, CLAIM.slow);
      return { row, arms: judgeArms(row, CLAIM) };
    });
    if (few === undefined || many === undefined) throw new Error('nothing drawn');
    expect(Math.abs(few.row.shareConsistent - many.row.shareConsistent)).toBeLessThan(0.02);
    for (const [i, { id, inside, rateBytesPerSec, rateLow, rateHigh }] of few.arms.entries()) {
      const other = many.arms[i];
      expect(Math.abs(inside - (other?.inside ?? Number.NaN)), id).toBeLessThan(0.02);
      close(rateBytesPerSec, other?.rateBytesPerSec, `${id} median`);
      close(rateLow, other?.rateLow, `${id} 5 %`);
      close(rateHigh, other?.rateHigh, `${id} 95 %`);
    }
  });
});

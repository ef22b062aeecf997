import { describe, expect, it } from 'vitest';
import type { ClaimDocument } from '../../result/claim-document.js';
import { resolveScenario } from '../../scenario/load-scenario.js';
import { runScenario } from '../run.js';

const SHORT = { bytes: 4e6, warmup: 4e6, draws: 200 };

function trial(scenario: object = {}, draws = SHORT.draws): ClaimDocument {
  const run = { ...SHORT, draws };
  const { document } = runScenario(
    resolveScenario({ traffic: { segmentsPerAck: 45 }, ...scenario, run }),
    'test',
  );
  if (document.claim === null) throw new Error('no trial');
  return document.claim;
}

/** What a trial predicts, the judgements by the fast band left out. */
function predictions({ calibrated, rows, steps }: ClaimDocument) {
  const rates = rows.map(({ arms, scenario, ...row }) => ({
    ...row,
    scenario,
    arms: arms.map(({ id, rateBytesPerSec, rateLow, rateHigh, ratioLow, ratioHigh }) => ({
      ...{ id, rateBytesPerSec, rateLow, rateHigh, ratioLow, ratioHigh },
    })),
  }));
  return { calibrated, rates, steps };
}

describe('the trial of a claim', () => {
  const own = trial();

  it('predicts the same whatever the fast band is: only the verdicts change', () => {
    const other = trial({ claim: { fast: ['2MB/s', '3MB/s'] } });
    expect(predictions(other)).toEqual(predictions(own));
    expect(other.arms.map(({ verdict }) => verdict)).not.toEqual(own.arms.map(({ verdict }) => verdict));
  });

  it('solves a leg that gives the slow figure when it is set by hand', () => {
    const leg = own.calibrated.value;
    expect(leg).not.toBeNull();
    const at = runScenario(
      resolveScenario({
        traffic: { segmentsPerAck: 45 },
        cost: { exitToUserspaceNs: leg },
        run: { ...SHORT, draws: 21 },
      }),
      'test',
    );
    // The leg is a median over draws, the run at the middle of every other range: near, not equal.
    const slow = at.document.arms.find(({ id }) => id === 'single-userspace');
    expect(slow?.rateBytesPerSec).toBeGreaterThan(0.6 * 220e6);
    expect(slow?.rateBytesPerSec).toBeLessThan(1.4 * 220e6);
    expect(at.document.claim).toBeNull();
  });

  it('leaves out the draws that need a leg outside its range, and counts them', () => {
    const { value, low, high, rangeLow, rangeHigh, shareConsistent } = own.calibrated;
    expect([rangeLow, rangeHigh]).toEqual([1000, 4000]);
    expect(low).toBeGreaterThanOrEqual(rangeLow);
    expect(high).toBeLessThanOrEqual(rangeHigh);
    expect(value).toBeGreaterThan(low as number);
    expect(shareConsistent).toBeGreaterThan(0.2);
    expect(shareConsistent).toBeLessThan(0.7);
  });

  it('says that a machine cannot have given a figure above what it gives with a free exit', () => {
    const [row] = trial({ claim: { slow: '1GB/s', fast: ['1100MB/s', '1150MB/s'] } }).rows;
    expect(row?.shareConsistent).toBe(0);
    expect(row?.ceilingHigh).toBeLessThan(1e9);
    expect(row?.arms.every(({ verdict }) => verdict === 'cannot')).toBe(true);
  });

  it('rejects the placebo claims that it must, and refuses the one that tests nothing', () => {
    const byName = new Map(own.placebos.map((placebo) => [`${placebo.arm}: ${placebo.name}`, placebo]));
    for (const arm of ['single-real', 'multi-real']) {
      expect(byName.get(`${arm}: hardly faster than the slow figure`)?.rejected).toBe(true);
      expect(byName.get(`${arm}: above the wire`)?.rejected).toBe(true);
      expect(byName.get(`${arm}: anything between slow figure and wire`)?.verdict).toBe('no test');
    }
  });

  it('keeps the order of the paths in every row', () => {
    for (const { arms } of own.rows) {
      const rate = (id: string) => arms.find((arm) => arm.id === id)?.rateBytesPerSec ?? 0;
      expect(rate('single-real')).toBeGreaterThanOrEqual(rate('single-virtual'));
      expect(rate('multi-real')).toBeGreaterThanOrEqual(rate('multi-virtual'));
      expect(rate('multi-virtual')).toBeGreaterThanOrEqual(rate('multi-userspace'));
    }
  });

  it('leaves out the rows that the card cannot do', () => {
    const { rows } = trial({ nic: { profile: '8139cp', offload: 'linear' } }, 40);
    const titles = rows.map(({ scenario }) => scenario);
    expect(titles).toContain('receive');
    expect(titles).not.toContain('MTU 9000');
  });

  it('is not held without the slow arm', () => {
    const scenario = resolveScenario({ host: { path: 'real' }, run: SHORT });
    expect(runScenario(scenario, 'test').document.claim).toBeNull();
  });
});

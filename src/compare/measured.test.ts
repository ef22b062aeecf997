import { describe, expect, it } from 'vitest';
import { randomStream } from '../sim/streams.js';
import { verdictOf } from './compare.js';
import { compared, measuredWith, provenanceOf, rowOf } from './compared-pair.test-helper.js';

const QUIET = [100, 100.4, 99.8, 100.1, 99.9, 100.2, 99.7, 100.3];
const METRIC = 'single-real.nsPerCall.median';
const GATE = `${METRIC}<=+2%`;
const times = (factor: number) => QUIET.map((ns) => ns * factor);
const verdictsOf = (after: readonly number[], ...gates: readonly string[]) => {
  const document = compared(measuredWith(QUIET), measuredWith(after), ...gates);
  return [rowOf(document, METRIC).verdict, ...document.gates.map(({ verdict }) => verdict)];
};

describe('measured documents', () => {
  it('fail a gate for a slow-down beyond noise and bound, and pass it for a speed-up', () => {
    expect(verdictsOf(times(1.1), GATE)).toEqual(['worse', 'failed']);
    expect(verdictsOf(times(0.9), GATE)).toEqual(['better', 'passed']);
  });

  it('are within noise below the floor of the noisier session, whatever the test says', () => {
    // The ranks of 8 against 8 are fully apart: Mann-Whitney gives 2 / (16 over 8) = 2 / 12870.
    const floor = (noiseFloor: number) =>
      measuredWith(times(1.03), (document) => ({ ...document, noiseFloor }));
    const low = rowOf(compared(measuredWith(QUIET), floor(0.02)), METRIC);
    expect(low.p).toBeCloseTo(2 / 12870, 12);
    expect(low.verdict).toBe('worse');
    const high = compared(measuredWith(QUIET), floor(0.05), `${METRIC}<=+1%`);
    expect([rowOf(high, METRIC).verdict, high.noiseFloor]).toEqual(['within noise', 0.05]);
    expect(high.gates[0]?.verdict).toBe('passed');
  });

  it('leave a real change open whose interval lies across the bound', () => {
    expect(verdictsOf(times(1.02), GATE)).toEqual(['worse', 'undecided']);
  });

  it('do not show an improvement that a gate asks for', () => {
    expect(verdictsOf(times(1.001), `${METRIC}<=-10%`)).toEqual(['within noise', 'failed']);
  });

  it('never fail or hold up a build by noise alone: 200 pairs of equal sessions, half of 5 % noise', () => {
    const { nextUnit } = randomStream(7, 0, 'test/noise');
    const session = (noise: number) =>
      measuredWith(
        Array.from({ length: 8 }, () => 100 * (1 + noise * (nextUnit() + nextUnit() + nextUnit() - 1.5))),
        (document) => ({ ...document, noiseFloor: noise / 2 }),
      );
    const verdicts = Array.from({ length: 200 }, (_, i) => {
      const noise = i % 2 === 0 ? 0.005 : 0.05;
      return verdictOf(compared(session(noise), session(noise), `${METRIC}<=0%`));
    });
    // The test is at 99 %: of 200 two or so may look different, and half of those are speed-ups.
    expect(verdicts.filter((verdict) => verdict !== 'passed').length).toBeLessThanOrEqual(4);
  });

  it('are undecided where they could not tell a factor of two', () => {
    const wild = [20, 30, 50, 100, 200, 400, 800, 1600];
    const document = compared(measuredWith(wild), measuredWith(wild.map((ns) => ns * 1.01)), GATE);
    expect(document.gates[0]).toMatchObject({ verdict: 'undecided' });
    expect(document.gates[0]?.reason).toMatch(/factor of two/);
  });

  it('are undecided without raw rows, with too few forks, and without a noise floor', () => {
    const whole = measuredWith(QUIET);
    const lacking = [
      [{ ...whole, samples: null }, /no -raw\.csv/],
      [measuredWith(QUIET.slice(0, 7)), /fewer than 8 forks/],
      [measuredWith(QUIET, (document) => ({ ...document, noiseFloor: null })), /noise floor/],
    ] as const;
    for (const [after, why] of lacking) {
      const document = compared(whole, after, GATE);
      expect(document.gates[0]).toMatchObject({ verdict: 'undecided' });
      expect(document.gates[0]?.reason).toMatch(why);
      expect(document.warnings.join()).toMatch(why);
    }
  });

  it('hold an absolute bound with their whole interval', () => {
    const gates = [`${METRIC}<=101ns`, `${METRIC}<=100ns`, `${METRIC}<=99ns`];
    const document = compared(null, measuredWith(QUIET), ...gates);
    expect(document.gates.map(({ verdict }) => verdict)).toEqual(['passed', 'undecided', 'failed']);
    expect(verdictOf(document)).toBe('failed');
  });

  it('of two machines are not compared, nor where one of the machines is not known', () => {
    const there = { ...measuredWith(QUIET), provenance: provenanceOf('another cpu', 'v22.0.0') };
    const other = compared(measuredWith(QUIET), there, GATE);
    expect(other.reasons.join('\n')).toMatch(
      /cpu cpu of the test and another cpu\n.*node v20\.20\.2 and v22/,
    );
    expect([other.comparable, other.rows.length, verdictOf(other)]).toEqual([false, 0, 'undecided']);
    const unknown = compared(measuredWith(QUIET), { ...measuredWith(QUIET), provenance: null });
    expect(unknown.reasons.join()).toMatch(/not known: no provenance/);
  });
});

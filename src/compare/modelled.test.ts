import { describe, expect, it } from 'vitest';
import type { ArmResult, RunDocument } from '../result/run-document.js';
import { verdictOf } from './compare.js';
import { compared, madeUp, rowOf, runWith } from './compared-pair.test-helper.js';

/** A run with something else in its second arm. */
function withArm(change: Partial<ArmResult>) {
  return (document: RunDocument): RunDocument => ({
    ...document,
    arms: document.arms.map((arm) => (arm.id === 'multi-real' ? { ...arm, ...change } : arm)),
  });
}

const unchanged = (document: RunDocument) => document;

describe('modelled documents', () => {
  it('are the same to the last bit in what is counted, and but for rounding in what is timed', () => {
    const same = compared(madeUp('run'), madeUp('run'));
    expect(new Set(same.rows.map(({ verdict }) => verdict))).toEqual(new Set(['same']));
    const other = runWith(withArm({ hcallsPerMB: 100.00000000000001 }));
    expect(rowOf(compared(runWith(unchanged), other), 'multi-real.hcallsPerMB').verdict).toBe('worse');
    const timed = (change: number) => {
      const by = (document: RunDocument) =>
        withArm({
          cpuNsPerKB: (document.arms.find(({ id }) => id === 'multi-real')?.cpuNsPerKB ?? 0) * change,
        })(document);
      return rowOf(compared(runWith(unchanged), runWith(by)), 'multi-real.cpuNsPerKB').verdict;
    };
    expect([timed(1 + 2 ** -51), timed(1 + 1e-11)]).toEqual(['same', 'worse']);
  });

  it('are better where there is more of a rate and less of a time or a count', () => {
    const after = runWith(
      withArm({ rateBytesPerSec: 9e8, hcallP50Ns: 2001, hostFaults: 1, durationSec: 0.09 }),
    );
    const document = compared(runWith(unchanged), after);
    const verdicts = ['rateBytesPerSec', 'hcallP50Ns', 'hostFaults', 'durationSec'].map(
      (figure) => rowOf(document, `multi-real.${figure}`).verdict,
    );
    expect(verdicts).toEqual(['better', 'worse', 'worse', 'better']);
    expect(rowOf(document, 'multi-real.rateBytesPerSec').ratio).toBe(9 / 8);
    expect(rowOf(document, 'multi-real.hostFaults').ratio).toBeNull();
  });

  it('have the ratio of every draw in their interval: 5 % and 95 % of 21 ratios are the second and the twentieth', () => {
    // 20 strides of 1 %, in another order before than after a sort: pairing by draw gives 1.00, 1.01 .. 1.20.
    const before = Array.from({ length: 21 }, (_, draw) => 10 + ((draw * 8) % 21));
    const after = before.map((rate, draw) => rate * (1 + draw / 100));
    const changed = withArm({ rateBytesPerSec: 8.8e8 });
    const row = rowOf(
      compared(runWith(unchanged, before), runWith(changed, after)),
      'multi-real.rateBytesPerSec',
    );
    expect([row.low, row.high].map((end) => end?.toFixed(9))).toEqual(['1.010000000', '1.190000000']);
    expect(row.verdict).toBe('better');
  });

  it('are within noise where some draws show no change, and a gate across its bound is undecided', () => {
    const factors = Array.from({ length: 20 }, (_, draw) => 10 + draw);
    const after = factors.map((factor, draw) => factor * (draw < 3 ? 1 : 0.9));
    const changed = withArm({ rateBytesPerSec: 7.2e8 });
    const gates = ['multi-real.rateBytesPerSec>=-2%', 'multi-real.rateBytesPerSec>=-11%'];
    const document = compared(runWith(unchanged, factors), runWith(changed, after), ...gates);
    expect(rowOf(document, 'multi-real.rateBytesPerSec').verdict).toBe('within noise');
    expect(document.gates.map(({ verdict }) => verdict)).toEqual(['undecided', 'passed']);
    expect(verdictOf(document)).toBe('undecided');
  });

  it.each([
    ['the seed differs', { run: { seed: 2, run: 1, draws: 20 } }, /run\.seed differs \(1 and 2\)/],
    ['there are fewer draws', { run: { seed: 1, run: 1, draws: 10 } }, /run\.draws differs/],
  ])('have no interval where %s, and say so', (_, scenario, why) => {
    const factors = [1, 2, 3];
    const after = runWith((document) => ({ ...document, scenario }), factors);
    const document = compared(runWith(unchanged, factors), after);
    expect(rowOf(document, 'multi-real.rateBytesPerSec').low).toBeNull();
    expect(document.warnings.join()).toMatch(why);
  });

  it('have no interval where the ranges of the costs differ', () => {
    const constant = { value: 2, low: 1, high: 4, unit: 'ns', origin: 'assumed', source: 'test' } as const;
    const priced = (high: number) => (document: RunDocument) => ({
      ...document,
      cost: { ...document.cost, constants: { vfioIoctlNs: { ...constant, high } } },
    });
    const document = compared(runWith(priced(4), [1, 2]), runWith(priced(5), [1, 2]));
    expect(document.warnings.join()).toMatch(/ranges of the costs differ/);
    expect(document.differences).toContain('cost.vfioIoctlNs: 2 (1..4) -> 2 (1..5)');
  });

  it('tell what differs in the scenario, and where the histories part, counts before times', () => {
    const scenario = { run: { seed: 1, run: 1, draws: 20 }, host: { revision: 'v4.12' } };
    const counts = withArm({
      fingerprint: 'x',
      endedIn: { real: 1, virtual: 90, userspace: 10 },
      hcallP50Ns: 1,
    });
    const document = compared(
      madeUp('run'),
      runWith((one) => ({ ...counts(one), scenario })),
    );
    expect(document.differences).toEqual([
      'host: none -> {"revision":"v4.12"}',
      'multi-real: another history: endedIn.real 900 -> 1',
    ]);
    const times = compared(madeUp('run'), runWith(withArm({ fingerprint: 'x', hcallP50Ns: 1 })));
    expect(times.differences).toContain('multi-real: equal counts, other times: hcallP50Ns 2000 -> 1');
  });

  it('say that equal documents are equal', () => {
    expect(compared(madeUp('run'), madeUp('run')).differences).toEqual([
      'equal in all that the documents say',
    ]);
  });

  it('say that only the program differs where the scenario is equal', () => {
    const document = compared(
      madeUp('run'),
      runWith((one) => ({ ...one, version: '9.9.9' })),
    );
    expect(document.differences.join('\n')).toMatch(
      /^version: 0 -> 9\.9\.9\n.*a difference is of the program/,
    );
  });
});

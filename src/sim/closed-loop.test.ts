import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CostModel } from '../cost/cost-model.js';
import { COST_KEYS, type Prices } from '../cost/cost-profile.js';
import { noOperations, OPERATIONS, VIRTUAL_EXITS } from '../cost/operations.js';
import { rateBytesPerSec, timeClosedLoop } from './closed-loop.js';
import { CostClasses } from './cost-classes.js';
import type { FunctionalRun } from './functional-run.js';
import { UnitLog } from './unit-log.js';

const LINK = { bitsPerSec: 10e9 };

function prices(set: Partial<Prices>): Prices {
  return { ...(Object.fromEntries(COST_KEYS.map((key) => [key, 0])) as Prices), ...set };
}

/** Equal units: `exits` virtual exits, 1000 payload bytes in 1100 on the wire. */
function steadyRun(units: number, exits: number, direction: 'tx' | 'rx', ringUnits = 64): FunctionalRun {
  const log = new UnitLog();
  const unitClasses = new CostClasses();
  const counts = noOperations();
  counts[VIRTUAL_EXITS] = exits;
  const id = unitClasses.classify(noOperations(), counts, -1);
  for (let i = 0; i < units; i++) log.add(id, 1000, 1100, 1);
  return { units: log, firstMeasured: Math.floor(units / 4), unitClasses, dropped: 0, direction, ringUnits };
}

describe('a closed loop with one vCPU', () => {
  it.each(['tx', 'rx'] as const)('has the rate of the slower of processor and wire (%s)', (direction) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 8 }),
        fc.double({ min: 0, max: 2000, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (exits, exitNs, nsPerByte) => {
          const cost = new CostModel(prices({ exitToVirtualNs: exitNs, otherWorkNsPerByte: nsPerByte }));
          const timing = timeClosedLoop(steadyRun(4000, exits, direction), cost, LINK);
          const cpuSeconds = (exits * exitNs + 1000 * nsPerByte) * 1e-9;
          const wireSeconds = (1100 * 8) / 10e9;
          expect(rateBytesPerSec(timing) / (1000 / Math.max(cpuSeconds, wireSeconds))).toBeCloseTo(1, 1.7);
        },
      ),
    );
  });

  it.each([
    // 1100 bytes take 880 ns on the wire; at 500 MB/s they take 2200 ns on the bus, at 5 GB/s 220 ns.
    [500e6, 1000, 2200],
    [500e6, 3000, 3000],
    [5e9, 300, 880],
    [5e9, 1000, 1000],
  ])(
    'goes at the pace of the slowest of processor, bus and wire (%d B/s, %d ns: %d ns)',
    (bus, exitNs, ns) => {
      const cost = new CostModel(prices({ exitToVirtualNs: exitNs }));
      for (const direction of ['tx', 'rx'] as const) {
        const run = { ...steadyRun(4000, 1, direction), pcieBytesPerSec: bus };
        const timing = timeClosedLoop(run, cost, LINK);
        expect(timing.durationPs / 1000 / 3000 / ns).toBeCloseTo(1, 2);
        expect(timing.pcieBusyPs).toBe(3000 * ((1100 / bus) * 1e12));
      }
    },
  );

  it('leaves the warm-up out', () => {
    const run = steadyRun(400, 1, 'tx');
    const cost = new CostModel(prices({ exitToVirtualNs: 5000 }));
    expect(timeClosedLoop(run, cost, LINK)).toMatchObject({ payloadBytes: 300_000, packets: 300 });
  });

  it('lets processor and wire work at the same time, but not with a ring of one', () => {
    const cost = new CostModel(prices({ exitToVirtualNs: 880 }));
    const both = timeClosedLoop(steadyRun(1000, 1, 'tx', 64), cost, LINK).durationPs;
    const byTurns = timeClosedLoop(steadyRun(1000, 1, 'tx', 1), cost, LINK).durationPs;
    expect(byTurns / both).toBeCloseTo(2, 2);
  });
});

describe('classes of operation counts', () => {
  it('give equal differences the same number and unequal ones different numbers', () => {
    const width = OPERATIONS.length;
    // Few different ones, so that some come again.
    const vector = fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: 3, maxLength: 3 })
      .map((counts) => Array.from({ length: width }, (_, i) => counts[i % 3] ?? 0));
    fc.assert(
      fc.property(
        fc.array(vector, { minLength: 1, maxLength: 300 }),
        vector,
        fc.nat(9),
        (vectors, base, salt) => {
          const classes = new CostClasses();
          const oracle = new Map<string, number>();
          for (const [i, added] of vectors.entries()) {
            const before = Float64Array.from(base);
            const after = Float64Array.from(added, (count, k) => count + (base[k] ?? 0));
            const id = classes.classify(before, after, ((i * salt) % 11) - 1);
            expect(before).toEqual(after);
            const known = oracle.get(added.join());
            if (known === undefined) expect([...oracle.values()]).not.toContain(id);
            else expect(id).toBe(known);
            oracle.set(added.join(), id);
            expect([...classes.counts.subarray(classes.offsetOf(id), classes.offsetOf(id) + width)]).toEqual(
              added,
            );
          }
          expect(classes.size).toBe(oracle.size);
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CostModel } from '../cost/cost-model.js';
import { COST_KEYS, type Prices } from '../cost/cost-profile.js';
import { noOperations, VIRTUAL_EXITS } from '../cost/operations.js';
import { rateBytesPerSec, timeClosedLoop } from './closed-loop.js';
import { CostClasses } from './cost-classes.js';
import { RepricedRun } from './repriced-run.js';
import { UnitLog } from './unit-log.js';

const unit = fc.record({
  exits: fc.nat(3),
  payloadBytes: fc.constantFrom(0, 1000, 1448, 65_160),
  packets: fc.nat(45),
  transactions: fc.nat(1),
  pausePs: fc.constantFrom(0, 0, 1_000_000),
});

describe('a run that is priced again and again', () => {
  it('has the rate of the closed loop to the bit, for any units, ring, bus and prices', () => {
    const price = fc.double({ min: 0, max: 5000, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(unit, { minLength: 1, maxLength: 60 }),
        fc.record({
          direction: fc.constantFrom('tx' as const, 'rx' as const),
          ringUnits: fc.integer({ min: 0, max: 8 }),
          pcieBytesPerSec: fc.constantFrom(undefined, 2e8, 2e9),
          warmup: fc.nat(20),
          bitsPerSec: fc.constantFrom(1e9, 10e9, 40e9),
        }),
        fc.array(fc.tuple(price, fc.double({ min: 0, max: 2, noNaN: true }), price), {
          minLength: 1,
          maxLength: 4,
        }),
        (units, { pcieBytesPerSec, warmup, bitsPerSec, ...ways }, draws) => {
          const log = new UnitLog();
          const unitClasses = new CostClasses();
          let arrivalPs = 0;
          for (const { exits, payloadBytes, packets, transactions, pausePs } of units) {
            const counts = noOperations();
            counts[VIRTUAL_EXITS] = exits;
            arrivalPs += pausePs;
            const id = unitClasses.classify(noOperations(), counts, -1);
            log.add(id, payloadBytes, payloadBytes + 90 * packets, packets, transactions, arrivalPs);
          }
          const run = {
            ...{ units: log, unitClasses, dropped: 0, firstMeasured: Math.min(warmup, units.length - 1) },
            ...ways,
            ...(pcieBytesPerSec === undefined ? {} : { pcieBytesPerSec }),
          };
          const repriced = new RepricedRun(run, { bitsPerSec });
          for (const [exitToVirtualNs, otherWorkNsPerByte, otherWorkNsPerPacket] of draws) {
            const zero = Object.fromEntries(COST_KEYS.map((key) => [key, 0])) as Prices;
            const cost = new CostModel({
              ...zero,
              exitToVirtualNs,
              otherWorkNsPerByte,
              otherWorkNsPerPacket,
            });
            expect(repriced.rateBytesPerSec(cost)).toBe(
              rateBytesPerSec(timeClosedLoop(run, cost, { bitsPerSec })),
            );
          }
        },
      ),
    );
  });
});

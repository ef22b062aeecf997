import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COST_KEYS } from '../cost/cost-profile.js';
import { noOperations, OPERATIONS } from '../cost/operations.js';
import { timeClosedLoop } from './closed-loop.js';
import { contend, costOf, type ScriptUnit } from './contended-run.test-helper.js';
import { CostClasses } from './cost-classes.js';
import { DurationHistogram } from './duration-histogram.js';
import type { FunctionalRun } from './functional-run.js';
import type { ResourceId } from './resource-use.js';
import { UnitLog } from './unit-log.js';

const LINK = { bitsPerSec: 10e9 };

const classes = fc.array(fc.array(fc.nat({ max: 3 }), { minLength: 13, maxLength: 13 }), {
  minLength: 1,
  maxLength: 5,
});
const entry = fc.oneof(
  fc.record({ call: fc.nat({ max: 4 }), clears: fc.boolean() }),
  fc.record({ search: fc.nat({ max: 3 }) }),
  fc.record({ free: fc.nat({ max: 3 }) }),
);
const units = fc.array(
  fc.record({
    list: fc.array(entry, { maxLength: 8 }),
    payloadBytes: fc.integer({ min: 1, max: 3000 }),
    wireBytes: fc.nat({ max: 4000 }),
    frames: fc.nat({ max: 3 }),
    gapPs: fc.nat({ max: 4e6 }),
  }),
  { minLength: 2, maxLength: 60 },
);

/** The same units as a finished run that the recurrence times. */
function finished(
  script: readonly ScriptUnit[],
  vectors: readonly (readonly number[])[],
  warmupBytes: number,
  direction: 'tx' | 'rx',
  ringUnits: number,
): FunctionalRun {
  const log = new UnitLog();
  const unitClasses = new CostClasses();
  let done = 0;
  let firstMeasured = 0;
  for (const { list, payloadBytes = 0, wireBytes = 0, frames = 0, arrivalPs = 0 } of script) {
    const counts = noOperations();
    for (const each of list) {
      if (!('call' in each)) continue;
      (vectors[each.call] ?? []).forEach((count, i) => {
        counts[i] = (counts[i] as number) + count;
      });
    }
    if (done < warmupBytes) firstMeasured++;
    done += payloadBytes;
    log.add(unitClasses.classify(noOperations(), counts, -1), payloadBytes, wireBytes, frames, 0, arrivalPs);
  }
  return { units: log, firstMeasured, unitClasses, dropped: 0, direction, ringUnits };
}

describe('one vCPU on the clock of several', () => {
  it('takes to the picosecond what the recurrence of the closed loop says', () => {
    fc.assert(
      fc.property(
        classes,
        units,
        fc.constantFrom('tx' as const, 'rx' as const),
        fc.integer({ min: 1, max: 20 }),
        fc.record({
          warmup: fc.double({ min: 0, max: 0.9, noNaN: true }),
          share: fc.double({ min: 0, max: 1, noNaN: true }),
          isClosed: fc.boolean(),
          bus: fc.option(fc.constantFrom(0.5e9, 1.25e9, 4e9), { nil: undefined }),
        }),
        fc.array(fc.double({ min: 0, max: 3000, noNaN: true }), { minLength: 14, maxLength: 14 }),
        fc.constantFrom('none' as const, 'search' as const, 'table-update' as const),
        (vectors, script, pipeline, ringUnits, { warmup, share, isClosed, bus }, ns, lockCoverage) => {
          let clockPs = 0;
          const known = script.map(({ gapPs, ...each }) => {
            clockPs += isClosed ? 0 : gapPs;
            const list = each.list.filter((one) => !('call' in one) || one.call < vectors.length);
            return { ...each, arrivalPs: clockPs, list };
          });
          // Equal vectors have one class, so each is told apart by its number of list reads.
          const distinct = vectors.map((vector, i) => vector.map((count, op) => (op === 5 ? i * 4 : count)));
          const cost = costOf({
            ...Object.fromEntries(OPERATIONS.map((_, i) => [COST_KEYS[i], ns[i]])),
            bqlShare: share,
            siblingSignalShare: share,
            iovaLockNs: 50,
            otherWorkNsPerByte: share,
            otherWorkNsPerPacket: ns[13] ?? 0,
          });
          const total = known.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0);
          const warmupBytes = Math.floor(warmup * total);
          const pcie = bus === undefined ? {} : { pcieBytesPerSec: bus };
          const run = { ...finished(known, distinct, warmupBytes, pipeline, ringUnits), ...pcie };
          const warm = known
            .slice(0, run.firstMeasured)
            .reduce((sum, { payloadBytes }) => sum + payloadBytes, 0);
          fc.pre(warm < total);
          const latencies = new DurationHistogram();
          const oracle = timeClosedLoop(run, cost, LINK, { isClosed, into: latencies });
          const callClasses = new CostClasses();
          for (const vector of distinct) callClasses.classify(noOperations(), Float64Array.from(vector), -1);
          const timed = contend(
            [known],
            {
              ...{ cost, link: LINK, lockCoverage, classes: callClasses },
              ...{ threadsPerCore: 8, threadsLeaveTogether: true, isClosed },
              ...pcie,
              length: { warmupBytes, measuredBytes: total - warm },
            },
            { pipeline, ringUnits },
          );
          const waiting = (id: ResourceId) => timed.resources(true).find((use) => use.id === id)?.waitingPs;
          expect({
            durationPs: timed.durationPs,
            vcpuBusyPs: timed.vcpuBusyPs,
            wireBusyPs: timed.wireBusyPs,
            payloadBytes: timed.payloadBytes,
            packets: timed.packets,
            latency: [0.1, 0.5, 0.99].map((p) => timed.latencies.quantilePs(p)),
            waits: [waiting('wire'), waiting('pcie'), waiting('vcpu')],
          }).toEqual({
            durationPs: oracle.durationPs,
            vcpuBusyPs: oracle.vcpuBusyPs,
            wireBusyPs: oracle.wireBusyPs,
            payloadBytes: oracle.payloadBytes,
            packets: oracle.packets,
            latency: [0.1, 0.5, 0.99].map((p) => latencies.quantilePs(p)),
            waits: [oracle.wireWaitPs, oracle.pcieWaitPs, oracle.vcpuWaitPs],
          });
        },
      ),
      { numRuns: 400 },
    );
  });
});

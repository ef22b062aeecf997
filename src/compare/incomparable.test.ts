import { describe, expect, it } from 'vitest';
import type { ReplayDocument } from '../result/replay-document.js';
import type { RunDocument } from '../result/run-document.js';
import type { SweepDocument } from '../result/sweep-document.js';
import { compareDocuments, verdictOf } from './compare.js';
import type { ComparedInput } from './compared-input.js';
import { compared, madeUp, rowOf, runWith } from './compared-pair.test-helper.js';
import { readCompared } from './read-compared.js';
import { readSamples } from './read-samples.js';
import { areOfDocument } from './samples-of-document.js';

function replayWith(change: (document: ReplayDocument) => ReplayDocument): ComparedInput {
  const input = madeUp('replay');
  return { ...input, document: change(input.document as ReplayDocument) };
}

function sweepWith(change: (document: SweepDocument) => SweepDocument): ComparedInput {
  const input = madeUp('sweep');
  return { ...input, document: change(input.document as SweepDocument) };
}

const onlyArm = (id: string) => (document: RunDocument) => ({
  ...document,
  arms: document.arms.filter((arm) => arm.id === id),
});

describe('documents that cannot be compared', () => {
  it.each<[string, ComparedInput, ComparedInput, readonly RegExp[]]>([
    ['two clocks', madeUp('run'), madeUp('measure'), [/clocks differ/, /two kinds/]],
    ['two kinds', madeUp('run'), madeUp('replay'), [/two kinds: tcebench\.run\/1 and tcebench\.replay\/1/]],
    [
      'no arm in both',
      runWith(onlyArm('multi-real')),
      runWith(onlyArm('single-userspace')),
      [/no arm is in both: multi-real before, single-userspace after/],
    ],
    [
      'another log of the same name',
      madeUp('replay'),
      replayWith((document) => ({
        ...document,
        logs: document.logs.map((log) => ({ ...log, whole: { ...log.whole, calls: 7, putMap: 7 } })),
      })),
      [/made-up\.log is not the same log: its calls, putMap differ/],
    ],
    [
      'another log',
      madeUp('replay'),
      replayWith((document) => ({
        ...document,
        logs: document.logs.map((log) => ({ ...log, file: 'other.log' })),
      })),
      [/no log is in both: made-up\.log before, other\.log after/],
    ],
    [
      'other axes',
      madeUp('sweep'),
      sweepWith((document) => ({
        ...document,
        plan: { ...document.plan, axes: [{ key: 'nic.mtu', values: [9000] }] },
      })),
      [/vary other keys or values/],
    ],
  ])('%s: every reason is told, and nothing passes', (_, before, after, reasons) => {
    const document = compared(before, after, 'multi-real.rateBytesPerSec>=-99%');
    expect(document.reasons).toHaveLength(reasons.length);
    for (const [i, reason] of reasons.entries()) expect(document.reasons[i]).toMatch(reason);
    expect([document.comparable, document.rows, document.gates[0]?.verdict]).toEqual([
      false,
      [],
      'undecided',
    ]);
    expect(verdictOf(document)).toBe('undecided');
  });

  it('are compared across machines where that is asked for, with a warning', () => {
    const there = { ...madeUp('measure'), provenance: null };
    const document = compareDocuments(madeUp('measure'), there, { gates: [], acrossMachines: true });
    expect([document.comparable, document.warnings.join()]).toEqual([
      true,
      expect.stringMatching(/not known/),
    ]);
  });

  it('do not include the same log in another folder, nor another scenario', () => {
    const moved = replayWith((document) => ({
      ...document,
      logs: document.logs.map((log) => ({ ...log, file: '/elsewhere/made-up.log' })),
    }));
    const document = compared(madeUp('replay'), moved);
    expect(document.reasons).toEqual([]);
    expect(rowOf(document, 'made-up.log/real.modelledNs').verdict).toBe('same');
  });
});

describe('a gate', () => {
  it('is undecided where its metric is unknown, and tells the nearest', () => {
    const document = compared(madeUp('run'), madeUp('run'), 'multi-reel.rateBytesPerSec>=-2%');
    expect(document.gates[0]).toMatchObject({ verdict: 'undecided', observed: null });
    expect(document.gates[0]?.reason).toMatch(/did you mean multi-real\.rateBytesPerSec/);
  });

  it('is undecided where the value is null, where the arm has gone, and without a document before', () => {
    const stream = (document: RunDocument) => ({
      ...document,
      arms: document.arms.map((arm) => ({ ...arm, latencyP99Ns: null })),
    });
    const gate = 'multi-real.latencyP99Ns<=+99%';
    const gone = runWith(onlyArm('single-userspace'));
    const documents = [
      compared(madeUp('run'), runWith(stream), gate),
      compared(runWith(stream), madeUp('run'), gate),
      compared(madeUp('run'), gone, gate),
      compared(null, madeUp('run'), gate),
    ];
    expect(documents.map(({ gates }) => gates[0]?.verdict)).toEqual(Array(4).fill('undecided'));
    expect(rowOf(documents[2] as (typeof documents)[0], 'multi-real.rateLow').verdict).toBe('missing');
  });

  it('is undecided for a percentage of nothing, and passes for nothing of nothing', () => {
    const faults = (document: RunDocument) => ({
      ...document,
      arms: document.arms.map((arm) => ({ ...arm, hostFaults: 3 })),
    });
    const gate = 'multi-real.hostFaults<=0%';
    expect(compared(madeUp('run'), runWith(faults), gate).gates[0]?.verdict).toBe('undecided');
    expect(compared(madeUp('run'), madeUp('run'), gate).gates[0]?.verdict).toBe('passed');
    expect(compared(runWith(faults), madeUp('run'), gate).gates[0]).toMatchObject({
      observed: -100,
      verdict: 'passed',
    });
  });

  it('fails before it is undecided', () => {
    const gates = ['multi-real.rateLow>=1TB', 'nothing.here>1'];
    expect(() => compared(null, madeUp('run'), ...gates)).toThrow(/is not a rate/);
    expect(verdictOf(compared(null, madeUp('run'), 'multi-real.rateLow>=999GB/s', 'nothing.here>1'))).toBe(
      'failed',
    );
  });
});

describe('reading a document', () => {
  const run = () => JSON.stringify(madeUp('run').document);
  it.each([
    ['nothing', () => '', /f\.json is empty/],
    ['blanks', () => ' \n', /f\.json is empty/],
    ['a cut one', () => run().slice(0, 400), /f\.json is no whole JSON/],
    ['no JSON', () => 'clock,arm', /f\.json is no whole JSON/],
    ['a list', () => '[]', /f\.json holds no result/],
    ['null', () => 'null', /f\.json holds no result/],
    ['a later schema', () => run().replace('run/1', 'run/2'), /f\.json has version 2 of its schema/],
    [
      'a text for a rate',
      () => run().replace('800000000', '"fast"'),
      /f\.json: arms\.0\.rateBytesPerSec must be a number, not "fast"/,
    ],
    ['a number beyond all', () => run().replace('800000000', '1e999'), /f\.json: arms\.0\.rateBytesPerSec/],
    [
      'a count below 0',
      () => run().replace('"hostFaults":0', '"hostFaults":-1'),
      /arms\.0\.hostFaults must be 0 or more, not -1/,
    ],
    ['a missing key', () => run().replace('"hostFaults":0,', ''), /f\.json: arms\.0\.hostFaults is missing/],
  ])('refuses %s with the file and the key', (_, text, message) => {
    expect(() => readCompared(text(), 'f.json')).toThrow(message);
  });

  it('uses raw rows only where the figures of the document come out of them', () => {
    const input = madeUp('run');
    const draws = Array.from({ length: 21 }, (_, draw) => draw + 1);
    const csv = (rates: readonly number[]) =>
      `clock,arm,draw,rate_bytes_per_sec\n${rates.map((rate, draw) => `modelled,multi-real,${draw},${rate}`).join('\n')}\n`;
    const document = onlyArm('multi-real')(input.document as RunDocument);
    // Of 21 values the 5 % quantile is the second, the 95 % one the last but one.
    const fitting = {
      ...document,
      scenario: { run: { draws: 21 } },
      arms: document.arms.map((arm) => ({ ...arm, rateLow: 2, rateHigh: 20 })),
    };
    const samples = readSamples(csv(draws), 'tcebench.run/1');
    expect(samples !== null && areOfDocument(samples, fitting)).toBe(true);
    expect(samples !== null && areOfDocument(samples, { ...fitting, arms: document.arms })).toBe(false);
    const cut = readSamples(csv(draws.slice(0, 20)), 'tcebench.run/1');
    expect(cut !== null && areOfDocument(cut, fitting)).toBe(false);
    expect(readSamples('a,b\n1,2\n', 'tcebench.run/1')).toBeNull();
    expect(readSamples('', 'tcebench.measure/1')).toBeNull();
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TcebenchError } from '../errors.js';
import { PhaseCalls } from './phase-calls.js';
import { parsePhases, phasesPathOf, readPhases } from './phases.js';

const HEADER = 'phase\tline_from\tline_to\tpayload_bytes';

describe('where the phases of a log stand', () => {
  it.each([
    ['a/e1000.log.gz', 'a/e1000.phases.tsv'],
    ['a/e1000.log', 'a/e1000.phases.tsv'],
    ['a/e1000.gz', 'a/e1000.phases.tsv'],
    ['a/e1000', 'a/e1000.phases.tsv'],
    ['a.log/b.logs', 'a.log/b.logs.phases.tsv'],
    ['-', null],
  ])('%s -> %s', (log, phases) => {
    expect(phasesPathOf(log)).toBe(phases);
  });

  it('no file, no phases; a folder is an error', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tcebench-test-'));
    try {
      expect(await readPhases(join(folder, 'absent.phases.tsv'))).toBeNull();
      writeFileSync(join(folder, 'a.phases.tsv'), `${HEADER}\nboot\t1\t9\t0\n`);
      expect(await readPhases(join(folder, 'a.phases.tsv'))).toEqual([
        { name: 'boot', lineFrom: 1, lineTo: 9, payloadBytes: 0 },
      ]);
      await expect(readPhases(folder)).rejects.toBeInstanceOf(TcebenchError);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the file', () => {
  it('columns are found by name, in any order, among others, with CR LF and a byte order mark', () => {
    const text =
      '\uFEFFline_to\textra\tpayload_bytes\tphase\tline_from\r\n9\tx\t77\tbulk tx\t5\r\n\r\n8\tx\t0\tidle\t9';
    expect(parsePhases('p.tsv', text)).toEqual([
      { name: 'bulk tx', lineFrom: 5, lineTo: 9, payloadBytes: 77 },
      { name: 'idle', lineFrom: 9, lineTo: 8, payloadBytes: 0 },
    ]);
  });

  it.each([
    ['phase\tline_from\tpayload_bytes\nboot\t1\t0', 'p.tsv:1: no column line_to'],
    ['', 'p.tsv:1: no column phase'],
    [`${HEADER}\nboot\t1\t9\t0\nrx\t10\tmany\t0`, 'p.tsv:3: line_to is many, not a whole number'],
    [`${HEADER}\nboot\t1\t9\t-1`, 'p.tsv:2: payload_bytes is -1, not a whole number'],
    [`${HEADER}\nboot\t1\t9`, 'p.tsv:2: no payload_bytes'],
    [`${HEADER}\n\t1\t9\t0`, 'p.tsv:2: no phase'],
    [
      `${HEADER}\nboot\t1\t99999999999999999999\t0`,
      'p.tsv:2: line_to is 99999999999999999999, not a whole number',
    ],
  ])('%j: %s', (text, message) => {
    expect(() => parsePhases('p.tsv', text)).toThrow(expect.objectContaining({ kind: 'input', message }));
  });
});

it('calls are counted to every phase whose lines they stand on: empty, nested, in any order', () => {
  const phase = fc.record({
    name: fc.constantFrom('boot', 'a', 'b'),
    lineFrom: fc.integer({ min: 1, max: 30 }),
    lineTo: fc.integer({ min: 0, max: 40 }),
    payloadBytes: fc.constantFrom(0, 500_000),
  });
  const lines = fc
    .uniqueArray(fc.integer({ min: 1, max: 35 }))
    .map((numbers) => numbers.sort((a, b) => a - b));
  fc.assert(
    fc.property(
      fc.array(phase, { maxLength: 6 }),
      lines,
      fc.integer({ min: 35, max: 45 }),
      (phases, calls, end) => {
        const counter = new PhaseCalls(phases, end);
        for (const line of calls) counter.call(line);
        const expected = phases.map(({ name, lineFrom, lineTo, payloadBytes }) => {
          const count = calls.filter((line) => line >= lineFrom && line <= lineTo).length;
          return {
            name,
            calls: count,
            payloadBytes,
            callsPerMB: payloadBytes === 0 || lineTo > end ? null : count * 2,
          };
        });
        expect(counter.phases).toEqual(expected);
        const workload = expected.filter(({ name }, i) => name !== 'boot' && (phases[i]?.lineTo ?? 0) <= end);
        const sum = workload.reduce((total, { calls: count }) => total + count, 0);
        expect(counter.allPhases).toMatchObject({ name: 'all phases', calls: sum });
      },
    ),
  );
});

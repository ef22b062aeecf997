import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readScenario } from '../conform/scenario-format.js';
import { ScenarioRunner } from '../conform/scenario-runner.js';
import { V4_12, V4_12_NPAGES } from '../path/revisions/v4-12.js';
import { NaiveV412 } from './naive-v4-12.test-helper.js';
import { Observer } from './observer.js';
import { plans, USUAL } from './plan.test-helper.js';
import { recordsOf, scenarioOf } from './plan-scenario.test-helper.js';

const VECTORS = new URL('../../../shared/vectors/', import.meta.url);
/** The naive model knows the operations of the vectors, to which no closing belongs. */
const { teardown: _, ...KINDS } = USUAL;
const isPresent = existsSync(VECTORS);
const files = isPresent ? readdirSync(VECTORS).filter((file) => /^\d.*\.jsonl$/.test(file)) : [];

describe('a naive model of 4.12', () => {
  it.skipIf(!isPresent)('has vectors to be tested by (skipped where ../shared/vectors is absent)', () => {
    expect(files.length).toBeGreaterThanOrEqual(20);
  });

  it.skipIf(!isPresent).each(files)('gives what the real kernel code gave: %s', (file) => {
    const { lines } = readScenario(readFileSync(new URL(file, VECTORS), 'utf8'), file);
    const [first, ...rest] = lines;
    if (first?.operation.op !== 'config') throw new Error(`${file} has no config`);
    const naive = new NaiveV412(first.operation);
    for (const { line, operation, expect: outcome = {} } of rest) {
      const given = naive.run(operation);
      const { info: _, ...expected } = outcome;
      if (Object.keys(expected).length > 0) expect([line, given]).toEqual([line, expected]);
    }
  });

  it.each([V4_12, V4_12_NPAGES].map((revision) => [revision.id, revision] as const))(
    'is what our handlers of %s do: codes, views, hardware, counts, exchanges, dirty pages',
    (_, revision) => {
      fc.assert(
        fc.property(plans(16, KINDS), (plan) => {
          const { config, operations } = scenarioOf(recordsOf(plan, revision));
          const runner = new ScenarioRunner(config, revision, { arenaBytes: 2 ** 22 });
          const naive = new NaiveV412(config);
          // It knows which operations can come at all.
          const observer = new Observer(config, revision);
          for (const operation of operations) {
            if (!observer.accepts(operation)) continue;
            const crashed = 'hostFault' in observer.step(operation).result;
            const given = runner.run(operation);
            const expected = naive.run(operation);
            if (crashed) expect(expected).toHaveProperty('hostFault');
            else expect(given).toEqual(expected);
            if (crashed) return;
            const [ours, theirs] = [runner.run({ op: 'dump' }), naive.run({ op: 'dump' })];
            if (!isDeepStrictEqual(ours, theirs)) expect(ours).toEqual(theirs);
          }
        }),
        { seed: 12, numRuns: 300 },
      );
    },
  );
});

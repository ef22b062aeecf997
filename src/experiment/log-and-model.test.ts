import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { ZERO } from '../cost/profiles/zero.js';
import { V3 } from '../path/revisions/v3.js';
import { DMA_FACT_ROWS } from '../result/dma-facts.js';
import type { ReplayedLog } from '../result/replay-document.js';
import { phasesText } from '../trace/phases.js';
import { Recording } from '../trace/recording.js';
import { resolveScenario } from './load-scenario.js';
import { replayLogs } from './replay.js';
import { runScenario } from './run.js';
import { scenarioFromLog } from './scenario-from-log.js';

const LOG = fileURLToPath(new URL('../../results/traces/e1000-64k.log.gz', import.meta.url));
const SHARED = fileURLToPath(new URL('../../../shared/traces/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tcebench-model-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function facts(path: string): Promise<ReplayedLog> {
  const common = { windows: [], seed: 1, run: 1, draws: 20, version: 'test', stdin: Readable.from([]) };
  const { logs } = await replayLogs([path], { ...common, revision: V3, profile: ZERO, facts: true });
  return logs[0] as ReplayedLog;
}

/** The scenario that a phase of a log shows, with the card that no log names, for one arm. */
async function scenarioOf(path: string, phase: string, profile: string, bytes: number) {
  const { keys } = await scenarioFromLog(path, phase, Readable.from([]));
  const scenario: Record<string, Record<string, unknown>> = {
    host: { path: 'real' },
    run: { bytes, warmup: bytes / 10, draws: 20 },
  };
  for (const { key, value } of [...keys, { key: 'nic.profile', value: profile }]) {
    const [group = '', name = '', inner] = key.split('.');
    scenario[group] ??= {};
    const values = scenario[group];
    if (inner === undefined) values[name] = value;
    else values[name] = { ...(values[name] as object | undefined), [inner]: value };
  }
  return resolveScenario(scenario, 'test');
}

const E1000_PHASES = [
  ['bulk-tx', 8e6],
  ['bulk-rx', 8e6],
  ['bulk-tx-notso', 4e6],
  ['sendfile-tx', 8e6],
  ['rr-64-64', 2e5],
] as const;

describe('a scenario from a real log, with the profile of its card', () => {
  it.each(E1000_PHASES)('makes the calls of e1000 %s within 10 %%', async (phase, bytes) => {
    const logged = (await facts(LOG)).phases.find(({ name }) => name === phase)?.callsPerMB ?? Number.NaN;
    const { document } = runScenario(await scenarioOf(LOG, phase, 'e1000', bytes), 'test', { trial: false });
    expect(document.arms.map(({ id }) => id)).toEqual(['multi-real']);
    expect(Math.abs((document.arms[0]?.hcallsPerMB ?? 0) / logged - 1)).toBeLessThan(0.1);
  });

  it.skipIf(!existsSync(SHARED)).each([
    ['8139cp-4kpages-smp2', 'bulk-tx', '8139cp', 4e6],
    ['8139cp-4kpages-smp2', 'rr-1-1', '8139cp', 6e3],
    ['pcnet32-multitce-off', 'small-writes-tx', 'pcnet32', 1e6],
  ] as const)('makes those of %s %s within 15 %%', async (name, phase, card, bytes) => {
    const path = `${SHARED}${name}.log.gz`;
    const logged = (await facts(path)).phases.find((row) => row.name === phase)?.callsPerMB ?? Number.NaN;
    const { document } = runScenario(await scenarioOf(path, phase, card, bytes), 'test', { trial: false });
    expect(Math.abs((document.arms[0]?.hcallsPerMB ?? 0) / logged - 1)).toBeLessThan(0.15);
  });
});

describe('our own recording', () => {
  it('of what e1000 bulk-tx shows holds the facts of real guests, its addresses as far apart as in the log', async () => {
    const path = join(folder, 'own.log');
    const recording = new Recording((bytes) => writeFileSync(path, bytes, { flag: 'a' }));
    runScenario(await scenarioOf(LOG, 'bulk-tx', 'e1000', 25e6), 'test', { trial: false, recording });
    writeFileSync(join(folder, 'own.phases.tsv'), phasesText(recording.phases));
    const [real, own] = [(await facts(LOG)).facts, (await facts(path)).facts];
    if (real === undefined || own === undefined) throw new Error('no facts');
    expect(own.maps).toBeGreaterThan(10_000);
    for (const { title, holds } of DMA_FACT_ROWS) {
      expect([title, holds(real), holds(own)]).toEqual([title, true, true]);
    }
    const [realMedian, ownMedian] = [real, own].map((found) => found.reuseCalls.median ?? Number.NaN) as [
      number,
      number,
    ];
    expect(Math.abs(ownMedian / realMedian - 1)).toBeLessThan(0.05);
  });
});

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { ZERO } from '../../cost/profiles/zero.js';
import { V3 } from '../../path/revisions/v3.js';
import { DMA_FACT_ROWS } from '../../result/dma-facts.js';
import type { ReplayedLog } from '../../result/replay-document.js';
import { resolveScenario } from '../../scenario/load-scenario.js';
import { phasesText, readPhases } from '../../trace/phases.js';
import { Recording } from '../../trace/recording.js';
import { replayLogs } from '../replay/replay.js';
import { runScenario } from '../run.js';
import { mixOf, rowOf, worstOf } from './log-mix.test-helper.js';
import { scenarioFromLog } from './scenario-from-log.js';

const LOG = fileURLToPath(new URL('../../../results/traces/e1000-64k.log.gz', import.meta.url));
const SHARED = fileURLToPath(new URL('../../../../shared/traces/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tcebench-model-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function facts(path: string): Promise<ReplayedLog> {
  const common = { windows: [], seed: 1, run: 1, draws: 20, version: 'test', stdin: Readable.from([]) };
  const { logs } = await replayLogs([path], { ...common, revision: V3, profile: ZERO, facts: true });
  return logs[0] as ReplayedLog;
}

/** The scenario that a phase of a log shows, with the card that no log names, for one arm. */
async function scenarioOf(path: string, phase: string, profile: string, bytes: number, arm = 'real') {
  const { keys } = await scenarioFromLog(path, phase, Readable.from([]));
  const scenario: Record<string, Record<string, unknown>> = {
    host: { path: arm },
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

/** The lines of a phase, counted by the words of their format. */
async function loggedMix(log: string, phase: string) {
  const row = (await readPhases(log.replace('.log.gz', '.phases.tsv')))?.find(({ name }) => name === phase);
  if (row === undefined) throw new Error(`no phase ${phase}`);
  const lines = gunzipSync(readFileSync(log)).toString('latin1').split('\n');
  const { lineFrom, lineTo, payloadBytes } = row;
  return { mix: mixOf(lines.slice(lineFrom - 1, lineTo), payloadBytes), payloadBytes };
}

/** What the scenario of a phase does past its warm-up, as it is recorded. */
async function modelledMix(log: string, phase: string, card: string, bytes: number) {
  const chunks: Buffer[] = [];
  const recording = new Recording((chunk) => chunks.push(Buffer.from(chunk)));
  runScenario(await scenarioOf(log, phase, card, bytes), 'test', { trial: false, recording });
  const part = recording.phases.find(({ name }) => name === 'measured');
  if (part === undefined) throw new Error('nothing measured');
  const lines = Buffer.concat(chunks).toString('latin1').split('\n');
  return mixOf(lines.slice(part.lineFrom - 1, part.lineTo), part.payloadBytes);
}

/** Payload that a model of a phase is run for: as much as the phase has, within reason. */
const MOST_BYTES = 8e6;

async function compare(log: string, phase: string, card: string, limit: number): Promise<void> {
  const { mix, payloadBytes } = await loggedMix(log, phase);
  const modelled = await modelledMix(log, phase, card, Math.min(MOST_BYTES, payloadBytes));
  const row = rowOf(`${log.replace(/^.*[\\/]|\.log\.gz$/g, '')} ${phase}`, mix, modelled);
  expect(worstOf(mix, modelled), row).toBeLessThan(limit);
  expect(CARDS.split('\n')).toContain(row);
}

const CARDS = readFileSync(new URL('../../../docs/CARDS.md', import.meta.url), 'utf8');

describe('a scenario from a real log, with the profile of its card', () => {
  it.each(['bulk-tx', 'bulk-rx', 'bulk-tx-notso', 'sendfile-tx', 'rr-64-64'])(
    'has within a tenth the calls, kinds and TCEs of e1000 %s, as docs/CARDS.md says',
    (phase) => compare(LOG, phase, 'e1000', 0.1),
  );

  it.skipIf(!existsSync(SHARED)).each([
    ['8139cp-4kpages-smp2', '8139cp', ['bulk-tx', 'bulk-rx', 'bidir', '4-conn-tx', 'rr-1-1']],
    ['pcnet32-multitce-off', 'pcnet32', ['bulk-tx', 'bulk-rx', 'rr-128-1024', 'small-writes-tx']],
  ] as const)('has within 15 of 100 those of every phase of %s', async (name, card, phases) => {
    for (const phase of phases) await compare(`${SHARED}${name}.log.gz`, phase, card, 0.15);
  });

  it.skipIf(!existsSync(SHARED)).each(['bulk-tx', 'bulk-rx', 'rr-64-64'])(
    'makes no call for traffic, as e1000e %s with a direct window does not',
    async (phase) => {
      const log = `${SHARED}e1000e-ddw-on.log.gz`;
      expect((await loggedMix(log, phase)).mix.calls).toBe(0);
      const { document } = runScenario(await scenarioOf(log, phase, 'e1000e', 1e6, 'direct'), 'test', {
        trial: false,
      });
      expect(document.arms.map(({ id, hcallsPerMB }) => [id, hcallsPerMB])).toEqual([['direct', 0]]);
    },
  );
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

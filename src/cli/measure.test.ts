import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { MeasureDocument } from '../result/measure-document.js';

const DIST = new URL('../../dist/', import.meta.url);
const MAIN = fileURLToPath(new URL('cli/main.js', DIST));
const TWO_ARMS = 'single-real,single-userspace/block';

/** A busy machine may take its time. */
vi.setConfig({ testTimeout: 240_000 });

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tcebench-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node with these words; `during` is told of every piece of stderr. */
function node(words: readonly string[], during?: (kill: () => void) => void): Promise<Ended> {
  const child = spawn(process.execPath, words, { cwd: folder });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece) => {
    stdout += piece;
  });
  child.stderr.on('data', (piece) => {
    stderr += piece;
  });
  during?.(() => child.kill('SIGINT'));
  return new Promise((resolve) =>
    child.once('exit', (status, signal) => resolve({ status, signal, stdout, stderr })),
  );
}

function documentIn(out: string): MeasureDocument {
  expect(readdirSync(out).sort()).toEqual(
    ['-raw.csv', '.csv', '.json', '.provenance.json'].map((suffix) => `measured${suffix}`),
  );
  return JSON.parse(readFileSync(join(out, 'measured.json'), 'utf8')) as MeasureDocument;
}

describe('measure', () => {
  it('writes documents whose every record names its clock, and says where they were made', async () => {
    const out = join(folder, 'whole');
    const flags = ['--arms', 'single-real', '--forks', '1', '--slices', '2', '--slice-ms', '2'];
    const { status, stdout } = await node([MAIN, 'measure', '--json', '--out', out, ...flags]);
    expect(status).toBe(0);
    const document = documentIn(out);
    expect(JSON.parse(stdout)).toEqual(document);
    expect([document.clock, ...document.arms.map(({ clock }) => clock)]).toEqual(['measured', 'measured']);
    for (const name of ['measured.csv', 'measured-raw.csv']) {
      const [header, ...rows] = readFileSync(join(out, name), 'utf8').trim().split('\n');
      expect(header).toMatch(/^clock,/);
      for (const row of rows) expect(row).toMatch(/^measured,/);
    }
    const provenance = JSON.parse(readFileSync(join(out, 'measured.provenance.json'), 'utf8')) as object;
    expect(Object.keys(provenance)).toEqual(
      expect.arrayContaining(['cpu', 'node', 'nodeFlags', 'loadAverage', 'commit', 'dirty', 'command']),
    );
  });

  it('keeps what is complete when it is interrupted, with exit 130', async () => {
    const out = join(folder, 'interrupted');
    const flags = ['--arms', TWO_ARMS, '--forks', '1000', '--slices', '1'];
    const { status } = await node([MAIN, 'measure', '--out', out, ...flags], (kill) =>
      setTimeout(kill, 4000),
    );
    expect(status).toBe(130);
    expect(documentIn(out)).toMatchObject({ endedBy: 'interrupt', partial: true });
  });

  it('writes and prints nothing, and says so, when no fork is complete at its interrupt', async () => {
    const out = join(folder, 'nothing');
    const flags = ['--arms', TWO_ARMS, '--slice-ms', '500', '--slices', '1000', '--json'];
    const ended = await node([MAIN, 'measure', '--out', out, ...flags], (kill) => setTimeout(kill, 3000));
    expect(ended).toEqual({
      ...{ status: 130, signal: null, stdout: '' },
      stderr: 'tcebench: interrupted before the first fork was complete: nothing is written\n',
    });
    expect(readdirSync(folder)).not.toContain('nothing');
  });

  it('ends at once when it is interrupted twice', async () => {
    const out = join(folder, 'twice');
    const flags = ['--arms', TWO_ARMS, '--slice-ms', '10000', '--slices', '1000'];
    const began = performance.now();
    const ended = await node([MAIN, 'measure', '--out', out, ...flags], (kill) => {
      setTimeout(kill, 3000);
      setTimeout(kill, 3500);
    });
    expect(ended.signal ?? ended.status).toBe('SIGINT');
    expect(performance.now() - began).toBeLessThan(9000);
    expect(readdirSync(folder)).not.toContain('twice');
  });

  it('ends with exit 4 and names the worker that died; what was complete is written', async () => {
    const out = join(folder, 'lost');
    const flags = `{ forks: 4, slices: 1, sliceMs: 2, seed: 1, vcpus: 1, arms: '${TWO_ARMS}', out: process.argv[2], color: false, progress: false }`;
    const program = `
      import { measureCommand } from '${new URL('cli/commands/measure.js', DIST)}';
      let started = 0;
      await measureCommand(${flags}, (name, worker) => {
        started++;
        if (started > 2 && name === 'single-userspace/block') worker.once('message', () => worker.terminate());
      });`;
    const file = join(folder, 'lost.mjs');
    writeFileSync(file, program);
    const { status, stderr } = await node([file, out]);
    expect(stderr).toMatch(/worker of single-userspace\/block ended in the middle/);
    expect(status).toBe(4);
    expect(documentIn(out)).toMatchObject({ endedBy: 'lostWorker', partial: true, forks: 1 });
  });
});

import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const DIST = new URL('../../dist/', import.meta.url);
const MAIN = fileURLToPath(new URL('cli/main.js', DIST));
const RESULTS = new URL('../../results/claim/', import.meta.url);
const CLAIM = fileURLToPath(new URL('claim.json', RESULTS));
const MEASURED = fileURLToPath(new URL('measured.json', RESULTS));
const QUICK = ['--set', 'run.bytes=4MB', '--set', 'run.draws=20'];
const LONG = ['--set', 'run.bytes=1GB', '--set', 'run.draws=1000000'];

/** A busy machine may take its time. */
vi.setConfig({ testTimeout: 120_000 });

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tcebench-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The exit code as a shell sees it: a process that a signal ended has 128 and the signal's number. */
function codeOf(status: number | null, signal: NodeJS.Signals | null): number {
  return status ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

function exitOf(words: readonly string[], before: readonly string[] = []): { code: number; stderr: string } {
  const { status, signal, stderr } = spawnSync(process.execPath, [...before, MAIN, ...words], {
    encoding: 'utf8',
    cwd: folder,
  });
  return { code: codeOf(status, signal), stderr };
}

/** Starts a command that would go on for long, and interrupts it; its temporary files go to a folder of its own. */
function interrupted(name: string, words: readonly string[], afterMs: number): Promise<number> {
  const temporary = join(folder, `${name}-temporary`);
  mkdirSync(temporary);
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: folder,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  setTimeout(() => child.kill('SIGINT'), afterMs);
  return new Promise((resolve) => {
    child.once('exit', (status, signal) => resolve(codeOf(status, signal)));
  });
}

describe('the exit code', () => {
  it.each<[number, string, readonly string[], RegExp]>([
    [0, 'a result', ['run', '--json', ...QUICK], /^$/],
    [0, 'a gate that is kept', ['compare', CLAIM, '--gate', 'multi-real.rateBytesPerSec>0'], /^$/],
    [1, 'a gate that is broken', ['compare', CLAIM, '--gate', 'multi-real.rateBytesPerSec>=999GB/s'], /^$/],
    [2, 'an input that cannot be used', ['run', '--set', 'nic.mtuu=1'], /nic\.mtuu/],
    [2, 'a gate that is none', ['compare', CLAIM, '--gate', 'x'], /character 2: there is no operator/],
    [2, 'a document that is none', ['compare', MAIN, CLAIM], /main\.js is no whole JSON/],
    [2, 'nothing to compare with', ['compare', CLAIM], /nothing to compare/],
    [2, 'two documents on stdin', ['compare', '-', '-'], /both documents want stdin/],
    [3, 'documents of two clocks', ['compare', CLAIM, MEASURED], /^$/],
    [3, 'a metric that is not there', ['compare', CLAIM, '--gate', 'multi-reel.rate>1'], /^$/],
    [3, 'no baseline', ['compare', CLAIM, '--gate', 'multi-real.rateBytesPerSec>=-2%'], /^$/],
    [
      4,
      'a card that gets no buffer mapped',
      [
        ...['run', '--set', 'guest.window.bytes=4MiB', '--set', 'host.path=real'],
        ...['--set', 'guest.unmap={"deferred":65536}', ...QUICK],
      ],
      /cannot get any buffer mapped/,
    ],
  ])('is %i for %s', (expected, _, words, message) => {
    const { code, stderr } = exitOf(words);
    expect([code, stderr]).toEqual([expected, expect.stringMatching(message)]);
  });

  it('is 70 for a bug: with a built-in function broken from outside, the guard says so and shows the stack', () => {
    const breaking = join(folder, 'breaking.mjs');
    writeFileSync(breaking, "Object.hasOwn = () => { throw new TypeError('broken on purpose'); };\n");
    const { code, stderr } = exitOf(['list', 'presets'], ['--import', breaking]);
    expect(stderr).toMatch(
      /this is a bug of tcebench, please report it.*\nTypeError: broken on purpose\n +at /,
    );
    expect(code).toBe(70);
  });

  it.each<[string, readonly string[]]>([
    ['run', ['run', '--out', 'run-out', '--workers', '1', '--record', 'run.log', ...LONG]],
    ['run on workers', ['run', '--out', 'run-out', '--set', 'guest.vcpus=4', ...LONG]],
    ['replay of a log that never ends', ['replay', '-', '--out', 'replay-out', '--record', 'replay.log']],
  ])('is 130 at once for an interrupted %s, which leaves no file', async (name, words) => {
    expect(await interrupted(name, words, 2000)).toBe(130);
    const left = readdirSync(folder).filter((entry) => /-out$|\.log$|\.tmp$/.test(entry));
    expect(left).toEqual([]);
    expect(readdirSync(join(folder, `${name}-temporary`))).toEqual([]);
  });

  it('is 130 for an interrupted measurement, which keeps what is complete', async () => {
    const flags = ['--arms', 'single-real', '--forks', '10000', '--slices', '1', '--slice-ms', '1'];
    expect(await interrupted('measure', ['measure', '--out', 'measure-out', ...flags], 4000)).toBe(130);
    const document = JSON.parse(readFileSync(join(folder, 'measure-out', 'measured.json'), 'utf8')) as object;
    expect(document).toMatchObject({ endedBy: 'interrupt', partial: true });
  });

  it('is 130 while files are written, and none is left half-written', () => {
    const program = `
      import { writeFiles } from '${new URL('cli/output-files.js', DIST)}';
      async function* endless() {
        yield Buffer.from('half');
        process.kill(process.pid, 'SIGINT');
        for (;;) await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await writeFiles([{ path: 'written/a.json', text: 'a' }, { path: 'written/b.json', text: endless() }], []);`;
    const file = join(folder, 'writing.mjs');
    writeFileSync(file, program);
    const { status, signal } = spawnSync(process.execPath, [file], { cwd: folder, timeout: 20_000 });
    expect(codeOf(status, signal)).toBe(130);
    expect(existsSync(join(folder, 'written'))).toBe(true);
    expect(readdirSync(join(folder, 'written'))).toEqual([]);
  });
});

describe('compare as a process', () => {
  const shown = (words: readonly string[], input?: string) =>
    spawnSync(process.execPath, [MAIN, ...words], { encoding: 'utf8', cwd: folder, input });

  it('reads one document from stdin, prints JSON, CSV and a table, and writes its files', () => {
    const claim = readFileSync(CLAIM, 'utf8');
    const json = shown(['compare', '-', CLAIM, '--json', '--out', 'compared'], claim);
    expect(json.status).toBe(0);
    const document = JSON.parse(json.stdout) as { rows: { verdict: string }[]; warnings: string[] };
    expect(new Set(document.rows.map(({ verdict }) => verdict))).toEqual(new Set(['same']));
    expect(document.warnings.join()).toMatch(/draws of stdin are not known/);
    expect(readdirSync(join(folder, 'compared')).sort()).toEqual(
      ['compare.csv', 'compare.json', 'compare.provenance.json'].sort(),
    );
    const csv = shown(['compare', CLAIM, CLAIM, '--csv', '-']).stdout;
    expect(csv).toMatch(
      /^clock,metric,unit,better,basis,before,after,ratio,ratio_low,ratio_high,p,verdict\nmodelled,/,
    );
    expect(shown(['compare', CLAIM, CLAIM]).stdout).toMatch(/Modelled: \d+ metrics: \d+ same\n$/);
    const metrics = shown(['compare', CLAIM, '--list-metrics', '--json']).stdout;
    const names = (JSON.parse(metrics) as { metrics: { metric: string }[] }).metrics.map(
      ({ metric }) => metric,
    );
    expect(names).toEqual(expect.arrayContaining(['multi-real.rateBytesPerSec', 'claim.speedup']));
  });

  it('ends its self-test with 1 for a gate that cannot fail, and with 0 for one of every kind', () => {
    expect(shown(['compare', '--self-test']).status).toBe(0);
    const { status, stdout } = shown(['compare', '--self-test', '--gate', 'multi-real.hostFaults>=0']);
    expect([status, stdout]).toEqual([1, expect.stringMatching(/it cannot fail/)]);
    expect(shown(['compare', '--self-test', '--gate', 'multi-reel.x>=0']).status).toBe(2);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SweepDocument } from '../result/sweep-document.js';
import { bytesOf, ended, jobsIn, resultsIn, tcebench as run, startTcebench } from './sweep.test-helper.js';

/** Long enough to be stopped in the middle. */
const SWEEP = [
  ...['sweep', '--vary', 'nic.mtu=1500..1523', '--set', 'run.bytes=2MB', '--set', 'run.warmup=500kB'],
  ...['--set', 'run.draws=20', '--set', 'guest.multiTce=false'],
];
const JOBS = 24;

let folder = '';
const tcebench = (...args: readonly string[]) => run(folder, args);
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tcebench-test-'));
  expect(tcebench(...SWEEP, '--out', 'whole').status).toBe(0);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('a sweep that was stopped', () => {
  it('by SIGKILL: --resume gives the bytes of one that was not', async () => {
    const process = startTcebench(folder, [...SWEEP, '--out', 'killed']);
    await resultsIn(at('killed'), 3);
    process.kill('SIGKILL');
    expect(await ended(process)).toBe('SIGKILL');
    const kept = jobsIn(at('killed'));
    expect(kept.length).toBeLessThan(JOBS);
    const before = kept.map((name) => statSync(at(`killed/jobs/${name}`)).mtimeMs);
    expect(tcebench(...SWEEP, '--out', 'killed', '--resume').status).toBe(0);
    expect(kept.map((name) => statSync(at(`killed/jobs/${name}`)).mtimeMs)).toEqual(before);
    expect(jobsOf(bytesOf(at('killed')))).toEqual(bytesOf(at('whole')));
  });

  it('by SIGINT: ends with exit 130, what is done is kept and marked, no temporary file is left', async () => {
    const process = startTcebench(folder, [...SWEEP, '--out', 'interrupted']);
    await resultsIn(at('interrupted'), 3);
    process.kill('SIGINT');
    expect(await ended(process)).toBe(130);
    const kept = jobsIn(at('interrupted'));
    expect(kept.length).toBeLessThan(JOBS);
    expect(readdirSync(at('interrupted/jobs'))).toEqual([...kept]);
    const document = JSON.parse(readFileSync(at('interrupted/claim.json'), 'utf8')) as SweepDocument;
    expect(document.missing).toHaveLength(JOBS - kept.length);
    expect(document.warnings[0]).toMatch(/^interrupted: \d+ of 24 jobs have no result/);
    expect(document.crossovers).toEqual([]);
    expect(tcebench(...SWEEP, '--out', 'interrupted', '--resume').status).toBe(0);
    expect(bytesOf(at('interrupted'))).toEqual(bytesOf(at('whole')));
  });

  it('by SIGINT without --out: nothing is left', async () => {
    const temporary = at('tmp');
    mkdirSync(temporary);
    const process = startTcebench(folder, SWEEP, { TMPDIR: temporary });
    for (let name: string | undefined; name === undefined; [name] = readdirSync(temporary)) await tick();
    await resultsIn(join(temporary, readdirSync(temporary)[0] as string), 1);
    process.kill('SIGINT');
    expect(await ended(process)).toBe(130);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Without what a killed writer may leave: names that nobody takes for a result. */
function jobsOf(bytes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(bytes).filter(([name]) => !/^jobs\/\..*\.tmp$/.test(name)));
}

describe('--resume', () => {
  it('does nothing where nothing is missing', () => {
    const before = bytesOf(at('whole'));
    expect(tcebench(...SWEEP, '--out', 'whole', '--resume').status).toBe(0);
    expect(bytesOf(at('whole'))).toEqual(before);
  });

  it('runs jobs again whose file is half-written or of another plan, and says so', () => {
    run(folder, [...SWEEP, '--out', 'broken']);
    const half = at('broken/jobs/000002.json');
    writeFileSync(half, readFileSync(half).subarray(0, 300));
    const foreign = at('broken/jobs/000005.json');
    writeFileSync(foreign, readFileSync(foreign, 'utf8').replace(/"plan":"[0-9a-f]{8}/, '"plan":"00000000'));
    const { status, stderr } = tcebench(...SWEEP, '--out', 'broken', '--resume');
    expect(status).toBe(0);
    expect(stderr).toMatch(/000002\.json is no whole result: the job is run again/);
    expect(stderr).toMatch(/000005\.json is of another plan: the job is run again/);
    expect(bytesOf(at('broken'))).toEqual(bytesOf(at('whole')));
  });

  it('is refused with exit 2 and both hashes where the folder holds another sweep', () => {
    const { status, stderr } = tcebench(...SWEEP, '--seed', '2', '--out', 'whole', '--resume');
    expect(status).toBe(2);
    const { hash } = JSON.parse(readFileSync(at('whole/plan.json'), 'utf8')) as { hash: string };
    expect(stderr).toContain(hash);
    expect(new Set(stderr.match(/[0-9a-f]{64}/g)).size).toBe(2);
  });

  it('is asked for with exit 2 where the folder holds the sweep already', () => {
    const { status, stderr } = tcebench(...SWEEP, '--out', 'whole');
    expect([status, stderr]).toEqual([2, expect.stringMatching(/go on with --resume/)]);
  });
});

/** A file system of 64 KiB in the folder, if one may be made here. */
function mountSmall(path: string): boolean {
  mkdirSync(path);
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path]).status === 0;
}

const probe = mkdtempSync(join(tmpdir(), 'tcebench-mount-'));
const mayMount = mountSmall(join(probe, 'm'));
if (mayMount) spawnSync('umount', [join(probe, 'm')]);
rmSync(probe, { recursive: true });

describe('a full disk', () => {
  it.skipIf(!mayMount)('ends with exit 4 and the path; the rest is done when there is room', () => {
    expect(mountSmall(at('small'))).toBe(true);
    try {
      const { status, stderr } = tcebench(...SWEEP, '--out', 'small/sweep');
      expect(stderr).toMatch(/^tcebench: cannot write small\/sweep\/jobs\/.*ENOSPC/m);
      expect(status).toBe(4);
      const left = readdirSync(at('small/sweep/jobs'));
      expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
      for (const name of left) JSON.parse(readFileSync(at(`small/sweep/jobs/${name}`), 'utf8'));
      spawnSync('mount', ['-o', 'remount,size=64m', at('small')]);
      expect(tcebench(...SWEEP, '--out', 'small/sweep', '--resume').status).toBe(0);
      expect(bytesOf(at('small/sweep'))).toEqual(bytesOf(at('whole')));
    } finally {
      spawnSync('umount', [at('small')]);
    }
  });

  it.skipIf(!mayMount)('of run ends with exit 4 and the path, and leaves no file', () => {
    expect(mountSmall(at('tiny'))).toBe(true);
    try {
      const { status, stderr } = tcebench(
        ...['run', '--set', 'run.bytes=1MB', '--set', 'run.draws=200', '--out', 'tiny/run'],
      );
      expect(stderr).toMatch(/cannot write the results: \/.*\/tiny\/run\/claim.*: ENOSPC/);
      expect(status).toBe(4);
      expect(readdirSync(at('tiny/run'))).toEqual([]);
    } finally {
      spawnSync('umount', [at('tiny')]);
    }
  });
});

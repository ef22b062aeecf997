import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { RunDocument } from '../result/run-document.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Link, path, machine, workload, flows, pools, lock coverage and unmap policy that no preset has. */
const SETTINGS = [
  'link.bitsPerSec=40Gb/s',
  'host.path=userspace',
  'host.cost=power8-2017',
  'host.threadsPerCore=8',
  'traffic.workload=rr',
  'traffic.flows=64',
  'guest.vcpus=4',
  'guest.iovaPools=1',
  'guest.iovaLockCoversTableUpdate=true',
  'guest.unmap={"deferred":64}',
  'run.bytes=100KB',
  'run.warmup=32KB',
  'run.draws=20',
].flatMap((setting) => ['--set', setting]);

const run = (...more: string[]) =>
  spawnSync(process.execPath, [MAIN, 'run', ...SETTINGS, ...more], { encoding: 'utf8' });

describe('a scenario that nobody tried, by --set alone', () => {
  it('prints rate, transactions, latency and what binds', () => {
    const { status, stdout } = run();
    expect(status).toBe(0);
    expect(stdout).toMatch(/cxgb3, 40\.0 Gb\/s, 4 vCPUs, TCP requests and responses, 64 connections/);
    expect(stdout).toMatch(/arm +transactions\/s +latency p50 +p99 +packets\/s +bound +busy/);
    expect(stdout).toMatch(/single-userspace +\d+ +[\d.]+ ms +[\d.]+ ms +\d+ +IOVA lock +wire 0 %/);
  });

  it('is bound by one pool whose lock is held over the exits to user space', () => {
    const { arms } = JSON.parse(run('--json').stdout) as RunDocument;
    const rate = (id: string) => arms.find((arm) => arm.id === id)?.transactionsPerSec ?? 0;
    expect(arms.map(({ boundBy }) => boundBy)).toEqual(['iova-lock', 'iova-lock']);
    const free = JSON.parse(run('--json', '--set', 'guest.iovaLockCoversTableUpdate=false').stdout);
    const [unlocked] = (free as RunDocument).arms;
    expect(unlocked?.transactionsPerSec).toBeGreaterThan(1.5 * rate('single-userspace'));
    expect(unlocked?.boundBy).not.toBe('iova-lock');
  });
});

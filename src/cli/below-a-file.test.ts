import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const CLAIM = fileURLToPath(new URL('../../results/claim/claim.json', import.meta.url));
const QUICK = ['--set', 'run.bytes=4MB', '--set', 'run.draws=20'];
const PUT = '1@1.000000:spapr_iommu_put liobn=0x80000000 ioba=0x0 tce=0x1003 ret=0\n';
const SWEEP = ['sweep', ...QUICK, '--vary', 'nic.mtu=1500'];

vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'tcebench-test-'));
writeFileSync(join(folder, 'file'), 'kept');
writeFileSync(join(folder, 'calls.log'), PUT);
afterAll(() => rmSync(folder, { recursive: true }));

function tcebench(...words: readonly string[]) {
  const { status, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    encoding: 'utf8',
    cwd: folder,
    timeout: 60_000,
  });
  return { status, stderr };
}

describe('flags that lose something end with exit 2 and one sentence', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['--out empty', ['run', ...QUICK, '--out', ''], /--out is empty/],
    ['--csv empty', ['replay', 'calls.log', '--csv', ''], /--csv is empty/],
    ['--resume in no folder', [...SWEEP, '--resume'], /--resume goes on in a folder/],
  ])('%s', (_, words, message) => {
    const { status, stderr } = tcebench(...words);
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(readFileSync(join(folder, 'calls.log'), 'utf8')).toBe(PUT);
  });
});

describe('a result that cannot be where it is wanted ends with exit 4 and one sentence', () => {
  it.each<[string, readonly string[]]>([
    ['run --out', ['run', ...QUICK, '--out', 'file']],
    ['run --csv', ['run', ...QUICK, '--csv', 'file/x.csv']],
    ['replay --record', ['replay', 'calls.log', '--draws', '20', '--record', 'file/x.log']],
    ['sweep --out', [...SWEEP, '--out', 'file/x']],
    ['sweep --csv', [...SWEEP, '--csv', 'file/x']],
    ['sweep --plan', [...SWEEP, '--plan', '--out', 'file/p.json']],
    ['report --html', ['report', CLAIM, '--html', 'file/x.html']],
    ['report --svg', ['report', CLAIM, '--svg', 'file']],
    ['init', ['init', 'file/x.json']],
  ])('below a file: %s', (_, words) => {
    const { status, stderr } = tcebench(...words);
    expect([status, stderr]).toEqual([4, expect.stringMatching(/^tcebench: cannot write .*file.*\n$/)]);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('kept');
  });

  it.skipIf(!existsSync('/proc/self'))('below /proc', () => {
    for (const words of [SWEEP, [...SWEEP, '--plan']]) {
      const { status, stderr } = tcebench(...words, '--out', '/proc/tcebench');
      expect([status, stderr]).toEqual([4, expect.stringMatching(/^tcebench: cannot write \/proc\/.*\n$/)]);
    }
  });
});

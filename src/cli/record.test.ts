import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { ReplayDocument } from '../result/replay-document.js';
import type { RunDocument } from '../result/run-document.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const LOG = fileURLToPath(new URL('../../results/traces/e1000e-ddw-on.log.gz', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tcebench-record-'));
afterAll(() => rmSync(folder, { recursive: true }));

function tcebench(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', cwd: folder });
}

const settings = (...texts: string[]) =>
  ['run.bytes=3MB', 'run.warmup=1MB', 'run.draws=20', ...texts].flatMap((text) => ['--set', text]);

const ARMS = [
  ['multi-real', ['host.path=real', 'guest.multiTce=true']],
  ['single-userspace', ['host.path=userspace', 'guest.multiTce=false']],
  ['direct', ['host.path=direct']],
  ['multi-virtual', ['host.path=virtual', 'guest.multiTce=true', 'guest.window.pageShift=16']],
] as const;

describe('run --record', () => {
  it.each(ARMS)('of %s is read back with the counts of the run and leaves nothing live', (name, keys) => {
    const run = tcebench('run', '--json', '--record', `${name}.log`, ...settings(...keys));
    expect(run.status).toBe(0);
    const [arm] = (JSON.parse(run.stdout) as RunDocument).arms;
    const replay = tcebench('replay', '--json', '--draws', '20', `${name}.log`);
    expect(replay.status).toBe(0);
    const [log] = (JSON.parse(replay.stdout) as ReplayDocument).logs;
    expect(log?.phases.map((phase) => phase.name)).toEqual(['boot', 'warm-up', 'measured', 'close']);
    expect(log?.phases[2]?.callsPerMB).toBeCloseTo(arm?.hcallsPerMB ?? Number.NaN, 9);
    expect(log?.whole.byReturnCode).toEqual({ 0: log?.whole.calls });
    // A direct window keeps all of RAM mapped: 1 GiB in pages of 64 KiB.
    expect(log?.whole.liveAtEnd).toBe(name === 'direct' ? 16384 : 0);
  });

  it('recorded again from its replay is the same to the byte, in gzip too', () => {
    tcebench('run', '--record', 'once.log', ...settings(...ARMS[0][1]));
    expect(tcebench('replay', 'once.log', '--draws', '20', '--record', 'twice.log.gz').status).toBe(0);
    const once = readFileSync(join(folder, 'once.log'));
    expect(gunzipSync(readFileSync(join(folder, 'twice.log.gz'))).equals(once)).toBe(true);
    const phases = (name: string) => readFileSync(join(folder, `${name}.phases.tsv`), 'utf8');
    expect(phases('twice')).toBe(phases('once'));
    const { stdout } = tcebench('replay', 'once.log', '--draws', '20', '--record', '-');
    expect(stdout === once.toString()).toBe(true);
  });

  it('takes one arm and one log, and writes nothing otherwise', () => {
    const several = tcebench('run', '--record', 'no.log');
    expect([several.status, several.stdout]).toEqual([2, '']);
    expect(several.stderr).toMatch(
      /^tcebench: the calls of one arm can be recorded.*single-userspace.*--set host\.path/,
    );
    const logs = tcebench('replay', LOG, LOG, '--record', 'no.log');
    expect([logs.status, logs.stdout]).toEqual([2, '']);
    expect(logs.stderr).toMatch(/^tcebench: --record takes one log, not 2/);
    expect(existsSync(join(folder, 'no.log'))).toBe(false);
  });

  it('goes to stdout alone with -, and to a device without a file beside it', () => {
    const args = ['run', ...settings('host.path=direct')];
    const { stdout, stderr } = tcebench(...args, '--record', '-');
    expect(stdout.split('\n').length).toBe(35);
    expect(stdout.startsWith('1@0.000001:spapr_iommu_new_table')).toBe(true);
    expect(stderr).toBe('');
    expect(tcebench(...args, '--record', '/dev/null').status).toBe(0);
    expect(existsSync('/dev/null.phases.tsv')).toBe(false);
    expect(tcebench(...args, '--record', '-', '--json').status).toBe(2);
  });
});

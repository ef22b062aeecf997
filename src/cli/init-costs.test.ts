import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tcebench-costs-'));
afterAll(() => rmSync(folder, { recursive: true }));

function tcebench(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', cwd: folder });
}

/** So many H_PUT_TCE of 2 us each, as trace-cmd report prints them. */
function trace(calls: number): string {
  const line = (at: number, kind: string, rest: string) =>
    `     CPU 0/KVM-4211  [008]   100.${String(at).padStart(6, '0')}: kvm_hcall_${kind}:      VCPU 0: ${rest}\n`;
  return Array.from(
    { length: calls },
    (_, i) =>
      line(10 * i, 'enter', 'hcall=H_PUT_TCE GPR4-7=0x80000000,0x1000,0x5003,0x0') +
      line(10 * i + 2, 'exit', 'ret=RESUME_GUEST hcall_rc=H_SUCCESS'),
  ).join('');
}

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const quick = ['--json', '--set', 'run.bytes=1MB', '--set', 'run.draws=20'];

describe('init --cost-from', () => {
  it('writes a profile that a run takes: measured where seen, the base elsewhere', () => {
    const { status, stdout, stderr } = tcebench('init', 'mine.json', '--cost-from', file('t.txt', trace(25)));
    expect([status, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^Found: tceExchangeNs = 2000 ns .*25 TCE hypercalls in t\.txt/m);
    expect(stderr).toMatch(/^Not seen: calls that real mode answers .*power9-2021/m);
    expect(stderr).toMatch(/tcebench run --set host\.cost=mine\.json/);
    const ran = tcebench('run', '--set', 'host.cost=mine.json', ...quick);
    expect(ran.status).toBe(0);
    const { cost } = JSON.parse(ran.stdout);
    expect(cost.profile).toBe('mine');
    expect(cost.constants.tceExchangeNs).toMatchObject({ value: 2000, origin: 'measured' });
    const costs = JSON.parse(tcebench('list', 'costs', '--json').stdout).costs as Record<string, unknown>[];
    const leg = costs.find(
      ({ profile, constant }) => profile === 'power9-2021' && constant === 'exitToUserspaceNs',
    );
    expect(cost.constants.exitToUserspaceNs).toMatchObject({ origin: leg?.origin, source: leg?.source });
  });

  it('takes the base that is named, gzip, and the name costs.json', () => {
    const path = file('t.txt.gz', gzipSync(trace(25)));
    expect(tcebench('init', '--cost-from', path, '--base', 'power8-2017').status).toBe(0);
    const written = JSON.parse(readFileSync(join(folder, 'costs.json'), 'utf8'));
    expect(written).toMatchObject({ id: 'costs', base: 'power8-2017' });
    expect(tcebench('init', '--cost-from', path).stderr).toMatch(/costs\.json is there already/);
  });

  it('uses a trace that is cut up to there, and says so', () => {
    const whole = trace(25);
    for (const path of [
      file('cut.txt', whole.slice(0, -40)),
      file('cut.txt.gz', gzipSync(whole).subarray(0, -12)),
    ]) {
      const { status, stdout, stderr } = tcebench('init', '-', '--cost-from', path);
      expect(stderr).toMatch(/warning: cut\.txt(\.gz)?: cut short/);
      expect([status, JSON.parse(stdout).id]).toEqual([0, 'power9-2021-measured']);
    }
  });

  it.each([
    ['an empty file', () => file('empty.txt', ''), 2, /empty\.txt: is empty/],
    ['another format', () => file('other.txt', 'hello\n'), 2, /other\.txt: holds no kvm_hcall_enter/],
    ['a binary trace', () => file('trace.dat', Buffer.from([0x17, 8, 0x44, 0x74])), 2, /trace-cmd report/],
    ['no such file', () => 'absent.txt', 2, /absent\.txt/],
    ['corrupt gzip', () => file('bad.gz', Buffer.from([0x1f, 0x8b, 9, 9, 9, 9])), 2, /bad\.gz.*gzip/],
    ['too few calls', () => file('few.txt', trace(19)), 3, /19 TCE hypercalls.*too few/],
  ])('refuses %s in one sentence and writes nothing', (_, path, code, message) => {
    const { status, stdout, stderr } = tcebench('init', 'none.json', '--cost-from', path());
    expect([status, stdout, stderr.trim().split('\n').length]).toEqual([code, '', 1]);
    expect(stderr).toMatch(message);
    expect(() => readFileSync(join(folder, 'none.json'))).toThrow(/ENOENT/);
  });

  it.each([
    [['--cost-from', 't.txt', '--base', 'power8'], /--base power8 is unknown.*power8-2017/],
    [['--base', 'zero'], /--cost-from/],
    [['costs', '--cost-from', 't.txt'], /\.json/],
  ])('refuses %j', (args, message) => {
    const { status, stderr } = tcebench('init', ...args, '--force');
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});

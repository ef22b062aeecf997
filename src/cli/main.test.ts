import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const LOG = fileURLToPath(new URL('../../results/traces/e1000e-ddw-on.log.gz', import.meta.url));
const QUICK = ['--set', 'run.bytes=2MB', '--set', 'run.warmup=1MB', '--set', 'run.draws=20'];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tcebench-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function tcebench(args: readonly string[], options: { input?: string | Buffer } = {}): Outcome {
  const env = { ...process.env, FORCE_COLOR: undefined, NO_COLOR: undefined };
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', cwd: folder, env, ...options });
}

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('input that cannot be used', () => {
  const gzip = () => readFileSync(LOG);
  const cases: [string, () => string[], RegExp][] = [
    ['an unknown flag', () => ['run', '--jsn'], /--jsn.*--json/],
    ['an unknown command', () => ['rnu'], /rnu.*run/],
    ['an unknown key', () => ['run', '--set', 'nic.mtuu=1'], /nic\.mtuu.*mtu/],
    ['a setting without a value', () => ['run', '--set', 'nic.mtu'], /--set nic\.mtu/],
    ['an unknown preset', () => ['run', 'clam'], /clam.*claim/],
    ['a missing scenario file', () => ['run', 'absent.json'], /absent\.json/],
    ['a scenario that is no JSON', () => ['run', file('bad.json', '{')], /bad\.json is no JSON/],
    ['no vCPU', () => ['run', '--set', 'guest.vcpus=0'], /guest\.vcpus/],
    ['a window that is no power of two', () => ['run', '--set', 'guest.window.bytes=300MB'], /power of two/],
    ['an MTU of 0', () => ['run', '--set', 'nic.mtu=0'], /nic\.mtu/],
    ['an unknown revision', () => ['run', '--set', 'host.revision=v99'], /host\.revision/],
    ['a log that is not there', () => ['replay', 'absent.log'], /absent\.log/],
    ['an empty log', () => ['replay', file('empty.log', '')], /empty/],
    ['a log of something else', () => ['replay', file('other.log', 'hello\nworld\n')], /other\.log/],
    [
      'a corrupt gzip',
      () => {
        const bytes = gzip();
        bytes.fill(0x55, 200, 300);
        return ['replay', file('corrupt.log.gz', bytes)];
      },
      /corrupt\.log\.gz.*gzip/,
    ],
    ['an unreadable window', () => ['replay', LOG, '--window', 'x'], /--window x/],
    ['an unknown cost profile', () => ['replay', LOG, '--cost', 'power8'], /--cost power8.*power8-2017/],
    ['an unknown list', () => ['list', 'cost'], /cost.*costs/],
    ['no slice', () => ['measure', '--slices', '0'], /--slices/],
    ['no fork', () => ['measure', '--forks', '0'], /--forks/],
    ['too many vCPUs', () => ['measure', '--vcpus', '65'], /--vcpus/],
    ['an unknown arm', () => ['measure', '--arms', 'single-rael'], /single-rael.*single-real/],
    ['no percentage', () => ['measure', '--until', 'soon'], /--until soon/],
  ];

  it.each(cases)('gives exit 2 and one sentence, no file: %s', (_, args, expected) => {
    const words = [...args()];
    const out = join(folder, 'out');
    const { status, stdout, stderr } = tcebench(words[0] === 'list' ? words : [...words, '--out', out]);
    expect(stderr).toMatch(expected);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
    expect(existsSync(out)).toBe(false);
  });
});

describe('run', () => {
  it('prints one JSON document and nothing else on stdout', () => {
    const { status, stdout } = tcebench(['run', '--json', ...QUICK]);
    expect(status).toBe(0);
    const document = JSON.parse(stdout) as { clock: string; arms: object[] };
    expect(document.clock).toBe('modelled');
    expect(document.arms).toHaveLength(7);
  });

  it('writes all its files, which name the clock, and leaves nothing half-written', () => {
    const out = join(folder, 'written');
    const { status, stderr } = tcebench(['run', '--out', out, ...QUICK]);
    expect(status).toBe(0);
    const names = ['.json', '.csv', '-raw.csv', '.svg', '.scenario.json', '.provenance.json'].map(
      (suffix) => `claim${suffix}`,
    );
    expect(readdirSync(out).sort()).toEqual([...names].sort());
    for (const name of names) expect(stderr).toContain(name);
    expect(readFileSync(join(out, 'claim.csv'), 'utf8')).toMatch(/^clock,arm,.*\nmodelled,single-userspace,/);
    expect(readFileSync(join(out, 'claim-raw.csv'), 'utf8').split('\n')).toHaveLength(7 * 20 + 2);
    expect(readFileSync(join(out, 'claim.svg'), 'utf8')).toMatch(/^<svg /);
  });

  it('gives the same bytes twice', () => {
    const once = tcebench(['run', '--json', '--seed', '7', ...QUICK]).stdout;
    expect(tcebench(['run', '--json', '--seed', '7', ...QUICK]).stdout).toBe(once);
    expect(tcebench(['run', '--json', '--seed', '8', ...QUICK]).stdout).not.toBe(once);
  });

  it('ends with the answer, without colour where stdout is no terminal', () => {
    const { stdout } = tcebench(['run', ...QUICK]);
    expect(stdout.trim().split('\n').at(-1)).toMatch(/^Modelled: leaving the fast path costs this card/);
    expect(stdout).not.toContain('\x1b');
  });

  it('reads a scenario file', () => {
    const scenario = file(
      'mine.json',
      JSON.stringify({ traffic: { direction: 'rx' }, host: { path: 'real' } }),
    );
    const { stdout } = tcebench(['run', scenario, '--json', ...QUICK]);
    const { arms } = JSON.parse(stdout) as { arms: { id: string; direction: string }[] };
    expect(arms.map(({ id, direction }) => `${id} ${direction}`)).toEqual([
      'single-real rx',
      'multi-real rx',
    ]);
  });
});

describe('replay', () => {
  it('reads a log from stdin as from a file', () => {
    const fromFile = JSON.parse(tcebench(['replay', LOG, '--json', '--boot-lines', '10']).stdout);
    const { status, stdout } = tcebench(['replay', '-', '--json', '--boot-lines', '10'], {
      input: readFileSync(LOG),
    });
    expect(status).toBe(0);
    const fromStdin = JSON.parse(stdout);
    expect(fromStdin.logs[0].whole).toEqual(fromFile.logs[0].whole);
    expect(fromStdin.logs[0].arms.map((arm: { modelledNs: number }) => arm.modelledNs)).toEqual(
      fromFile.logs[0].arms.map((arm: { modelledNs: number }) => arm.modelledNs),
    );
  });
});

describe('the merged kernel', () => {
  it('is listed, replays a real log with agreeing codes and tables, and runs the claim', () => {
    const { revisions } = JSON.parse(tcebench(['list', 'revisions', '--json']).stdout);
    const names = 'v3 v3+C5 v3+C11 v3+C13 v3+codes interim interim-fixed v4.12 v4.12+npages v4.20 v5.4 v5.19';
    expect(revisions.map(({ revision }: { revision: string }) => revision)).toEqual(names.split(' '));
    const replayed = tcebench(['replay', LOG, '--revision', 'v4.12', '--json']);
    expect(replayed.status).toBe(0);
    for (const arm of JSON.parse(replayed.stdout).logs[0].arms) {
      expect(arm).toMatchObject({ revision: 'v4.12', returnCodesEqual: true });
    }
    const ran = tcebench(['run', '--set', 'host.revision=v4.12', '--json', ...QUICK]);
    expect(ran.status).toBe(0);
    expect(JSON.parse(ran.stdout).arms[0].revision).toBe('v4.12');
  });
});

describe('the program', () => {
  it.each([['--help'], ['--version'], ['run', '--help']])('answers %s with exit 0', (...args) => {
    const { status, stdout, stderr } = tcebench(args);
    expect(status).toBe(0);
    expect(stdout.length).toBeGreaterThan(3);
    expect(stderr).toBe('');
  });

  it.each(['presets', 'published', 'arms', 'revisions', 'costs', 'nics'])('lists %s', (what) => {
    const { status, stdout } = tcebench(['list', what]);
    expect(status).toBe(0);
    expect(stdout.split('\n').length).toBeGreaterThan(3);
    expect(Object.keys(JSON.parse(tcebench(['list', what, '--json']).stdout))).toEqual([what]);
  });
});

describe('a preset', () => {
  it('has the name of its content, or the id of the published result', () => {
    const byName = tcebench(['run', 'packet-mapping', '--json', ...QUICK]);
    expect(byName.status).toBe(0);
    expect(tcebench(['run', 'c7', '--json', ...QUICK]).stdout).toBe(byName.stdout);
  });
});

describe('the questions behind a run', () => {
  const few = ['--set', 'run.bytes=1MB', '--set', 'run.warmup=1MB'];

  it('explain, solve and sensitivity answer in text and in JSON', () => {
    expect(tcebench(['explain', '--arm', 'multi-real', ...few]).stdout).toMatch(
      /\ntceExchanges| {2}tceExchanges/,
    );
    const solve = ['solve', '--target', '150MB/s', '--for', 'exitToUserspaceNs', ...few];
    expect(tcebench(solve).stdout).toMatch(/^Modelled: exitToUserspaceNs = \d/);
    expect(JSON.parse(tcebench([...solve, '--json']).stdout)).toMatchObject({
      clock: 'modelled',
      arm: 'single-userspace',
    });
    const csv = tcebench(['sensitivity', '--csv', '-', ...few]).stdout;
    expect(csv.split('\n')[0]).toMatch(/^clock,arm,cost_profile,constant/);
  });

  it('a target that no value gives is undecided', () => {
    const { status, stdout } = tcebench(['solve', '--target', '1GB/s', '--for', 'bqlShare', ...few]);
    expect([status, stdout]).toEqual([3, expect.stringMatching(/none in range/)]);
  });

  it.each([
    [['solve', '--target', 'fast', '--for', 'bqlShare'], /--target: "fast" is not a rate/],
    [
      ['solve', '--target', '1GB/s', '--for', 'bqlshare'],
      /--for bqlshare is no constant; did you mean bqlShare/,
    ],
    [['solve', '--target', '1GB/s', '--for', 'bqlShare', '--range', '5..1'], /--range 5\.\.1 does not rise/],
    [['explain', '--arm', 'multi-reel'], /no such arm; did you mean multi-real/],
  ])('refuses %j in one sentence', (args, message) => {
    const { status, stderr } = tcebench(args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});

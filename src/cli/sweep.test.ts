import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScenario } from '../experiment/run.js';
import type { SweepDocument } from '../result/sweep-document.js';
import { resolveScenario } from '../scenario/load-scenario.js';
import { jobsIn, QUICK, tcebench as run } from './sweep.test-helper.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tcebench-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const tcebench = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => run(folder, args, env);
const TWO_AXES = ['--vary', 'host.revision=v3,v5.19', '--vary', 'nic.mtu=1500,9000', ...QUICK];

describe('sweep', () => {
  it('has for each job the arms that a run of its scenario has, in JSON and CSV', () => {
    const { status, stderr } = tcebench(['sweep', ...TWO_AXES, '--out', 'both']);
    expect(stderr).toContain('claim.csv');
    expect(status).toBe(0);
    const document = JSON.parse(readFileSync(join(folder, 'both/claim.json'), 'utf8')) as SweepDocument;
    const rows: Record<string, string>[] = parse(readFileSync(join(folder, 'both/claim.csv')), {
      columns: true,
    });
    const expected = ['v3', 'v5.19'].flatMap((revision) =>
      [1500, 9000].map((mtu) => {
        const scenario = {
          host: { revision },
          nic: { mtu },
          run: { bytes: 1e6, warmup: 5e5, draws: 20 },
        };
        const { arms } = runScenario(resolveScenario(scenario), 'x', { trial: false }).document;
        return { values: [revision, mtu], arms };
      }),
    );
    const flat = expected.flatMap(({ values, arms }, job) => arms.map((arm) => ({ job, values, arm })));
    expect(document.rows).toEqual(flat);
    expect(document).toMatchObject({ missing: [], failed: [], clock: 'modelled' });
    expect(rows).toHaveLength(flat.length);
    for (const [i, { job, values, arm }] of flat.entries()) {
      expect(rows[i]).toMatchObject({
        clock: 'modelled',
        job: String(job),
        'host.revision': String(values[0]),
        'nic.mtu': String(values[1]),
        arm: arm.id,
        rate_bytes_per_sec: String(arm.rateBytesPerSec),
        fingerprint: arm.fingerprint,
      });
    }
    const provenance = JSON.parse(readFileSync(join(folder, 'both/claim.provenance.json'), 'utf8'));
    const hash = createHash('sha256').update(readFileSync(join(folder, 'both/claim.json')));
    expect(provenance).toMatchObject({ documentSha256: hash.digest('hex') });
  });

  it('gives the same bytes for any number of threads', () => {
    const [one, three] = ['1', '3'].map((workers) =>
      tcebench(['sweep', ...TWO_AXES, '--workers', workers, '--json']),
    );
    expect(one?.status).toBe(0);
    expect((JSON.parse(one?.stdout ?? '') as SweepDocument).plan.jobs).toBe(4);
    expect(three?.stdout).toBe(one?.stdout);
  });

  it('leaves nothing behind without --out', () => {
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    const { status, stdout } = tcebench(['sweep', '--vary', 'nic.mtu=1500,9000', ...QUICK], {
      TMPDIR: temporary,
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Modelled clock: claim, 2 jobs over nic\.mtu \(2\)/);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('does the other jobs when one fails, says why, and ends with exit 4', () => {
    const { status, stdout, stderr } = tcebench([
      ...['sweep', '--vary', 'host.revision=v3,interim,v4.12', ...QUICK, '--out', 'failing'],
    ]);
    expect(status).toBe(4);
    expect(stderr).toContain('1 jobs failed');
    expect(stdout).toMatch(/job 1 failed: .*direct window/);
    const document = JSON.parse(readFileSync(join(folder, 'failing/claim.json'), 'utf8')) as SweepDocument;
    expect(document.failed).toMatchObject([{ job: 1 }]);
    expect(new Set(document.rows.map(({ job }) => job))).toEqual(new Set([0, 2]));
    expect(jobsIn(join(folder, 'failing'))).toHaveLength(3);
  });

  it('tells crossovers that are there, and none where there is none', () => {
    const axis = ['--vary', 'host.groups=1,8', '--set', 'guest.ddw=false'];
    const { stdout } = tcebench(['sweep', ...axis, ...QUICK]);
    expect(stdout).toMatch(/^ {2}multi-userspace reaches multi-real from host\.groups = 8 on/m);
    expect(stdout).toMatch(/^ {2}none: single-userspace reaches single-real at no value of host\.groups$/m);
  });

  it('lists its runs and runs none', () => {
    const { status, stdout } = tcebench([
      'sweep',
      '--vary',
      'nic.mtu=1500,9000',
      '--vary',
      'guest.vcpus=1..2',
      '--list-runs',
    ]);
    expect(status).toBe(0);
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      '0 nic.mtu=1500 guest.vcpus=1',
      '1 nic.mtu=1500 guest.vcpus=2',
      '2 nic.mtu=9000 guest.vcpus=1',
      '3 nic.mtu=9000 guest.vcpus=2',
    ]);
  });

  it('lists the runs of a shard or of one job alone, also as JSON', () => {
    const axis = ['sweep', '--vary', 'nic.mtu=1500,4000,9000', '--list-runs'];
    expect(tcebench([...axis, '--shard', '1/2']).stdout).toBe('0 nic.mtu=1500\n2 nic.mtu=9000\n');
    expect(tcebench([...axis, '--job', '1']).stdout).toBe('1 nic.mtu=4000\n');
    const { runs } = JSON.parse(tcebench([...axis, '--shard', '2/2', '--json']).stdout) as { runs: unknown };
    expect(runs).toEqual([{ job: 1, values: [4000] }]);
    expect(tcebench([...axis, '--job', '3']).stderr).toMatch(/--job 3: the plan has 3 jobs; use 0 to 2/);
  });

  it.each([
    ['--json of a part', ['--shard', '1/2', '--json'], /--shard leaves a part, and --json is of the whole/],
    ['--csv of a part', ['--job', '1', '--csv', 'x.csv'], /--job leaves a part, and --csv is of the whole/],
    ['a part without a folder', ['--shard', '1/2'], /--shard needs a folder; name one with --out/],
    ['two parts', ['--shard', '1/2', '--job', '0'], /--shard and --job are both given; leave one out/],
    [
      'the plan of a part',
      ['--shard', '1/2', '--plan'],
      /--plan is of the whole sweep, and --shard is given/,
    ],
    ['a plan and a list', ['--list-runs', '--plan'], /--plan and --list-runs are both given; leave one out/],
  ])('refuses %s in one sentence', (_, flags, message) => {
    const { status, stdout, stderr } = tcebench(['sweep', '--vary', 'nic.mtu=1500,9000', ...flags]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('lets --vary take the place of an axis of the preset, and --set of its scenario', () => {
    const { stdout } = tcebench([
      ...['sweep', '--preset', 'batch-crossover', '--set', 'run.draws=50'],
      ...['--vary', 'guest.maxIndirectTces=1,16', '--vary', 'nic.mtu=1500', '--plan'],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'batch-crossover',
      base: { run: { draws: 50, bytes: 16e6 } },
      axes: [
        { key: 'guest.maxIndirectTces', values: [1, 16] },
        { key: 'nic.mtu', values: [1500] },
      ],
    });
  });

  it.each(['batch-crossover', 'mtu', 'vcpus', 'groups', 'page-size', 'exit-cost', 'revision'])(
    'has the preset %s, all scenarios of which can be',
    (preset) => {
      const { status, stdout } = tcebench(['sweep', '--preset', preset, '--plan']);
      expect(status).toBe(0);
      expect((JSON.parse(stdout) as { jobs: number }).jobs).toBeGreaterThan(1);
    },
  );

  const refused: [string, readonly string[], RegExp][] = [
    ['an unknown key', ['--vary', 'nic.mtuu=1'], /nic\.mtuu.*mtu/],
    [
      'a value that no scenario takes',
      ['--vary', 'nic.mtu=1500,99999'],
      /job 1 \(nic\.mtu=99999\): nic\.mtu/,
    ],
    ['nothing that varies', [], /nothing is varied/],
    ['an unknown preset', ['--preset', 'mut'], /mut.*mtu/],
    ['a shard of nothing that varies', ['--shard', '1/2'], /nothing is varied/],
    ['a shard that there is not', ['plan.json', '--shard', '3/2'], /--shard/],
    ['no worker', ['--preset', 'mtu', '--workers', '0'], /--workers/],
  ];
  it.each(refused)('ends with exit 2 before any job: %s', (_, args, message) => {
    const { status, stdout, stderr } = tcebench(['sweep', ...args, '--out', 'refused']);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect([status, stdout, existsSync(join(folder, 'refused'))]).toEqual([2, '', false]);
  });

  it('checks values on their own where there are more than 10,000 jobs', () => {
    const axes = ['--vary', 'run.seed=1..200', '--vary', 'nic.mtu=1500..1600,99999'];
    const { status, stderr } = tcebench(['sweep', ...axes, '--out', 'refused']);
    expect(stderr).toMatch(/--vary nic\.mtu=99999: nic\.mtu/);
    expect([status, existsSync(join(folder, 'refused'))]).toEqual([2, false]);
  });

  it('ends with exit 4 and the path where it may not make its folder', () => {
    writeFileSync(join(folder, 'a-file'), '');
    const { status, stderr } = tcebench([
      'sweep',
      '--vary',
      'nic.mtu=1500,9000',
      ...QUICK,
      '--out',
      'a-file/sweep',
    ]);
    expect(stderr).toMatch(/cannot write a-file\/sweep/);
    expect(status).toBe(4);
  });
});

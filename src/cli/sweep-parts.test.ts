import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf, jobsIn, QUICK, tcebench as run } from './sweep.test-helper.js';

/** Eight jobs, two of which fail. */
const AXES = [
  '--vary',
  'host.revision=v3,interim',
  '--vary',
  'nic.mtu=1500,9000',
  '--vary',
  'guest.ddw=true,false',
];
const SWEEP = [...AXES, ...QUICK];

let folder = '';
const tcebench = (...args: readonly string[]) => run(folder, args);
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tcebench-test-'));
  expect(tcebench('sweep', ...SWEEP, '--out', 'whole').status).toBe(4);
  expect(tcebench('sweep', ...SWEEP, '--plan', '--out', 'plan.json').status).toBe(0);
  for (const part of [1, 2, 3])
    tcebench('sweep', '--shard', `${part}/3`, 'plan.json', '--out', `part-${part}`);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const PARTS = ['part-3', 'part-1', 'part-2'];

describe('parts of a sweep', () => {
  it('are the jobs whose index leaves i - 1', () => {
    expect(readFileSync(at('plan.json'), 'utf8')).toBe(readFileSync(at('whole/plan.json'), 'utf8'));
    const name = (job: number) => `00000${job}.json`;
    expect(jobsIn(at('part-1'))).toEqual([0, 3, 6].map(name));
    expect(jobsIn(at('part-2'))).toEqual([1, 4, 7].map(name));
    expect(jobsIn(at('part-3'))).toEqual([2, 5].map(name));
  });

  it('merge into the bytes of the whole, in any order, and end like it', () => {
    for (const [i, order] of [PARTS, PARTS.toReversed()].entries()) {
      const { status } = tcebench('merge', ...order, '--out', `merged-${i}`);
      expect(status).toBe(4);
      expect(bytesOf(at(`merged-${i}`))).toEqual(bytesOf(at('whole')));
    }
  });

  it('are the same of the flags of a sweep as of its plan', () => {
    tcebench('sweep', ...SWEEP, '--shard', '2/3', '--out', 'by-flags');
    expect(bytesOf(at('by-flags'))).toEqual(bytesOf(at('part-2')));
    expect(tcebench('sweep', 'plan.json', '--out', 'by-plan').status).toBe(4);
    expect(bytesOf(at('by-plan'))).toEqual(bytesOf(at('whole')));
  });

  it('take all from a plan: nothing over it', () => {
    const { status, stderr } = tcebench('sweep', 'plan.json', '--set', 'nic.mtu=1500', '--out', 'refused');
    expect([status, stderr]).toEqual([2, expect.stringMatching(/plan\.json is a plan.*--set/)]);
  });

  it('may be single jobs that share a folder', () => {
    for (let job = 7; job >= 0; job--) {
      tcebench('sweep', '--job', String(job), 'plan.json', '--out', 'shared', '--resume');
    }
    tcebench('merge', 'shared', '--out', 'shared');
    expect(bytesOf(at('shared'))).toEqual(bytesOf(at('whole')));
  });

  it('end with exit 4 where a job fails, and 0 elsewhere', () => {
    const status = (job: string) =>
      tcebench('sweep', '--job', job, 'plan.json', '--out', `job-${job}`).status;
    // interim, direct: the list that fills the window is refused.
    expect([status('3'), status('4')]).toEqual([0, 4]);
    const again = tcebench('sweep', '--job', '4', 'plan.json', '--out', 'job-4', '--resume');
    expect(again.status).toBe(4);
  });
});

describe('merge refuses with exit 3, and writes nothing', () => {
  const refused = (names: readonly string[]) => {
    const { status, stdout, stderr } = tcebench('merge', ...names, '--out', 'refused');
    expect([status, stdout, existsSync(at('refused'))]).toEqual([3, '', false]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    return stderr;
  };

  it('jobs that nobody did', () => {
    expect(refused(['part-3', 'part-1'])).toMatch(/000001\.json, 000004\.json, 000007\.json/);
  });

  it('two results of one job that differ', () => {
    cpSync(at('part-1'), at('changed'), { recursive: true });
    const file = at('changed/jobs/000003.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"mtu":9000', '"mtu":9001'));
    expect(refused([...PARTS, 'changed'])).toMatch(
      /part-1\/jobs\/000003\.json and changed\/jobs\/000003\.json/,
    );
  });

  it('equal results of one job in two folders, also of one folder named twice', () => {
    expect(refused(['whole', 'part-3'])).toMatch(
      /there twice, with equal results: whole\/jobs\/000002\.json and part-3\/jobs\/000002\.json, whole/,
    );
    expect(refused(['whole', 'whole'])).toMatch(/there twice.* and 3 further/);
  });

  it('a part of another sweep', () => {
    tcebench('sweep', ...SWEEP, '--seed', '2', '--plan', '--out', 'other.json');
    tcebench('sweep', '--shard', '1/3', 'other.json', '--out', 'foreign');
    expect(refused(['part-1', 'part-2', 'foreign'])).toMatch(
      /foreign \(plan [0-9a-f]{64}\) of another sweep/,
    );
  });
});

describe('merge refuses with exit 2', () => {
  it('a folder without a plan', () => {
    const { status, stderr } = tcebench('merge', 'part-1', 'absent');
    expect([status, stderr]).toEqual([2, expect.stringMatching(/absent holds no plan\.json/)]);
  });
});

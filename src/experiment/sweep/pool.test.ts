import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { jobFile, jobsFolder } from './job-files.js';
import { makePlan } from './plan.js';
import { runOnPool } from './pool.js';

const folder = mkdtempSync(join(tmpdir(), 'tcebench-pool-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a job without a result is told, whatever its file holds', () => {
  it.each([
    ['no file', null],
    ['a cut file', '{"schema": "tcebench.job/1"'],
  ])('%s', async (_, text) => {
    const axes = [{ key: 'nic.mtu', values: [1500, 9000] }];
    const plan = await makePlan({ name: 'pool', base: {}, axes, mode: 'cartesian', version: 'test' });
    mkdirSync(jobsFolder(folder), { recursive: true });
    // The plan has no such job, so that every worker that is given it ends with an error of ours.
    const job = plan.jobs;
    if (text !== null) writeFileSync(jobFile(folder, job), text);
    const { crashed, failed } = await runOnPool(plan, [job], { folder, workers: 1 });
    expect(crashed.map(({ job: told }) => told)).toEqual([job]);
    expect(failed).toBe(0);
  });
});

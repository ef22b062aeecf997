import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { RunDocument } from '../result/run-document.js';
import { compare } from './compare.js';
import { replay } from './replay.js';
import { run } from './run.js';
import { sweep } from './sweep.js';

const ROOT = new URL('../../', import.meta.url);
const MAIN = fileURLToPath(new URL('dist/cli/main.js', ROOT));
const LOG = fileURLToPath(new URL('results/traces/e1000e-ddw-on.log.gz', ROOT));
const QUICK = { bytes: '1MB', draws: 20 };

function printed(...args: string[]) {
  return JSON.parse(execFileSync(process.execPath, [MAIN, ...args, '--json'], { encoding: 'utf8' }));
}

describe('the functions of the package', () => {
  it('run gives what the command prints, but for the trial', async () => {
    const command = printed('run', '--set', 'run.bytes=1MB', '--set', 'run.draws=20');
    expect(JSON.parse(JSON.stringify(await run({ run: QUICK }, { trial: true })))).toEqual(command);
    expect((await run({ run: QUICK })).claim).toBeNull();
  });

  it('replay gives what the command prints', async () => {
    expect(JSON.parse(JSON.stringify(await replay(LOG, { draws: 20 })))).toEqual(
      printed('replay', LOG, '--draws', '20'),
    );
    await expect(replay('no-such.log')).rejects.toThrow(/no-such\.log/);
    await expect(replay(LOG, { revision: 'v3.5' })).rejects.toThrow(/revision v3\.5 is unknown/);
  });

  it('sweep gives the arms of the single runs', async () => {
    const { rows, failed, missing } = await sweep({
      scenario: { run: QUICK },
      vary: { 'nic.mtu': [1500, 9000] },
      workers: 1,
    });
    const single: RunDocument = await run({ run: QUICK, nic: { mtu: 9000 } });
    expect([failed, missing]).toEqual([[], []]);
    expect(rows.filter(({ job }) => job === 1).map(({ arm }) => arm)).toEqual(
      JSON.parse(JSON.stringify(single.arms)),
    );
    await expect(sweep({ vary: { 'nic.mut': [1500] } })).rejects.toThrow(/unknown key nic\.mut/);
  });

  it('compare judges gates as their arithmetic says', async () => {
    const before = await run({ run: QUICK });
    const after = await run({ run: QUICK, traffic: { direction: 'rx' } });
    const rateOf = ({ arms }: RunDocument) =>
      arms.find(({ id }) => id === 'single-userspace')?.rateBytesPerSec ?? 0;
    const percent = 100 * (rateOf(after) / rateOf(before) - 1);
    const verdicts = compare(before, after, {
      gates: [Math.floor(percent), Math.ceil(percent)].map((bound) => {
        return `single-userspace.rateBytesPerSec>=${bound < 0 ? '' : '+'}${bound}%`;
      }),
    }).gates.map(({ verdict }) => verdict);
    expect(verdicts).toEqual(['passed', 'failed']);
    expect(compare(null, after, { gates: ['direct.hostFaults==0'] }).gates[0]?.verdict).toBe('passed');
  });
});

describe('the examples', () => {
  const folder = new URL('docs/examples/', ROOT);

  it.each(readdirSync(folder))('%s runs and prints', (name) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL(name, folder))], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').length).toBeGreaterThan(3);
    expect(stdout).not.toMatch(/undefined|NaN|\[object/);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { withoutComments } from '../json-comments.js';
import { scenarioKeys } from '../scenario/scenario-keys.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const LOG = fileURLToPath(new URL('../../results/traces/e1000-64k.log.gz', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tcebench-init-'));
afterAll(() => rmSync(folder, { recursive: true }));

function tcebench(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', cwd: folder });
}

const written = (name: string) =>
  JSON.parse(withoutComments(readFileSync(join(folder, name), 'utf8'))) as Record<string, object>;

describe('init', () => {
  it('writes the scenario of the claim, which runs as the preset does', () => {
    const { status, stdout, stderr } = tcebench('init');
    expect([status, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/guest\.multiTce.*\n.*tcebench run scenario\.json/s);
    const quick = ['--json', '--set', 'run.bytes=1MB', '--set', 'run.draws=20'];
    expect(tcebench('run', 'scenario.json', ...quick).stdout).toBe(tcebench('run', ...quick).stdout);
  });

  it('says of every key what it means, and of the keys that are not there too', () => {
    const text = tcebench('init', '-').stdout;
    for (const { key, meaning } of scenarioKeys().filter(({ key }) => !key.startsWith('cost.'))) {
      const name = key.split('.').at(-1);
      expect(text).toContain(`"${name}": `);
      expect([key, meaning.length > 2]).toEqual([key, true]);
    }
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.includes('"segmentsPerAck"'));
    expect(lines[at - 1]).toBe(
      '    // data segments that an ACK covers, in the mean; 0: all ACKs ride on data',
    );
    expect(lines.filter((line) => line.length > 110)).toEqual([]);
    const plain = tcebench('init', '-', '--no-comments').stdout;
    expect(JSON.parse(plain)).toEqual(JSON.parse(withoutComments(text)));
  });

  it('never writes over a file without --force', () => {
    tcebench('init', 'mine.json');
    const again = tcebench('init', 'mine.json');
    expect([again.status, again.stderr]).toEqual([
      2,
      expect.stringMatching(/mine\.json is there already.*--force/),
    ]);
    expect(tcebench('init', 'mine.json', '--force').status).toBe(0);
  });

  it('to stdout writes the same and no file', () => {
    tcebench('init', 'file.json');
    expect(JSON.parse(withoutComments(tcebench('init', '-').stdout))).toEqual(written('file.json'));
  });

  it('--from-log writes what the log shows, says why, and what it does not show', () => {
    const { status, stderr } = tcebench('init', 'rx.json', '--from-log', LOG, '--phase', 'bulk-rx');
    expect(status).toBe(0);
    expect(written('rx.json')).toMatchObject({
      traffic: { direction: 'rx' },
      guest: { pageSize: 65536, multiTce: true, window: { start: 0, bytes: 2 ** 30, pageShift: 12 } },
    });
    expect(stderr).toMatch(/^guest\.multiTce = true: the log has 7988 H_PUT_TCE_INDIRECT/m);
    expect(stderr).toMatch(/^nic\.profile is left at its default: .+/m);
    expect(tcebench('run', 'rx.json', '--set', 'run.bytes=1MB', '--set', 'run.draws=20').status).toBe(0);
  });

  it('--card-from writes a card that runs as the one it was taken from, under its own name', () => {
    const { status, stderr } = tcebench('init', 'my-card.json', '--card-from', 'e1000');
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(/tcebench run --set nic\.profile=my-card\.json/),
    ]);
    expect(written('my-card.json')).toMatchObject({ id: 'my-card' });
    const quick = ['--json', '--set', 'run.bytes=1MB', '--set', 'run.draws=20'];
    const arms = (card: string) =>
      JSON.parse(tcebench('run', ...quick, '--set', `nic.profile=${card}`).stdout).arms;
    expect(arms('my-card.json')).toEqual(arms('e1000'));
    expect(tcebench('init', 'both.json', '--card-from', 'e1000', '--card', 'e1000').status).toBe(2);
  });

  it('--card names the card, so that two commands lead from a log to its calls', () => {
    const { status, stderr } = tcebench('init', 'tx.json', '--from-log', LOG, '--card', 'e1000');
    expect([status, written('tx.json')]).toMatchObject([0, { nic: { profile: 'e1000' } }]);
    expect(stderr).toMatch(/^nic\.profile = e1000: --card$/m);
    expect(stderr).not.toMatch(/nic\.profile is left/);
    const run = tcebench('run', 'tx.json', '--json', '--set', 'run.bytes=1MB', '--set', 'run.draws=20');
    expect(run.status).toBe(0);
    const unknown = tcebench('init', 'no.json', '--from-log', LOG, '--card', 'e100');
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      expect.stringMatching(/--card: nic\.profile "e100" is unknown, .*; did you mean e1000\?/),
    ]);
    // The card's own shape of a send where none is named: pcnet32 has no TSO.
    expect(tcebench('init', 'linear.json', '--card', 'pcnet32').status).toBe(0);
    expect(written('linear.json')).toMatchObject({ nic: { offload: 'linear' } });
  });

  it('refuses a phase without a log, a phase that is not there and a log that is not there', () => {
    for (const args of [
      ['--phase', 'x'],
      ['--from-log', LOG, '--phase', 'x'],
      ['--from-log', 'absent.log'],
    ]) {
      const { status, stdout, stderr } = tcebench('init', 'no.json', ...args);
      expect([status, stdout, stderr.split('\n').length]).toEqual([2, '', 2]);
    }
  });
});

import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { mutationsOf } from './mutations.test-helper.js';
import { CARDS, COSTS, LOGS, SCENARIO_VECTORS, SCENARIOS, TRACES } from './seeds.test-helper.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
/** Damaged inputs for each command. */
const PROCESSES = Number(process.env.TCEBENCH_FUZZ_PROCESSES ?? 12);
const SEED = 21;
/** Generous: only a hang takes so long. */
const DEADLINE_MS = 120_000;

const folder = mkdtempSync(join(tmpdir(), 'tcebench-processes-'));
const temporary = join(folder, 'tmp');
mkdirSync(temporary);
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly status: number | null;
  readonly stderr: string;
}

/** Runs the built command in the folder, with a folder for temporary files that must be empty afterwards. */
function tcebench(...args: readonly string[]): Promise<Outcome> {
  const env = { ...process.env, TMPDIR: temporary, NO_COLOR: '1', FORCE_COLOR: undefined };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      ...{ cwd: folder, env, timeout: DEADLINE_MS },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on('close', (status) => resolve({ status, stderr }));
  });
}

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const SMALL = ['run.bytes=1MB', 'run.warmup=0', 'run.draws=20', 'guest.vcpus=1', 'guest.ramBytes=1GiB'];
const set = (...settings: readonly string[]) => settings.flatMap((setting) => ['--set', setting]);
const quick = set(
  ...SMALL,
  'guest.bootClear=false',
  'host.path=real',
  'guest.multiTce=true',
  'guest.ddw=false',
);

describe('a damaged input of a command', () => {
  it.each([
    ['replay', LOGS, (name: string) => ['replay', file('x.log', name), '--draws', '20', '--out', 'out']],
    ['conform', SCENARIO_VECTORS, (text: string) => ['conform', file('x.jsonl', text), '--out', 'out']],
    ['run', SCENARIOS, (text: string) => ['run', file('x.json', text), ...quick, '--out', 'out']],
    [
      'run with a card',
      CARDS,
      (text: string) => ['run', ...set(`nic.profile=${file('c.json', text)}`), ...quick],
    ],
    [
      'run with costs',
      COSTS,
      (text: string) => ['run', ...set(`host.cost=${file('p.json', text)}`), ...quick],
    ],
    ['init from a log', LOGS, (text: string) => ['init', '--from-log', file('x.log', text), '-']],
    ['init from a trace', TRACES, (text: string) => ['init', '--cost-from', file('x.txt', text), '-']],
  ])(
    'ends with one of our codes, one line for each error, and leaves nothing half-done: %s',
    async (_, seeds, args) => {
      const inputs = fc.sample(mutationsOf(seeds), { seed: SEED, numRuns: PROCESSES });
      for (const input of inputs) {
        const { status, stderr } = await tcebench(...args(input as never));
        const shown = `${status}: ${stderr.slice(0, 500)} for ${JSON.stringify(input.toString('latin1').slice(0, 500))}`;
        expect([0, 1, 2, 3, 4], shown).toContain(status);
        if (status !== 0 && status !== 1) {
          const errors = stderr
            .split('\n')
            .filter((line) => line.startsWith('tcebench: ') && !/^tcebench: warning/.test(line));
          expect(errors, shown).toHaveLength(1);
          expect(readdirSync(folder), shown).not.toContain('out');
        }
        expect(stderr, shown).not.toMatch(/\n {4}at /);
        expect(readdirSync(temporary), shown).toEqual([]);
        rmSync(join(folder, 'out'), { recursive: true, force: true });
      }
    },
    PROCESSES * DEADLINE_MS,
  );
});

/** A gzip file of so many times one MiB; each member inflates to some of it. */
function bomb(mebibytes: number, text: string): Buffer {
  const mebibyte = Buffer.from(text.repeat(Math.ceil(2 ** 20 / text.length)));
  const member = gzipSync(mebibyte, { level: constants.Z_BEST_COMPRESSION });
  return Buffer.concat(Array.from({ length: mebibytes }, () => member));
}

const FOREIGN = 'a';
const PUT = '1@1.000001:spapr_iommu_put liobn=0x80000000 ioba=0x1000 tce=0x1003 ret=0\n';

describe('a small file that inflates to a large one', () => {
  it.each([
    ['a log of one line', ['replay'], FOREIGN, /no spapr_iommu event/],
    ['a scenario', ['conform'], FOREIGN, /holds more than 64 MiB of text/],
    ['a trace', ['init', '--cost-from'], FOREIGN, /holds more than 256 MiB of text/],
  ])('is refused within bounds: %s', async (_, command, text, expected) => {
    const { status, stderr } = await tcebench(
      ...command,
      file('bomb.gz', bomb(600, text)),
      ...(command[1] ? ['-'] : []),
    );
    expect(stderr).toMatch(expected);
    expect(status).toBe(2);
  });

  it('is read line by line where it is a log', async () => {
    const { status, stderr } = await tcebench('replay', file('calls.gz', bomb(50, PUT)), '--draws', '20');
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});

describe('a name inside a document', () => {
  const named = (key: string, name: string) => ['run', ...set(`${key}=${name}`), ...quick];

  it.each([
    ['a device as a card', () => named('nic.profile', link('card.json', '/dev/zero')), /no regular file/],
    ['a device as costs', () => named('host.cost', link('costs.json', '/dev/zero')), /no regular file/],
    ['a device as a capture', () => named('traffic.pcap', '/dev/zero'), /no regular file/],
    ['a file that is no card', () => named('nic.profile', '/etc/passwd'), /is unknown/],
    ['a file that is no capture', () => named('traffic.pcap', '../../../../etc/passwd'), /passwd/],
    ['a device as a scenario', () => ['run', '/dev/zero'], /holds more than 64 MiB|8 MiB/],
    ['a device as a log', () => ['replay', '/dev/zero'], /holds more than 64 MiB/],
    [
      'a window of 2^62 bytes',
      () => named('guest.window.bytes', '4611686018427387904'),
      /guest\.window\.bytes/,
    ],
    ['a payload of 2^62 bytes', () => ['run', ...set('run.bytes=4611686018427387904')], /run\.bytes/],
    ['two million draws', () => ['run', ...set('run.draws=2000000')], /run\.draws/],
    ['two million connections', () => named('traffic.flows', '2000000'), /traffic\.flows/],
  ])('cannot make a command wait or grow: %s', async (_, args, expected) => {
    const { status, stderr } = await tcebench(...args());
    expect(stderr).toMatch(expected);
    expect(status).toBe(2);
  });

  it('may be a link to what is meant', async () => {
    file('real.json', CARDS[0] as string);
    const { status } = await tcebench(...named('nic.profile', link('link.json', join(folder, 'real.json'))));
    expect(status).toBe(0);
  });

  it('has no say where results go', async () => {
    const scenario = { ...JSON.parse(SCENARIOS[0] as string), name: '../../evil' };
    const { status } = await tcebench(
      'run',
      file('evil.json', JSON.stringify(scenario)),
      '--out',
      'evil-out',
    );
    expect(status).toBe(2);
    expect(readdirSync(folder)).not.toContain('evil-out');
  });

  it('is written through where the result is a link', async () => {
    file('target.csv', '');
    link('result.csv', join(folder, 'target.csv'));
    const { status } = await tcebench('run', ...quick, '--csv', 'result.csv');
    expect(status).toBe(0);
    expect(readFileSync(join(folder, 'target.csv'), 'utf8')).toContain('rate_bytes_per_sec');
  });
});

function link(name: string, target: string): string {
  rmSync(join(folder, name), { force: true });
  symlinkSync(target, join(folder, name));
  return name;
}

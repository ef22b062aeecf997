import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { RaceReplayDocument, RacesDocument } from '../result/races-document.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

function races(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, 'races', ...args], { encoding: 'utf8' });
}

/** The schedules that the text names, as arguments. */
function replays(text: string): string[][] {
  return [...text.matchAll(/: tcebench races (.*)/g)].map(([, args = '']) => args.split(' '));
}

describe('races', () => {
  it('gives exit 0 and a line for each check where everything is as expected', () => {
    const { status, stdout, stderr } = races('R1', 'R3', '--revision', 'v3');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/v3 +hostFault +\d+ +\d+ +found +found +\d+ +\d+\n/);
    expect(stdout).toMatch(/v3 +both +\d+ +\d+ +not found +not found\n/);
    expect(stdout).toMatch(/\n4 results of 2 races: every one is as expected by reading\n$/);
  });

  it('prints commands that replay what it found, each with exit 0', () => {
    const commands = replays(races('R1', '--revision', 'v3').stdout);
    expect(commands).toHaveLength(2);
    const shown = commands.map((args) => {
      const { status, stdout } = races(...args);
      expect(status).toBe(0);
      return /\nshown: (.*)\n/.exec(stdout)?.[1];
    });
    expect(shown).toEqual([
      'an unchecked address reaches the exchange and stops the host',
      'the guest view tells another page than hardware maps',
    ]);
  });

  it('prints one document with --json, and one schedule as another', () => {
    const document: RacesDocument = JSON.parse(races('R1', '--revision', 'v3', '--json').stdout);
    expect(document).toMatchObject({ schema: 'tcebench.races/1', differences: 0, undecided: 0 });
    const [row] = document.races[0]?.rows ?? [];
    expect(row).toMatchObject({ revision: 'v3', check: 'hostFault', verdict: 'found', expected: 'found' });
    const schedule = row?.schedule?.join(',') ?? '';
    expect(row?.replay).toBe(`tcebench races R1 --revision v3 --schedule ${schedule}`);
    const replayed = races('R1', '--revision', 'v3', '--schedule', schedule, '--json');
    const replay: RaceReplayDocument = JSON.parse(replayed.stdout);
    expect(replay.steps.map(({ actor }) => actor)).toEqual(
      row?.schedule?.map((actor) => ['vCPU 0', 'guest'][actor]),
    );
    expect(replay.actors[0]?.result).toBe('hostFault');
  });

  it('tells each step in order: actor, place, what, with its result', () => {
    const { stdout } = races('R3', '--revision', 'v3', '--schedule', '0,1,1,0');
    const steps = stdout.split('\n').filter((line) => /^ *\d+ {2}(vCPU|VFIO)/.test(line));
    expect(steps.map((line) => line.trim().replace(/ {2,}/g, ' | '))).toEqual([
      '1 | vCPU 0 | real mode | mm_iommu_lookup 0x200000003000 (B): region 1',
      '2 | VFIO ioctl | mm_iommu_put region 1: mapped 1 -> 0',
      '3 | VFIO ioctl | unlink region 1',
      '4 | vCPU 0 | real mode | mapped_inc region 1: refused, it is being removed',
    ]);
    expect(stdout).toContain('\nvCPU 0: H_HARDWARE\nVFIO ioctl: 0\n');
    expect(stdout).toContain('\nregion 1: mapped 0, no longer registered\n');
  });

  it('gives exit 3 where its budget ends the search', () => {
    const { status, stdout } = races('R3', '--revision', 'v3', '--max-states', '5');
    expect(status).toBe(3);
    expect(stdout).toContain('not exhaustive: budget of 5 states reached');
    expect(stdout).toMatch(/every other one is as expected by reading, 2 undecided\n$/);
  });

  it.each([
    [['R9'], /^tcebench: race R9 is unknown; .+\n$/],
    [['R1', '--revision', 'v9'], /^tcebench: --revision v9 is unknown; .+\n$/],
    [['R1', '--schedule', '0'], /^tcebench: --schedule belongs to one race and one --revision; name both\n$/],
    [['R1', 'R2', '--revision', 'v3', '--schedule', '0'], /^tcebench: --schedule belongs to one race/],
    [
      ['R1', '--revision', 'v3', '--schedule', '0,,1'],
      /^tcebench: --schedule 0,,1 is no list of actors; .+\n$/,
    ],
    [['R1', '--revision', 'v3', '--schedule', '0,5'], /^tcebench: --schedule names actor 5 in step 2, .+\n$/],
    [
      ['R1', '--revision', 'v3', '--schedule', '1,1,1'],
      /^tcebench: --schedule lets actor 1 \(guest\) do step 3, .+\n$/,
    ],
    [['R1', '--revision', 'v3', '--schedule', '0,1'], /^tcebench: --schedule ends after 2 steps, .+\n$/],
    [
      ['R7', '--revision', 'v5.19', '--schedule', '0'],
      /^tcebench: R7 has no schedule in revision v5.19: .+\n$/,
    ],
    [['--max-states', '0'], /^tcebench: --max-states 0 .+\n$/],
  ])('refuses %j with exit 2 and one sentence', (args, message) => {
    const { status, stdout, stderr } = races(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

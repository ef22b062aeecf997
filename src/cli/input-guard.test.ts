import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const PUT = '1@1.000000:spapr_iommu_put liobn=0x80000000 ioba=0x0 tce=0x1003 ret=0\n';
const SCENARIO = '{"run": {"bytes": "1MB", "draws": 20}, "host": {"path": "real"}}';
/** Magic and header of a capture of Ethernet frames, and one frame of 60 bytes. */
const PCAP = Buffer.concat([
  Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex'),
  Buffer.from('00000000000000003c0000003c000000', 'hex'),
  Buffer.alloc(60),
]);

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'tcebench-inputs-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

function tcebench(words: readonly string[], stdin: 'ignore' | number = 'ignore') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    encoding: 'utf8',
    cwd: folder,
    stdio: [stdin, 'pipe', 'pipe'],
  });
  return { status, stdout, stderr };
}

/** Every file of the folder with its bytes. */
function contents(): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
  return Object.fromEntries(names.map(({ name }) => [name, readFileSync(at(name)).toString('latin1')]));
}

beforeAll(() => {
  for (const name of ['in.json', 'solve.json', 'explain.json', 'sensitivity.json', 'measured.json']) {
    writeFileSync(at(name), SCENARIO);
  }
  writeFileSync(at('pcap'), PCAP);
  writeFileSync(at('m.log'), PUT);
  writeFileSync(at('m.log.gz'), gzipSync(PUT));
  writeFileSync(at('m.phases.tsv'), 'phase\tline_from\tline_to\tpayload_bytes\nboot\t1\t1\t0\n');
  symlinkSync(at('in.json'), at('link.json'));
  linkSync(at('m.log'), at('hard.log'));
  const made = [
    tcebench(['init', '--card-from', 'e1000', 'card.json']),
    tcebench(['run', 'in.json', '--out', 'results']),
  ];
  expect(made.map(({ status }) => status)).toEqual([0, 0]);
  for (const suffix of ['.json', '-raw.csv', '.provenance.json']) {
    writeFileSync(at(`a${suffix}`), readFileSync(join(folder, 'results', `in${suffix}`)));
  }
  writeFileSync(at('b.json'), readFileSync(at('a.json')));
  writeFileSync(at('compare.json'), readFileSync(at('a.json')));
  const costs = { id: 'costs', base: 'zero', constants: {} };
  writeFileSync(at('costs.json'), JSON.stringify(costs));
  expect(
    tcebench(['sweep', 'in.json', '--vary', 'nic.mtu=1500', '--plan', '--out', 'plan.json']).status,
  ).toBe(0);
});

const SOLVE = ['--target', '220MB/s', '--for', 'exitToUserspaceNs'];
const VARY = ['--vary', 'nic.mtu=1500'];

describe('an output that is an input is refused with exit 2, and every input keeps its bytes', () => {
  it.each<[target: string, words: readonly string[]]>([
    ['in.json', ['run', 'in.json', '--csv', 'in.json']],
    ['in.json', ['run', 'in.json', '--csv-raw', 'in.json']],
    ['./in.json', ['run', 'in.json', '--svg', './in.json']],
    ['link.json', ['run', 'in.json', '--csv', 'link.json']],
    ['in.json', ['run', 'link.json', '--csv', 'in.json']],
    ['in.json', ['run', 'in.json', '--record', 'in.json']],
    ['in.json', ['run', 'in.json', '--out', '.']],
    ['card.json', ['run', '--set', 'nic.profile=card.json', '--csv', 'card.json']],
    ['costs.json', ['run', '--set', 'host.cost=costs.json', '--csv', 'costs.json']],
    ['pcap', ['run', '--set', 'traffic.pcap=pcap', '--csv', 'pcap']],
    ['m.log.gz', ['replay', 'm.log.gz', '--csv', 'm.log.gz']],
    ['m.phases.tsv', ['replay', 'm.log.gz', '--csv', 'm.phases.tsv']],
    ['costs.json', ['replay', 'm.log', '--cost', 'costs.json', '--csv', 'costs.json']],
    ['./m.log', ['replay', 'm.log', '--record', './m.log']],
    ['hard.log', ['replay', 'm.log', '--record', 'hard.log']],
    ['m.phases.tsv', ['replay', 'm.log.gz', '--record', 'm']],
    ['measured.json', ['measure', '--scenario', 'measured.json', '--out', '.']],
    ['a.json', ['compare', 'a.json', 'b.json', '--csv', 'a.json']],
    ['a-raw.csv', ['compare', 'a.json', 'b.json', '--csv', 'a-raw.csv']],
    ['compare.json', ['compare', 'compare.json', 'b.json', '--out', '.']],
    ['a.json', ['report', 'a.json', '--html', 'a.json']],
    ['a.provenance.json', ['report', 'a.json', '--html', 'a.provenance.json']],
    ['in.json', ['sensitivity', 'in.json', '--csv', 'in.json']],
    ['in.json', ['sensitivity', 'in.json', '--svg', 'in.json']],
    ['sensitivity.json', ['sensitivity', 'sensitivity.json', '--out', '.']],
    ['solve.json', ['solve', 'solve.json', ...SOLVE, '--out', '.']],
    ['explain.json', ['explain', 'explain.json', '--out', '.']],
    ['explain.json', ['explain', 'explain.json', '--revisions', 'v3,v4.12', '--out', '.']],
    ['in.json', ['sweep', 'in.json', ...VARY, '--csv', 'in.json']],
    ['in.json', ['sweep', 'in.json', ...VARY, '--out', '.']],
    ['in.json', ['sweep', 'in.json', ...VARY, '--plan', '--out', 'in.json']],
    ['plan.json', ['sweep', 'plan.json', '--csv', 'plan.json']],
    ['card.json', ['sweep', '--set', 'nic.profile=card.json', ...VARY, '--csv', 'card.json']],
    ['card.json', ['init', '--card', 'card.json', 'card.json', '--force']],
    ['card.json', ['init', '--card-from', 'card.json', 'card.json']],
    ['m.log', ['init', '--from-log', 'm.log', 'm.log', '--force']],
    ['m.phases.tsv', ['init', '--from-log', 'm.log', 'm.phases.tsv', '--force']],
    ['in.json', ['init', '--cost-from', 'in.json', 'in.json', '--force']],
  ])('%s: %j', (target, words) => {
    const before = contents();
    expect(tcebench(words)).toEqual({
      status: 2,
      stdout: '',
      stderr: `tcebench: ${target} is an input of this command and would be overwritten; name another file\n`,
    });
    expect(contents()).toEqual(before);
    expect(existsSync(at('jobs'))).toBe(false);
  });

  it('at the latest before any file is written, where only the result names them', () => {
    mkdirSync(at('charts'));
    symlinkSync(at('a.json'), join(folder, 'charts', 'a-rungs.svg'));
    const before = contents();
    const { status, stderr } = tcebench(['report', 'a.json', '--svg', 'charts']);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^tcebench: charts.a-rungs\.svg is an input/),
    ]);
    expect(contents()).toEqual(before);
    expect(readdirSync(at('charts'))).toEqual(['a-rungs.svg']);
  });

  it('also where the input is a file that comes on stdin', () => {
    const before = contents();
    const stdin = openSync(at('in.json'), 'r');
    const { status, stderr } = tcebench(['run', '-', '--csv', 'in.json'], stdin);
    closeSync(stdin);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^tcebench: in\.json is an input/)]);
    expect(contents()).toEqual(before);
  });

  it('but a file that no command has read may be written over, and so may a device', () => {
    writeFileSync(at('old.csv'), 'old');
    expect(tcebench(['run', 'in.json', '--csv', 'old.csv', '--svg', '/dev/null']).status).toBe(0);
    expect(readFileSync(at('old.csv'), 'utf8')).toMatch(/^clock,/);
    expect(tcebench(['run', 'in.json', '--out', 'results']).status).toBe(0);
  });
});

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tcebench-conform-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function conform(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, 'conform', ...args], { encoding: 'utf8', cwd: folder });
}

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const CONFIG = { op: 'config', format: 1, kernel: 'v3-patch', hostPageShift: 16 };
const WINDOW = { liobn: '0x80000001', pageShift: 12, offset: '0x0', size: '0x10' };
const CREATE = { op: 'createTable', ...WINDOW, expect: { ret: 0, size: '0x10' } };
const put = (ret: number, ioba = '0x1000') => ({
  ...{ op: 'hcall', name: 'H_PUT_TCE', mode: 'real', liobn: '0x80000001', ioba, tce: '0x5003' },
  expect: { ret },
});
const lines = (...records: readonly object[]) =>
  `${records.map((record) => JSON.stringify(record)).join('\n')}\n`;

const GOOD = lines(CONFIG, CREATE, put(0), put(-4, '0x1001'));
const BAD = lines(CONFIG, { op: 'note', text: 'wrong on purpose' }, CREATE, put(-4), put(0, '0x10000'));

describe('conform', () => {
  it('gives exit 0 and a table where every outcome is equal, plain or gzip', () => {
    const { status, stdout, stderr } = conform(file('good.jsonl', GOOD), file('g.gz', gzipSync(GOOD)));
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/good\.jsonl +v3-patch +v3 +3 +0\n/);
    expect(stdout).toMatch(/g\.gz +v3-patch +v3 +3 +0\n/);
    expect(stdout.trim().split('\n').at(-1)).toMatch(/^6 operations of 2 files: every outcome/);
  });

  it('gives exit 1 and each mismatch with file, line, operation, expected and actual', () => {
    const { status, stdout } = conform(file('good.jsonl', GOOD), file('bad.jsonl', BAD));
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /bad\.jsonl:4 hcall, ret\n +expected -4\n +actual +0\n +afterwards\n(.*\n)* +> entry 0x1: guest view 0x5003;/,
    );
    expect(stdout).toMatch(/bad\.jsonl:5 hcall, ret\n +expected 0\n +actual +-4\n/);
    expect(stdout).toMatch(/6 operations of 2 files: 2 outcomes are not/);
  });

  it('gives exit 3 where there is no operation to check', () => {
    const { status, stdout, stderr } = conform(file('none.jsonl', lines(CONFIG)));
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^tcebench: no operation in none\.jsonl.*\n$/);
  });

  it('runs another revision and shows where it differs from the outcomes', () => {
    const poison = { ...put(-4), tce: '0x5004' };
    const path = file('poison.jsonl', lines(CONFIG, CREATE, poison));
    expect(conform(path).status).toBe(0);
    const { status, stdout } = conform(path, '--revision', 'v4.12');
    expect(status).toBe(1);
    expect(stdout).toMatch(/poison\.jsonl +v3-patch +v4\.12 +2 +2\n/);
    const unknown = conform(path, '--revision', 'v4.13');
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toMatch(/--revision v4\.13.*v4\.12/);
  });

  it('says where the host would have crashed', () => {
    const create = { ...CREATE, expect: { ret: 0, size: '0x2000' } };
    const stuff = { name: 'H_STUFF_TCE', tceValue: '0x0', npages: '0x2', ioba: '0x1fff000' };
    const { tce: _, ...call } = put(0);
    const text = lines({ ...CONFIG, kernel: 'v4.12' }, create, { ...call, ...stuff });
    const { status, stdout } = conform(file('over.jsonl', text));
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /over\.jsonl:3 hcall\n +expected \{"ret":0\}\n +actual +a crash of the host: .*8192/,
    );
  });

  it('prints one JSON document with the fields of the contract', () => {
    const { status, stdout } = conform('--json', file('bad.jsonl', BAD), file('good.jsonl', GOOD));
    expect(status).toBe(1);
    const view = (index: number) => ({
      entry: `0x${index}`,
      guestView: index === 1 ? '0x5003' : '0x0',
      tables: [],
    });
    const state = { entry: '0x1', pageShift: 12, entries: [0, 1, 2, 3].map(view), regions: [] };
    const outside = { ...state, entry: null, entries: [] };
    expect(JSON.parse(stdout)).toEqual({
      files: 2,
      operations: 6,
      mismatches: 2,
      firstMismatches: [
        { file: 'bad.jsonl', line: 4, op: 'hcall', expected: { ret: -4 }, actual: { ret: 0 }, state },
        {
          file: 'bad.jsonl',
          line: 5,
          op: 'hcall',
          expected: { ret: 0 },
          actual: { ret: -4 },
          state: outside,
        },
      ],
      truncated: false,
      perFile: [
        {
          file: 'bad.jsonl',
          kernel: 'v3-patch',
          revision: 'v3',
          operations: 3,
          mismatches: 2,
          truncated: false,
        },
        {
          file: 'good.jsonl',
          kernel: 'v3-patch',
          revision: 'v3',
          operations: 3,
          mismatches: 0,
          truncated: false,
        },
      ],
    });
  });

  it('reads stdin once and writes the document to a folder, with its provenance', () => {
    const args = ['conform', '-', '--json', '--no-progress', '--out', 'written'];
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
      encoding: 'utf8',
      cwd: folder,
      input: GOOD,
    });
    expect(status).toBe(0);
    expect(stderr).toMatch(/conform\.json/);
    expect(JSON.parse(stdout).perFile[0].file).toBe('-');
    const out = join(folder, 'written');
    expect(readdirSync(out).sort()).toEqual(['conform.json', 'conform.provenance.json']);
    expect(readFileSync(join(out, 'conform.json'), 'utf8')).toBe(stdout);
    expect(conform('-', '-').status).toBe(2);
  });

  it('counts every mismatch and shows the first ones', () => {
    const many = lines(CONFIG, CREATE, ...Array.from({ length: 50 }, () => put(9999)));
    const document = JSON.parse(conform('--json', file('many.jsonl', many)).stdout);
    expect(document.mismatches).toBe(50);
    expect(document.firstMismatches.map(({ line }: { line: number }) => line)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 3),
    );
  });

  it.each([
    ['a plain file', 'cut.jsonl', Buffer.from(GOOD.slice(0, -20))],
    ['a gzip file of one', 'cut.gz', gzipSync(GOOD.slice(0, -20))],
  ])('uses %s that is cut in its last record up to there, with a warning', (_, name, content) => {
    const { status, stdout, stderr } = conform('--json', file(name, content));
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ operations: 2, mismatches: 0, truncated: true });
    expect(stderr).toMatch(new RegExp(`^tcebench: warning: ${name} is cut`));
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('uses a gzip file that stops before its end up to its last whole record', () => {
    const puts = Array.from({ length: 400 }, (_, i) => put(0, `0x${((i % 15) + 1).toString(16)}000`));
    const bytes = gzipSync(lines(CONFIG, CREATE, ...puts));
    const { stdout, stderr } = conform('--json', file('stops.gz', bytes.subarray(0, bytes.length - 12)));
    expect(stderr).toMatch(/stops\.gz is cut/);
    const { operations, truncated } = JSON.parse(stdout);
    expect(truncated).toBe(true);
    expect(operations).toBeGreaterThan(1);
  });
});

describe('a malformed scenario gives exit 2 and one sentence with its place', () => {
  const text = (...records: readonly object[]) => lines(CONFIG, ...records, put(0));
  const corrupt = () => gzipSync(BAD.repeat(50)).fill(0x55, 30, 60);
  const cases: [string, string | Buffer, RegExp][] = [
    [
      'an unknown operation',
      text({ op: 'memslots' }),
      /x\.jsonl:2: unknown op memslots; did you mean memslot/,
    ],
    ['an upper-case number', text({ op: 'memslotDel', gpa: '0xA0' }), /x\.jsonl:2: gpa must be/],
    ['a missing field', text({ op: 'groupAdd' }), /x\.jsonl:2: group must be .* not absent/],
    ['65 bits', text({ ...put(0), tce: '0x10000000000000000' }), /x\.jsonl:2: tce must be/],
    ['a record cut in the middle', text().replace('\n', '\n{"op":"hca\n'), /x\.jsonl:2: no JSON/],
    ['something else at the end', `${text()}hello`, /x\.jsonl:3: no JSON/],
    ['something else', 'hello\nworld\n', /x\.jsonl:1: no JSON/],
    ['nothing', '', /x\.jsonl: no config/],
    ['no config', lines(CREATE), /x\.jsonl: no config/],
    ['an unknown kernel', lines({ ...CONFIG, kernel: 'v3-path' }), /v3-path; did you mean v3-patch/],
    ['a corrupt gzip', corrupt(), /x\.jsonl.*gzip/],
  ];

  it.each(cases)('%s', (_, content, expected) => {
    const files = [file('good.jsonl', GOOD), file('x.jsonl', content)];
    const { status, stdout, stderr } = conform(...files, '--out', 'absent');
    expect(existsSync(join(folder, 'absent'))).toBe(false);
    expect(stderr).toMatch(expected);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('a file that is not there', () => {
    const { status, stdout, stderr } = conform('absent.jsonl');
    expect(stderr).toMatch(/absent\.jsonl/);
    expect(status).toBe(2);
    expect(stdout).toBe('');
  });
});

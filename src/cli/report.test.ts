import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const REFERENCE = fileURLToPath(new URL('../../results/claim/', import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tcebench-report-'));
  for (const name of ['claim.json', 'claim.provenance.json', 'measured.json']) {
    cpSync(join(REFERENCE, name), join(folder, name));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function report(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, 'report', ...args], { encoding: 'utf8', cwd: folder });
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

describe('a document that cannot be shown', () => {
  const whole = () => readFileSync(join(folder, 'claim.json'), 'utf8');
  const cases: [string, () => string[], RegExp][] = [
    ['that is not there', () => ['absent.json'], /absent\.json/],
    ['that is a folder', () => ['.'], /cannot read \.: it is a folder/],
    ['cut in the middle', () => [file('cut.json', whole().slice(0, 9000))], /cut\.json.*cut/],
    ['that is a list', () => [file('list.json', '[]')], /list\.json holds no result/],
    ['without a schema', () => [file('no.json', '{"arms":[]}')], /no\.json is no result/],
    [
      'of an unknown kind',
      () => [file('kind.json', '{"schema":"tcebench.doctor/1"}')],
      /kind\.json.*doctor.*known: run/,
    ],
    ['of a later version', () => [file('v2.json', '{"schema":"tcebench.run/2"}')], /v2\.json.*version 2/],
    [
      'that lacks a field of its schema',
      () => [file('field.json', whole().replaceAll('"rateLow"', '"rate"'))],
      /field\.json.*arms\.0\.rateLow/,
    ],
    ['beside a good one', () => ['claim.json', file('bad.json', '{')], /bad\.json/],
    ['twice from stdin', () => ['-', '-'], /stdin/],
  ];

  it.each(cases)('gives exit 2 and one sentence, no file: %s', (_, args, expected) => {
    const { status, stdout, stderr } = report(...args(), '--html', 'out.html', '--svg', 'charts');
    expect(stderr).toMatch(expected);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(existsSync(join(folder, 'out.html')) || existsSync(join(folder, 'charts'))).toBe(false);
  });

  it('is nothing to write either where no target is named', () => {
    const { status, stderr } = report('claim.json');
    expect(status).toBe(2);
    expect(stderr).toMatch(/--html/);
  });
});

describe('report', () => {
  it('gives the committed page of the committed document, byte for byte', () => {
    const { status, stdout } = report('claim.json', '--no-provenance', '--html', '-');
    expect(status).toBe(0);
    expect(stdout === readFileSync(join(REFERENCE, 'claim.html'), 'utf8')).toBe(true);
  });

  it('joins documents, and puts what was measured last', () => {
    expect(report('measured.json', 'claim.json', '--html', 'both.html').status).toBe(0);
    const page = readFileSync(join(folder, 'both.html'), 'utf8');
    const [modelled, measured] = ['claim', 'measured'].map((id) => page.indexOf(`<section id="${id}"`));
    expect(modelled).toBeGreaterThan(0);
    expect(measured).toBeGreaterThan(modelled as number);
  });

  it('tells how to repeat a result from the provenance beside it, and whose that is', () => {
    const page = (...args: string[]) => report(...args, '--html', '-').stdout;
    expect(page('claim.json')).toMatch(/Repeat this:<\/p>\n<pre tabindex="0"><code>npm run bench<\/code>/);
    expect(page('measured.json')).toContain('There is no measured.provenance.json');
    file('other.json', `${readFileSync(join(folder, 'claim.json'), 'utf8')} `);
    cpSync(join(folder, 'claim.provenance.json'), join(folder, 'other.provenance.json'));
    expect(page('other.json')).toContain('its hash does not match');
  });

  it('writes every chart, as drawing and as pixels', () => {
    expect(report('claim.json', '--svg', 'charts', '--png', 'charts').status).toBe(0);
    const names = ['claim', 'frame-cost', 'hcall-times', 'rungs', 'throughput', 'waterfall'];
    expect(readdirSync(join(folder, 'charts')).sort()).toEqual(
      names.flatMap((name) => [`claim-${name}.png`, `claim-${name}.svg`]).sort(),
    );
    const chart = readFileSync(join(folder, 'charts', 'claim-throughput.svg'), 'utf8');
    expect(chart === readFileSync(join(REFERENCE, 'claim.svg'), 'utf8')).toBe(true);
  });
});

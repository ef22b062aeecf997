import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tcebench-messages-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string | Buffer) => writeFileSync(join(folder, name), text);
const constant = { low: 1, hihg: 2, unit: 'ns', origin: 'assumed', source: 'x' };
file('costs.json', JSON.stringify({ id: 'x', base: 'zero', constants: { exitToVirtualNs: constant } }));
file('no.json', '{\n  "nic": {\n    "mtu": 15x\n  }\n}');
file('empty.json', '');
file('latin1.json', Buffer.from([0x7b, 0x22, 0xe9, 0x22, 0x7d]));
file('utf16.json', Buffer.from('\uFEFF{}', 'utf16le'));
file('bare16.json', Buffer.from('{}', 'utf16le'));

const SOLVE = ['solve', '--for', 'exitToUserspaceNs'];
const SHARE = ['solve', '--for', 'bqlShare', '--target', '220MB/s'];

describe('a mistake is told in one sentence that says what, where and how to mend it', () => {
  it.each<[string, readonly string[], RegExp]>([
    [
      'a misspelt field of a cost profile',
      ['run', '--set', 'host.cost=costs.json'],
      /costs\.json: unknown key constants\.exitToVirtualNs\.hihg; did you mean high\? known: value, low, high/,
    ],
    ['bytes that are no UTF-8', ['run', 'latin1.json'], /: latin1\.json is no text in UTF-8; save it/],
    ['UTF-16 with its mark', ['run', 'utf16.json'], /: utf16\.json is no text in UTF-8/],
    ['UTF-16 without it', ['sweep', 'bare16.json', '--list-runs'], /: bare16\.json is no text in UTF-8/],
    ['a card in UTF-16', ['run', '--set', 'nic.profile=utf16.json'], /utf16\.json is no text in UTF-8/],
    ['a document in UTF-16', ['compare', 'utf16.json', 'no.json'], /: utf16\.json is no text in UTF-8/],
    ['a setting without a key', ['run', '--set', '=5'], /--set =5 has no key; write it as/],
    ['a setting without a value', ['run', '--set', 'nic.mtu'], /--set nic\.mtu has no value; write it as/],
    ['an axis without a key', ['sweep', '--vary', '=5'], /--vary =5 has no key; write it as/],
    ['two logs from stdin', ['replay', '-', '-'], /: two logs want stdin; name a file for one of them/],
    ['a shell without a script', ['completion', 'tcsh'], /for tcsh; known: bash, zsh, fish, powershell/],
    [
      'the beginning of a name',
      ['run', '--set', 'host.cost=power8'],
      /host\.cost "power8" is unknown; did you mean power8-2017\?/,
    ],
    [
      'an unknown value of an axis',
      ['sweep', '--vary', 'nic.offload=tsoo'],
      /nic\.offload has an unknown value "tsoo"; did you mean tso\? known: tso, swGso, linear, sendfile/,
    ],
    [
      'a capture from stdin',
      ['run', '--set', 'traffic.pcap=-'],
      /traffic\.pcap must be a file.*not from stdin/,
    ],
    [
      'a target without its unit',
      [...SOLVE, '--target', '120'],
      /below 1 kB\/s.*; write 120MB\/s or 120Mbit\/s/,
    ],
    ['a target of 0', [...SOLVE, '--target', '0'], /--target 0 is below 1 kB\/s.*; for example 220MB\/s/],
    [
      'a target in an unknown unit',
      [...SOLVE, '--target', '1Gb/s'],
      /"1Gb\/s" is not a rate like 220MB\/s or 1Gbit/,
    ],
    ['a share above 1', [...SHARE, '--range', '0..2'], /bqlShare is a share; a share is 1 at most/],
    ['an end that is no number', [...SHARE, '--range', '0..a'], /no number; write it as 0\.1\.\.0\.9/],
    ['half a range', [...SHARE, '--range', '..1'], /--range \.\.1 is no range; write it as 0\.1\.\.0\.9/],
    [
      'a list that is none',
      ['run', '--set', 'claim.fast=5'],
      /claim\.fast must be a list of the lowest and the high/,
    ],
    [
      'a group that is none',
      ['run', '--set', 'cost=5'],
      /cost must be an object with realModeHcallNs, .*, not 5/,
    ],
    ['an unknown kernel', ['explain', '--revisions', 'v3,v99'], /--revisions: "v99" is unknown; known: v3, /],
    ['an unknown preset', ['run', 'clam'], /neither a preset nor a file named clam; did you mean claim\?/],
    ['no JSON', ['run', 'no.json'], /no\.json is no JSON: .* at line 3, column 14; mend it there/],
    ['an empty scenario', ['run', 'empty.json'], /empty\.json is empty; write one JSON object into it/],
    ['an empty stdin', ['run', '-'], /stdin is empty; write one JSON object into it/],
    ['a folder', ['run', '.'], /cannot read \.: it is a folder; name a JSON file/],
    [
      'no result',
      ['report', 'none.json', '--html', 'x'],
      /cannot read none\.json: there is no such file; name a \.json/,
    ],
  ])('%s', (_, words, message) => {
    const { status, stdout, stderr } = spawnSync('node', [MAIN, ...words], {
      cwd: folder,
      encoding: 'utf8',
      input: '',
    });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^tcebench: [^\n]+\n$/);
  });

  it.each([
    ['120MB/s', 120e6],
    ['1Gbit/s', 125e6],
    ['120000000', 120e6],
  ])('a target of %s is a rate', (target, bytesPerSec) => {
    const { status, stdout } = spawnSync('node', [MAIN, ...SOLVE, '--target', target, '--json'], {
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ targetBytesPerSec: bytesPerSec });
  });

  it('a reader of stderr too that has seen enough is no gate that said no', () => {
    const pipe = `set -o pipefail; node '${MAIN}' solve --for exitToUserspaceNs --target 120MB/s --out o 2>&1 | true`;
    expect(spawnSync('bash', ['-c', pipe], { cwd: folder }).status).toBe(0);
  });
});

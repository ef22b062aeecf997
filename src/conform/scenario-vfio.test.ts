import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { REVISIONS } from '../path/revisions/revisions.js';
import { checkScenario } from './scenario-check.js';

const OWN = new URL('../../docs/scenarios/', import.meta.url);

const CONFIG = { op: 'config', format: 1, kernel: 'v3-patch', hostPageShift: 16 };
const WINDOW = { pageShift: 12, offset: '0x0', size: '0x10' };
const CONTAINER = { op: 'container', container: 0, tables: [{ table: 't', ...WINDOW }] };
const GROUP = { op: 'attachGroup', group: 0, container: 0, expect: { ret: 0 } };
const REGION = { container: 0, ua: '0x200000000000', size: '0x10000' };
const TABLE = { op: 'createTable', liobn: '0x1', ...WINDOW, expect: { ret: 0, size: '0x10' } };
const SET = { op: 'setSpaprTce', group: 0, liobn: '0x1', expect: { ret: 0 } };
const DEFAULT = { table: 'd', size: '0x100000' };

const check = (...records: readonly object[]) =>
  checkScenario(records.map((record) => JSON.stringify(record)).join('\n'), 'a.jsonl', REVISIONS);

describe('the scenarios in the documentation', () => {
  const files = readdirSync(OWN).filter((file) => file.endsWith('.jsonl'));

  it('are there', () => expect(files.length).toBeGreaterThanOrEqual(3));

  it.each(files)('%s gives what it says', (file) => {
    const report = checkScenario(readFileSync(new URL(file, OWN), 'utf8'), file, REVISIONS);
    expect([report.mismatches, report.truncated]).toEqual([[], false]);
  });
});

describe('a removal of a window that stands still', () => {
  const begun = [
    CONFIG,
    CONTAINER,
    GROUP,
    TABLE,
    { op: 'groupAdd', group: 0, expect: { ret: 0 } },
    { op: 'tceRemoveBegin', container: 0, start: '0x0', expect: { pending: true } },
  ];
  const END = { op: 'tceRemoveEnd', expect: { ret: 0 } };

  it('ends the table where nobody took a reference', () => {
    const none = { op: 'references', expect: { locked: 2, vm: 2, tables: [], groups: [[0, 1]] } };
    expect(check(...begun, END, none).mismatches).toEqual([]);
  });

  it('crashes the host where v3 took one in between', () => {
    const { mismatches } = check(...begun, SET, END);
    expect(mismatches.map(({ actual }) => actual)).toEqual([
      { hostFault: 'hardware table t is freed while a guest view follows it' },
    ]);
  });

  it('cannot be met by v4.12', () => {
    const [, ...rest] = begun;
    const config = { ...CONFIG, kernel: 'v4.12', hostPageShift: 16 };
    const view = { ...TABLE, expect: { ret: 0, size: '0x2000' } };
    const container = { ...CONTAINER, tables: [{ table: 't', ...WINDOW, size: '0x2000' }] };
    const records = rest.map((record) =>
      record === TABLE ? view : record === CONTAINER ? container : record,
    );
    expect(check(config, ...records, { ...SET, expect: { ret: -22 } }, END).mismatches).toEqual([]);
  });

  it('ends at once where there is none', () => {
    const begin = { op: 'tceRemoveBegin', container: 0, start: '0x10000' };
    const expected = { ...begin, expect: { pending: false, ret: -22 } };
    expect(check(CONFIG, CONTAINER, GROUP, expected).mismatches).toEqual([]);
    const unknown = { ...begin, container: 7, expect: { pending: false, ret: -9 } };
    expect(check(CONFIG, unknown).mismatches).toEqual([]);
  });

  it.each([
    ['another call to a container', { op: 'tceRemove', container: 0, start: '0x0' }],
    ['a group that leaves', { op: 'detachGroup', group: 0 }],
    ['a container that closes', { op: 'containerClose', container: 0 }],
  ])('leaves no place for %s', (_, record) => {
    expect(() => check(...begun, record)).toThrow(`a.jsonl:7: ${record.op} while the removal of a window`);
  });
});

describe('the KVM-VFIO device of a scenario', () => {
  it('is there from the start, is gone when it is closed, and can be made again', () => {
    const { mismatches } = check(
      CONFIG,
      { op: 'deviceCreate', expect: { ret: -16 } },
      { op: 'deviceClose', expect: { ret: 0 } },
      { op: 'deviceClose', expect: { ret: -9 } },
      { ...SET, expect: { ret: -9 } },
      { op: 'deviceCreate', expect: { ret: 0 } },
    );
    expect(mismatches).toEqual([]);
  });
});

describe('a container of a scenario', () => {
  it('that is closed is a bad file descriptor, and its number is free', () => {
    const operations = [
      { op: 'register', ...REGION },
      { op: 'tceCreate', container: 0, table: 'u', pageShift: 12, size: '0x10000' },
      { op: 'tceRemove', container: 0, start: '0x0' },
      { op: 'enable', container: 0 },
      { op: 'containerClose', container: 0 },
    ].map((record) => ({ ...record, expect: { ret: -9 } }));
    const close = { op: 'containerClose', container: 0, expect: { ret: 0 } };
    const again = { ...GROUP, container: 1 };
    const { mismatches } = check(CONFIG, CONTAINER, GROUP, close, ...operations, CONTAINER, {
      ...again,
      expect: { ret: -9 },
    });
    expect(mismatches).toEqual([]);
  });

  it('tells of a region that it cannot put, because another container still maps it', () => {
    const second = { op: 'container', container: 1, tables: [] };
    const { mismatches } = check(
      CONFIG,
      CONTAINER,
      second,
      { op: 'register', ...REGION, expect: { ret: 0 } },
      { op: 'register', ...REGION, container: 1, expect: { ret: 0 } },
      { op: 'vfioMap', ...REGION, iova: '0x0', size: '0x1000', read: true, write: true, expect: { ret: 0 } },
      { op: 'unregister', ...REGION, expect: { ret: 0 } },
      { op: 'containerClose', container: 1, expect: { ret: 0, regionsKept: 1 } },
      { op: 'containerClose', container: 0, expect: { ret: 0 } },
      { op: 'references', expect: { locked: 1, vm: 1, tables: [], groups: [] } },
    );
    expect(mismatches).toEqual([]);
  });

  it('has its groups from format 1 without a default window', () => {
    const { mismatches } = check(
      CONFIG,
      { op: 'container', container: 0, tables: [] },
      { op: 'group', group: 0, container: 0 },
      { op: 'register', ...REGION, expect: { ret: 0 } },
      { op: 'vfioMap', ...REGION, iova: '0x0', read: true, write: true, expect: { ret: -6 } },
    );
    expect(mismatches).toEqual([]);
  });
});

describe('a mistake in an operation of our own is told with its place', () => {
  it.each([
    ['an end without beginning', [{ op: 'tceRemoveEnd' }], 'a.jsonl:4: tceRemoveEnd without'],
    ['the wrong end', [{ op: 'unregisterEnd' }], 'a.jsonl:4: unregisterEnd without'],
    ['a limit in decimal', [{ op: 'lockLimit', size: 65536 }], 'a.jsonl:4: size must be'],
    [
      'a second default window',
      [{ ...GROUP, defaultWindow: DEFAULT }],
      'a.jsonl:4: a second default window of group 0',
    ],
    [
      'an unknown field of a default window',
      [{ ...GROUP, group: 1, defaultWindow: { ...DEFAULT, pageShift: 12 } }],
      'a.jsonl:4: defaultWindow: unknown field pageShift',
    ],
    [
      'a window without name',
      [{ op: 'tceCreate', container: 0, pageShift: 12, size: '0x10000' }],
      'a.jsonl:4: table must be',
    ],
    [
      'a page size that needs 64 bits',
      [{ op: 'tceCreate', container: 0, table: 'u', pageShift: 64, size: '0x10000' }],
      'a.jsonl:4: pageShift must be',
    ],
    [
      'a page size that no model has',
      [{ ...TABLE, pageShift: 40 }],
      'a.jsonl:4: a table with an IOMMU page shift of 40',
    ],
    [
      'a table of a container beyond the limit',
      [
        { op: 'lockLimit', size: '0x10000' },
        { ...CONTAINER, container: 1 },
      ],
      'a.jsonl:5: the tables of a container exceed',
    ],
    [
      'a container that closes in the middle of a removal',
      [
        { op: 'register', ...REGION },
        { op: 'unregisterBegin', ...REGION },
        { op: 'containerClose', container: 0 },
      ],
      'a.jsonl:6: containerClose while a removal is pending',
    ],
  ])('%s', (_, records, message) => {
    expect(() => check(CONFIG, CONTAINER, GROUP, ...records)).toThrow(message);
  });
});

import { describe, expect, it } from 'vitest';
import { REVISIONS } from '../path/revisions/revisions.js';
import { V3 } from '../path/revisions/v3.js';
import { checkScenario } from './scenario-check.js';

const CONFIG = { op: 'config', format: 1, kernel: 'v3-patch', hostPageShift: 16 };
const SLOT = { op: 'memslot', gpa: '0x0', ua: '0x200000000000', size: '0x4000000' };
const WINDOW = { pageShift: 12, offset: '0x0', size: '0x10' };
const TABLE = { op: 'createTable', liobn: '0x80000001', ...WINDOW, expect: { ret: 0, size: '0x10' } };
const PUT = {
  op: 'hcall',
  name: 'H_PUT_TCE',
  mode: 'auto',
  liobn: '0x80000001',
  ioba: '0x1000',
  tce: '0x5003',
};
const GET = { op: 'hcall', name: 'H_GET_TCE', mode: 'real', liobn: '0x80000001', ioba: '0x1000' };

const check = (...records: readonly object[]) =>
  checkScenario(`${records.map((record) => JSON.stringify(record)).join('\n')}\n`, 'a.jsonl', [V3]);

describe('a scenario is compared with what the real kernel gave', () => {
  it('and matches where every field is equal, info excepted', () => {
    const put = { ...PUT, expect: { ret: 0, handledBy: 'real', info: { warns: 3 } } };
    const report = check(CONFIG, { op: 'note', text: 'one put' }, TABLE, put);
    expect(report).toEqual({
      file: 'a.jsonl',
      kernel: 'v3-patch',
      revision: 'v3',
      operations: 2,
      mismatches: [],
      truncated: false,
    });
  });

  it.each([
    ['another code', { ret: -4, handledBy: 'real' }],
    ['another rung', { ret: 0, handledBy: 'virtual' }],
    ['a field too many', { ret: 0, handledBy: 'real', value: '0x0' }],
    ['a field too few', { ret: 0 }],
  ])('and reports %s with its line', (_, expected) => {
    expect(check(CONFIG, TABLE, { ...PUT, expect: expected }).mismatches).toMatchObject([
      { line: 3, op: 'hcall', expected, actual: { ret: 0, handledBy: 'real' }, state: { entry: '0x1' } },
    ]);
  });

  it('and reports a dump that differs in one entry', () => {
    const dump = (tce: string) => ({
      liobns: [{ liobn: '0x80000001', entries: [['0x1', tce]], attached: [] }],
      tables: [],
      regions: [],
      dirty: [],
    });
    expect(check(CONFIG, TABLE, PUT, { op: 'dump', expect: dump('0x5003') }).mismatches).toEqual([]);
    expect(check(CONFIG, TABLE, PUT, { op: 'dump', expect: dump('0x5001') }).mismatches).toHaveLength(1);
  });

  it('with LIOBNs in rising order, whatever came first', () => {
    const view = (liobn: string) => ({ liobn, entries: [], attached: [] });
    const liobns = ['0x9', '0x80000001', '0x80000002', '0x100000000'];
    const create = [2, 0, 3, 1].map((i) => ({ ...TABLE, liobn: liobns[i] }));
    const dump = { liobns: liobns.map(view), tables: [], regions: [], dirty: [] };
    expect(check(CONFIG, ...create, { op: 'dump', expect: dump }).mismatches).toEqual([]);
  });

  it('and reports a crash of the host even where nothing is expected', () => {
    const container = { op: 'container', container: 0, tables: [{ table: 't', ...WINDOW }] };
    const region = { op: 'register', container: 0, ua: '0x200000000000', size: '0x4000000' };
    const map = { op: 'vfioMap', container: 0, iova: '0xf000', ua: '0x200000000000', size: '0x2000' };
    const report = check(CONFIG, container, region, { ...map, read: true, write: true });
    expect(report.mismatches).toHaveLength(1);
    expect(report.mismatches[0]?.actual).toEqual({ hostFault: expect.stringContaining('entry 16') });
  });
});

describe('a mistake in a scenario is told with its place', () => {
  it.each([
    ['no config', [TABLE], 'a.jsonl: no config in the first line'],
    [
      'an unknown kernel',
      [{ ...CONFIG, kernel: 'v3-path' }],
      'a.jsonl:1: no revision executes the kernel v3-path',
    ],
    ['a radix guest', [{ ...CONFIG, radix: true }], 'a.jsonl:1: revision v3 knows no radix guests'],
    ['a second config', [CONFIG, CONFIG], 'a.jsonl:2: a second config'],
    ['an unknown operation', [CONFIG, { op: 'memslots' }], 'a.jsonl:2: unknown op memslots'],
    ['an unknown field', [CONFIG, { ...PUT, npages: '0x1' }], 'a.jsonl:2: unknown field npages'],
    ['a missing field', [CONFIG, { op: 'memslot', gpa: '0x0' }], 'a.jsonl:2: ua must be'],
    ['a decimal number', [CONFIG, { ...SLOT, gpa: 0 }], 'a.jsonl:2: gpa must be'],
    ['upper case', [CONFIG, { ...SLOT, gpa: '0xA0000' }], 'a.jsonl:2: gpa must be'],
    ['a leading zero', [CONFIG, { ...SLOT, gpa: '0x010000' }], 'a.jsonl:2: gpa must be'],
    ['more than 64 bits', [CONFIG, { ...SLOT, gpa: '0x10000000000000000' }], 'a.jsonl:2: gpa must be'],
    [
      'an address that no number holds',
      [CONFIG, { ...SLOT, gpa: '0x20000000000001' }],
      'a.jsonl:2: gpa must be',
    ],
    [
      'half a host page',
      [CONFIG, { ...SLOT, size: '0x8000' }],
      'a.jsonl:2: a memory slot that is no multiple',
    ],
    ['overlapping slots', [CONFIG, SLOT, SLOT], 'a.jsonl:3: the memory slot at 0x0 overlaps'],
    [
      'a group without container',
      [CONFIG, { op: 'group', group: 0, container: 7 }],
      'a.jsonl:2: group 0 in container 7',
    ],
    ['an end without beginning', [CONFIG, { op: 'unregisterEnd' }], 'a.jsonl:2: unregisterEnd without'],
    ['a table too large', [CONFIG, { ...TABLE, size: '0x40000000' }], 'a.jsonl:2: a table of'],
    ['a list', [CONFIG, [1]], 'a.jsonl:2: not a JSON object'],
  ])('%s', (_, records, message) => {
    expect(() => check(...records)).toThrow(message);
  });

  it('and a cut record at the end is left out', () => {
    const text = `${JSON.stringify(CONFIG)}\n${JSON.stringify(TABLE)}\n{"op":"hcall","na`;
    expect(checkScenario(text, 'a.jsonl', [V3])).toMatchObject({ operations: 1, truncated: true });
    expect(() => checkScenario(`${text}\n${JSON.stringify(GET)}\n`, 'a.jsonl', [V3])).toThrow('a.jsonl:3');
  });
});

describe('a scenario of v4.12', () => {
  const V412 = { ...CONFIG, kernel: 'v4.12' };
  const check412 = (...records: readonly object[]) =>
    checkScenario(records.map((record) => JSON.stringify(record)).join('\n'), 'a.jsonl', REVISIONS);

  it.each([
    [16, '0x1', '0x2000'],
    [16, '0x2000', '0x2000'],
    [16, '0x2001', '0x4000'],
    [12, '0x1', '0x200'],
    [12, '0x201', '0x400'],
  ])('rounds a table up to whole host pages of entries (page shift %i, %s)', (hostPageShift, size, real) => {
    const table = { ...TABLE, size, expect: { ret: 0, size: real } };
    expect(check412({ ...V412, hostPageShift }, table).mismatches).toEqual([]);
  });

  it('leaves what a radix guest changes to virtual mode, and reads in real mode', () => {
    const table = { ...TABLE, expect: { ret: 0, size: '0x2000' } };
    const unchecked = { liobn: '0x80000009', ioba: '0x1001', expect: { ret: 9999 } };
    const { mismatches } = check412(
      { ...V412, radix: true },
      { op: 'memslot', gpa: '0x0', ua: '0x200000000000', size: '0x10000' },
      table,
      { ...PUT, ...unchecked, mode: 'real' },
      { ...PUT, expect: { ret: 0, handledBy: 'virtual' } },
      { ...GET, expect: { ret: 0, value: '0x5003' } },
    );
    expect(mismatches).toEqual([]);
  });

  it('reports where the host would have crashed: its window check forgets the pages', () => {
    const stuff = { op: 'hcall', name: 'H_STUFF_TCE', mode: 'real', liobn: '0x80000001', tceValue: '0x0' };
    const over = { ...stuff, ioba: '0x1fff000', npages: '0x2' };
    const table = { ...TABLE, expect: { ret: 0, size: '0x2000' } };
    const actual = (kernel: string) => check412({ ...V412, kernel }, table, over).mismatches[0]?.actual;
    expect(actual('v4.12')).toEqual({ hostFault: expect.stringContaining('entry 8192') });
    expect(actual('v4.12+npages')).toBeUndefined();
  });
});

describe('64-bit words are exact', () => {
  it('in the guest view', () => {
    const tce = '0xfedcba9876543003';
    const { mismatches } = check(
      CONFIG,
      TABLE,
      { ...PUT, tce, expect: { ret: 0, handledBy: 'real' } },
      { ...GET, expect: { ret: 0, value: tce } },
    );
    expect(mismatches).toEqual([]);
  });

  it('in LIOBNs that differ in their last bit only', () => {
    const [odd, even, next] = ['0x8000000000000001', '0x8000000000000000', '0x8000000000000003'];
    const put = (liobn: string, ret: number) => ({ ...PUT, mode: 'real', liobn, expect: { ret } });
    const create = { ...TABLE, liobn: odd, expect: { ret: 0, size: '0x10' } };
    const dump = {
      liobns: [{ liobn: odd, entries: [['0x1', '0x5003']], attached: [] }],
      tables: [],
      regions: [],
      dirty: [],
    };
    const { mismatches } = check(CONFIG, create, put(even, 9999), put(next, 9999), put(odd, 0), {
      op: 'dump',
      expect: dump,
    });
    expect(mismatches).toEqual([]);
  });

  it('in a filled list, whose words wrap at 2^64', () => {
    const fill = { base: '0xfffffffffffff003', step: '0x1000', count: 2 };
    const list = {
      op: 'hcall',
      name: 'H_PUT_TCE_INDIRECT',
      mode: 'virtual',
      liobn: '0x80000001',
      ioba: '0x0',
    };
    const { mismatches } = check(
      CONFIG,
      SLOT,
      TABLE,
      { op: 'writeGuest', gpa: '0x10000', fill },
      { ...list, tceList: '0x10000', npages: '0x2', expect: { ret: 0 } },
      { ...GET, ioba: '0x0', expect: { ret: 0, value: '0xfffffffffffff003' } },
      { ...GET, ioba: '0x1000', expect: { ret: 0, value: '0x3' } },
    );
    expect(mismatches).toEqual([]);
  });
});

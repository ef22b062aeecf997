import { afterEach, describe, expect, it, vi } from 'vitest';
import { REVISIONS } from '../path/revisions/revisions.js';
import { violationOf } from './invariants.js';
import { type ScenarioRecord, scenarioOf } from './plan-scenario.test-helper.js';
import { TWIN_INVARIANTS } from './twin-invariants.js';

const REVISION_CASES = REVISIONS.map((revision) => [revision.id, revision] as const);
const LIOBN = '0x80000001';
const GUEST_UA = '0x200000000000';
/** A page in the registered region, and one behind its end. */
const MAPPABLE = '0x20003';
const NOT_REGISTERED = '0x60001';

/** One table of 64 KiB pages that VFIO has mapped once, and a list of the words, put as one request. */
function machineWithList(words: readonly string[]): readonly ScenarioRecord[] {
  // A whole page of entries: v4.12 rounds a guest view up to one, and then takes only a table as large.
  const window = { pageShift: 16, offset: '0x0', size: '0x200' };
  return [
    { op: 'config', format: 1, kernel: 'v3-patch', hostPageShift: 12, backingShift: 24 },
    { op: 'memslot', gpa: '0x0', ua: GUEST_UA, size: '0x70000' },
    { op: 'container', container: 0, tables: [{ table: 't0', ...window }] },
    { op: 'createTable', liobn: LIOBN, ...window },
    { op: 'group', group: 0, container: 0 },
    { op: 'groupAdd', group: 0 },
    { op: 'setSpaprTce', group: 0, liobn: LIOBN },
    { op: 'register', container: 0, ua: GUEST_UA, size: '0x40000' },
    { op: 'vfioMap', container: 0, iova: '0x0', ua: GUEST_UA, size: '0x10000', read: true, write: true },
    { op: 'writeGuest', gpa: '0x10000', words },
    {
      op: 'hcall',
      name: 'H_PUT_TCE_INDIRECT',
      mode: 'virtual',
      liobn: LIOBN,
      ioba: '0x20000',
      tceList: '0x10000',
      npages: `0x${words.length.toString(16)}`,
    },
  ];
}

/** What a list breaks of I27. */
function broken(words: readonly string[], revision: (typeof REVISIONS)[number]): string | null {
  const rule = TWIN_INVARIANTS.find(({ id }) => id === 'I27');
  if (rule === undefined) throw new Error('no rule I27');
  return violationOf(rule, scenarioOf(machineWithList(words)), revision);
}

/** Memory that gives a word as it is or the other way round, whichever has the smaller high half. */
function forgetByteOrder(): void {
  const { getInt32 } = DataView.prototype;
  vi.spyOn(DataView.prototype, 'getInt32').mockImplementation(function (this: DataView, offset: number) {
    const start = offset & ~7;
    const isReversed = getInt32.call(this, start + 4, true) >>> 0 < getInt32.call(this, start) >>> 0;
    return getInt32.call(this, isReversed ? 2 * start + 4 - offset : offset, isReversed);
  });
}

describe('I27', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each(REVISION_CASES)('is kept by %s in a list that maps', (_, revision) => {
    expect(broken([MAPPABLE], revision)).toBeNull();
  });

  it.each(REVISION_CASES)('says nothing of %s where no word with permission was stored', (_, revision) => {
    expect(broken(['0x0', NOT_REGISTERED], revision)).toBeNull();
  });

  it.each(REVISION_CASES)('is broken by a %s that takes both byte orders for one', (_, revision) => {
    forgetByteOrder();
    expect(broken([MAPPABLE], revision)).toBe('both byte orders map the same pages');
  });
});

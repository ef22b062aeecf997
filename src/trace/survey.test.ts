import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { TcebenchError } from '../errors.js';
import { type Survey, type SurveyOptions, surveyLog } from './survey.js';
import { TraceLog } from './trace-log.js';

const GIB = 2 ** 30;
const LIOBN = 0x8000_0000;
const DDW = 0x8000_0001;

async function survey(lines: readonly string[], options: SurveyOptions = {}): Promise<Survey> {
  const log = await TraceLog.open('-', Readable.from([Buffer.from(`${lines.join('\n')}\n`)]));
  try {
    return await surveyLog(log, options);
  } finally {
    await log.close();
  }
}

async function failure(lines: readonly string[], options: SurveyOptions = {}): Promise<string> {
  const error = await survey(lines, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TcebenchError);
  return (error as TcebenchError).message;
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

/** The lines as QEMU prints them; `page` is the page's number in units of 4 KiB. */
const newTable = (liobn = LIOBN) =>
  `1@2.3:spapr_iommu_new_table liobn=${hex(liobn)} table=0x55d5ba6b0370 fd=-1`;
const put = (page: number, tce: number | bigint, ret = 0, liobn = LIOBN) =>
  `1@2.3:spapr_iommu_pci_put liobn=${hex(liobn)} ioba=${hex(page * 4096)} tce=${hex(tce)} ret=${ret}`;
const stuff = (page: number, npages: number, tce = 0, liobn = LIOBN) =>
  `1@2.3:spapr_iommu_pci_stuff liobn=${hex(liobn)} ioba=${hex((page + npages) * 4096)} tcevalue=${hex(tce)} npages=${npages} ret=0`;
const indirect = (ioba: bigint, list: number, iobaN: number, tceN: number, ret = 0, liobn = LIOBN) =>
  `1@2.3:spapr_iommu_pci_indirect liobn=${hex(liobn)} ioba=${hex(ioba)} tcelist=${hex(list)} iobaN=${hex(iobaN)} tceN=${hex(tceN)} ret=${ret}`;
const ddwCreate = (start: bigint, bytes: number | null, pageBytes = 65536, liobn = DDW) =>
  `1@2.3:spapr_iommu_ddw_create buid=0x800000020000000 addr=0x0, page size=${hex(pageBytes)}` +
  `${bytes === null ? '' : `, requested=${hex(bytes)}`}, start addr=${hex(start)}, liobn=${hex(liobn)}`;

function windowOf({ tables }: Survey, index = 0): object {
  const table = tables[index];
  if (table === undefined) return {};
  const { liobn, by, window } = table;
  return { liobn, by, start: window.iobaOf(0), bytes: window.bytes, pageShift: window.pageShift };
}

describe('the window of a LIOBN', () => {
  it('is what the boot clears from IOBA 0, in pieces of any size', async () => {
    const clearings = [
      [stuff(0, 512), stuff(512, 512)],
      Array.from({ length: 1024 }, (_, page) => put(page, 0)),
      [put(0, 0), stuff(1, 3), put(4, 0), stuff(5, 1019)],
    ];
    for (const clearing of clearings) {
      const result = await survey([newTable(), ...clearing, put(7, 0x1003)]);
      expect(windowOf(result)).toEqual({
        liobn: LIOBN,
        by: 'clearing',
        start: 0,
        bytes: 4 * 2 ** 20,
        pageShift: 12,
      });
      expect(result.warnings).toEqual([]);
    }
  });

  it('is that clearing rounded up to a power of two pages', async () => {
    expect(windowOf(await survey([stuff(0, 513)]))).toMatchObject({ bytes: 1024 * 4096 });
  });

  it('ends where the table is mapped or made anew in between', async () => {
    for (const between of [put(3, 0x1003), newTable()]) {
      const { tables, bootEnd } = await survey([
        stuff(0, 8),
        between,
        stuff(8, 24),
        stuff(0, 16),
        stuff(16, 16),
      ]);
      expect([tables[0]?.window.size, bootEnd.line]).toEqual([32, 5]);
      const cut = await survey([newTable(), stuff(0, 8), between, stuff(8, 24)]);
      expect(cut.bootEnd).toEqual({ line: 2, by: 'clearing' });
    }
  });

  it('reads a clearing through calls that failed and calls on other tables', async () => {
    const lines = [stuff(0, 8), put(9999, 0, -4), put(3, 0x1001, 0, 0x8100_0000), stuff(8, 8)];
    expect(windowOf(await survey(lines))).toMatchObject({ by: 'clearing', bytes: 16 * 4096 });
  });

  it('is the dynamic window that ddw_create prints', async () => {
    const result = await survey([
      newTable(DDW),
      ddwCreate(1n << 59n, 2 * GIB),
      indirect(1n << 59n, 0x22d_0000, 511, 0x1ff_0003, 0, DDW),
    ]);
    expect(windowOf(result)).toEqual({
      liobn: DDW,
      by: 'ddw',
      start: 2 ** 59,
      bytes: 2 * GIB,
      pageShift: 16,
    });
    expect(result.warnings).toEqual([]);
  });

  it('is, of a dynamic window without a size, as much as the log touches, rounded up', async () => {
    const ioba = (1n << 59n) + 5n * 65536n;
    const result = await survey([
      newTable(DDW),
      ddwCreate(1n << 59n, null),
      indirect(ioba, 0, 0, 0x3, 0, DDW),
    ]);
    expect(windowOf(result)).toMatchObject({ by: 'ddw', start: 2 ** 59, bytes: 8 * 65536 });
  });

  it('is 1 GiB of 4 KiB pages with a warning where nothing tells', async () => {
    const result = await survey([put(7, 0x1003)]);
    expect(windowOf(result)).toEqual({ liobn: LIOBN, by: 'default', start: 0, bytes: GIB, pageShift: 12 });
    expect(result.warnings).toEqual([expect.stringContaining('LIOBN 0x80000000')]);
  });

  it('is what the user states, before anything else', async () => {
    const windows = [{ liobn: DDW, start: 2 ** 59, bytes: GIB, pageShift: 16 }];
    const lines = [newTable(DDW), ddwCreate(1n << 59n, 2 * GIB, 4096), indirect(1n << 59n, 0, 0, 3, 0, DDW)];
    expect(windowOf(await survey(lines, { windows }))).toMatchObject({
      by: 'override',
      bytes: GIB,
      pageShift: 16,
    });
  });

  it('grows to the next power of two, with a warning, where a successful call touches more', async () => {
    const result = await survey([stuff(0, 16), put(16, 0x1003), put(70, 0x1003), put(9999, 0x1003, -4)]);
    expect(windowOf(result)).toMatchObject({ by: 'clearing', bytes: 128 * 4096 });
    expect(result.warnings).toEqual([expect.stringMatching(/^stdin:3: .*enlarged to 524288 bytes$/)]);
  });

  it('does not grow for a call that failed, nor for one on the last page', async () => {
    const result = await survey([stuff(0, 16), put(15, 0x1003), put(16, 0x1003, -4)]);
    expect(windowOf(result)).toMatchObject({ bytes: 16 * 4096 });
    expect(result.warnings).toEqual([]);
  });

  it('spans what a list set before it failed', async () => {
    const failed = indirect(64n * 4096n, 0x1000, 3, 0x9003, -4);
    expect(windowOf(await survey([stuff(0, 16), failed]))).toMatchObject({ bytes: 128 * 4096 });
  });

  it('is sought only for a LIOBN that is in use', async () => {
    const { tables, calls } = await survey([
      newTable(5),
      put(1, 0x1003, -4, 6),
      newTable(7),
      put(1, 0x1003, -4, 7),
    ]);
    expect(tables.map(({ liobn }) => liobn)).toEqual([7]);
    expect(calls).toBe(2);
  });

  it('tells whether the table was there before the log', async () => {
    const lines = [put(1, 0x1003, 0, 5), newTable(5), newTable(6), put(1, 0x1003, 0, 6)];
    const { tables } = await survey(lines);
    expect(tables.map(({ liobn, isOlderThanLog }) => [liobn, isOlderThanLog])).toEqual([
      [5, true],
      [6, false],
    ]);
  });
});

describe('windows that cannot be', () => {
  it('a call outside the window that the user states', async () => {
    const windows = [{ liobn: LIOBN, start: 0, bytes: 65536, pageShift: 12 }];
    expect(await failure([put(1, 3), put(16, 3)], { windows })).toBe(
      'stdin:2: a call on LIOBN 0x80000000 succeeded outside the window of 65536 bytes from 0x0',
    );
  });

  it('a call below a dynamic window, a window too large for tables', async () => {
    const below = [newTable(DDW), ddwCreate(1n << 59n, GIB), put(1, 3, 0, DDW)];
    expect(await failure(below)).toMatch(/^stdin:3: .*outside the window/);
    expect(await failure([indirect(1n << 59n, 0, 0, 3)])).toMatch(
      /^stdin: LIOBN 0x80000000: .*more than can be replayed/,
    );
  });

  it('a dynamic window that comes again elsewhere; the same again is fine', async () => {
    const use = [newTable(DDW), ddwCreate(1n << 59n, GIB), indirect(1n << 59n, 0, 0, 3, 0, DDW)];
    const remove = `1@2.3:spapr_iommu_ddw_remove liobn=${hex(DDW)}`;
    expect(await failure([...use, remove, ddwCreate(1n << 59n, GIB, 4096)])).toMatch(
      /^stdin:5: .*created again/,
    );
    expect(await failure([...use, remove, ddwCreate(1n << 58n, GIB)])).toMatch(/^stdin:5: .*created again/);
    expect(windowOf(await survey([...use, remove, ...use]))).toMatchObject({ bytes: GIB });
  });

  it.each([
    [{ pageShift: 11 }, 'window of LIOBN 0x80000000: page shift 11 is outside 12..31'],
    [{ start: 1 }, 'window of LIOBN 0x80000000: start 1 is no multiple of the page of 4096 bytes'],
    [{ bytes: 4097 }, 'window of LIOBN 0x80000000: 4097 bytes are no whole number of pages of 4096 bytes'],
    [{ bytes: 0 }, 'window of LIOBN 0x80000000: 0 bytes are no whole number of pages of 4096 bytes'],
  ])('stated wrongly: %j', async (wrong, message) => {
    const windows = [{ liobn: LIOBN, start: 0, bytes: GIB, pageShift: 12, ...wrong }];
    expect(await failure([put(1, 3)], { windows })).toBe(message);
  });

  it('a stated window of a LIOBN that no line names is warned of', async () => {
    const windows = [{ liobn: 0x77, start: 0, bytes: GIB, pageShift: 12 }];
    expect((await survey([stuff(0, 8)], { windows })).warnings).toEqual([
      'stdin: no line names LIOBN 0x77, whose window was stated',
    ]);
  });
});

describe('the end of the boot', () => {
  const lines = [
    newTable(),
    stuff(0, 8),
    stuff(8, 8),
    put(1, 3),
    newTable(),
    stuff(0, 8),
    stuff(8, 8),
    put(1, 3),
  ];
  const phases = [{ name: 'boot', lineFrom: 1, lineTo: 5, payloadBytes: 0 }];

  it('is told by the user, else by the phases, else by the last full clearing, else unknown', async () => {
    const byUser = { line: 2, by: 'boot-lines' };
    expect((await survey(lines, { phases, bootLines: 2 })).bootEnd).toEqual(byUser);
    expect((await survey(lines, { phases: null, bootLines: 2 })).bootEnd).toEqual(byUser);
    expect((await survey(lines, { phases })).bootEnd).toEqual({ line: 5, by: 'phases' });
    expect((await survey(lines)).bootEnd).toEqual({ line: 7, by: 'clearing' });
    expect((await survey([put(1, 3)])).bootEnd).toEqual({ line: 0, by: 'none' });
  });

  it('phases without a boot tell nothing', async () => {
    const others = [{ name: 'bulk-tx', lineFrom: 1, lineTo: 5, payloadBytes: 0 }];
    expect((await survey(lines, { phases: others })).bootEnd).toEqual({ line: 7, by: 'clearing' });
  });

  it('is the last clearing of all LIOBNs', async () => {
    expect((await survey([stuff(0, 8, 0, 6), put(1, 3), stuff(0, 8, 0, 5)])).bootEnd).toEqual({
      line: 3,
      by: 'clearing',
    });
  });
});

describe('guest memory', () => {
  it.each([
    ['a put', [put(1, 0x5fff_f003)], 0x6000_0000],
    ['a clear with an address', [put(1, 0x5fff_f000)], 0],
    ['a put that failed', [put(9999999, 0x5fff_f003, -4)], 0],
    ['a stuff of one value', [stuff(1, 4, 0x7001)], 0x8000],
    ['the last entry of a list', [indirect(0n, 0x1000, 15, 0x2df_f003)], 0x2e0_0000],
    ['the list itself', [indirect(0n, 0x700_0000, 1, 0x1f003)], 0x700_1000],
    ['the list of a call that failed', [indirect(0n, 0x700_0000, 0, 0x1f003, -4)], 0x700_1000],
    ['a page above 2^53', [put(1, (1n << 59n) + 3n)], 2 ** 59 + 4096],
  ])('reaches to the end of what %s names', async (_, lines, bytes) => {
    expect((await survey([newTable(), ...lines])).guestBytes).toBe(bytes);
  });

  it('is measured in pages of the window', async () => {
    const lines = [newTable(DDW), ddwCreate(1n << 59n, GIB), indirect(1n << 59n, 0, 1, 0x7fff_0003, 0, DDW)];
    expect(await survey(lines)).toMatchObject({ guestBytes: 2 ** 31, guestBytesLine: 3 });
  });
});

describe('what a log must have', () => {
  it('a known event', async () => {
    expect(await failure(['just', 'text'])).toBe('stdin: no spapr_iommu event in 2 lines');
    expect(await failure([put(1, 3).slice(0, -7)])).toBe('stdin: no readable spapr_iommu event in 1 line');
  });

  it('malformed events are warned of by their first line, also those that contradict themselves', async () => {
    const impossible = put(0, 0).replace('put', 'stuff').replace('tce=0x0', 'tcevalue=0x0 npages=3');
    const result = await survey([stuff(0, 8), impossible, 'noise', put(1, 3).replace('ret', 'rat')]);
    expect(result).toMatchObject({ calls: 1, malformed: 2, firstMalformedLine: 2, foreign: 1 });
    expect(result.warnings).toEqual(['stdin:2: 2 events left out: a field is missing or unreadable']);
  });

  it('a ddw_create with an impossible page size is malformed', async () => {
    const result = await survey([
      stuff(0, 8),
      ddwCreate(1n << 59n, GIB, 5000),
      ddwCreate(1n << 59n, GIB, 2 ** 34),
    ]);
    expect(result).toMatchObject({ malformed: 2, firstMalformedLine: 2 });
  });
});

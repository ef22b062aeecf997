import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { TraceFigures } from './figures.js';
import { type CallConsumer, replayLog } from './replay.js';
import { surveyLog } from './survey.js';
import { TraceLog } from './trace-log.js';

const NEW = (liobn: string) => `spapr_iommu_new_table liobn=${liobn} table=0x1 fd=-1`;
const MAP = (ioba: string, tce: string, liobn = '0x5') =>
  `spapr_iommu_put liobn=${liobn} ioba=${ioba} tce=${tce} ret=0`;
const CLEAR_ALL = 'spapr_iommu_stuff liobn=0x5 ioba=0x10000 tcevalue=0x0 npages=16 ret=0';
const DDW = (buid: string, liobn: string) =>
  `spapr_iommu_ddw_create buid=${buid} addr=0x0, page size=0x1000, requested=0x10000, start addr=0x0, liobn=${liobn}`;

/** Replays a log and writes down what happens. */
async function replay(lines: readonly string[]) {
  const log = await TraceLog.open('-', Readable.from([Buffer.from(`${lines.join('\n')}\n`)]));
  try {
    const survey = await surveyLog(log, { bootLines: 2 });
    const figures = new TraceFigures(survey, null);
    const happened: string[] = [];
    const recorder: CallConsumer = {
      newTable: (liobn, window) => happened.push(`new ${liobn} of ${window.size}`),
      removeTable: (liobn) => happened.push(`remove ${liobn}`),
      call: ({ liobn, kind, ret, line }) => happened.push(`${line}: ${kind} ${liobn} = ${ret}`),
    };
    await replayLog(log, survey, [recorder, figures]);
    return { happened, ...figures.figures };
  } finally {
    await log.close();
  }
}

describe('the life of tables', () => {
  it('a table older than the log is made first, others where the log makes them', async () => {
    const { happened } = await replay([CLEAR_ALL, NEW('0x6'), MAP('0x0', '0x1003', '0x6'), NEW('0x7')]);
    expect(happened).toEqual(['new 5 of 16', '1: stuff 5 = 0', 'new 6 of 262144', '3: put 6 = 0']);
  });

  it('new_table of a LIOBN that exists empties it: nothing is unmapped, nothing cleared', async () => {
    const lines = [NEW('0x5'), CLEAR_ALL, MAP('0x0', '0x1003'), MAP('0x1000', '0x2003'), NEW('0x5')];
    const { happened, whole } = await replay([...lines, CLEAR_ALL, MAP('0x1000', '0x3003')]);
    expect(happened.filter((event) => event.startsWith('new'))).toEqual(['new 5 of 16', 'new 5 of 16']);
    expect(whole).toMatchObject({
      tcesMapped: 3,
      tcesUnmapped: 0,
      clearedWhileEmpty: 32,
      liveAtEnd: 1,
      peakLive: 2,
      lifetimeCalls: { p10: null, median: null, p90: null },
    });
  });

  it('ddw_remove ends a table, ddw_reset those of its host bridge', async () => {
    const use = (liobn: string) => MAP('0x1000', '0x1003', liobn);
    const { happened, whole } = await replay([
      ...[NEW('0x5'), DDW('0x9', '0x5'), use('0x5'), NEW('0x6'), DDW('0x9', '0x6'), use('0x6')],
      ...[NEW('0x7'), DDW('0x8', '0x7'), use('0x7')],
      'spapr_iommu_ddw_query buid=0x9 addr=0x0, 1 windows available, max window size=0x1, mask=0x3',
      'spapr_iommu_ddw_remove liobn=0x5',
      'spapr_iommu_ddw_reset buid=0x9 addr=0x0',
    ]);
    expect(happened.slice(-2)).toEqual(['remove 5', 'remove 6']);
    expect(happened.filter((event) => event.startsWith('remove'))).toHaveLength(2);
    expect(whole).toMatchObject({ tcesMapped: 3, liveAtEnd: 1, peakLive: 3, tcesUnmapped: 0 });
  });

  it('calls on a LIOBN without a table are counted and handed on, and change nothing', async () => {
    const { happened, whole } = await replay([
      CLEAR_ALL,
      MAP('0x1', '0x1003', '0x99').replace('ret=0', 'ret=-4'),
    ]);
    expect(happened.at(-1)).toBe('2: put 153 = -4');
    expect(whole).toMatchObject({
      calls: 2,
      liobns: { '0x5': 1, '0x99': 1 },
      byReturnCode: { '0': 1, '-4': 1 },
      putMap: 1,
      tcesMapped: 0,
    });
  });
});

describe('what is counted', () => {
  it('a map over a live entry replaces it: it counts as mapped, and its life begins anew', async () => {
    const { whole } = await replay([
      CLEAR_ALL,
      MAP('0x0', '0x1003'),
      MAP('0x0', '0x2001'),
      MAP('0x0', '0x0'),
    ]);
    expect(whole).toMatchObject({ tcesMapped: 2, tcesUnmapped: 1, peakLive: 1, liveAtEnd: 0 });
    expect(whole.lifetimeCalls.median).toBe(1);
  });

  it('a get is a call like others, by its own kind, and ages what is live', async () => {
    const get = 'spapr_iommu_get liobn=0x5 ioba=0x0 ret=0 tce=0x1003';
    const { whole } = await replay([CLEAR_ALL, MAP('0x0', '0x1003'), get, get, MAP('0x0', '0x0')]);
    expect(whole).toMatchObject({
      calls: 5,
      byKind: { put: 2, indirect: 0, stuff: 1, get: 2 },
      putMap: 1,
      putClear: 1,
    });
    expect(whole.lifetimeCalls.median).toBe(3);
  });

  it('clears with an address but no permission are clears', async () => {
    const { whole } = await replay([CLEAR_ALL, MAP('0x0', '0x1003'), MAP('0x0', '0xdead000')]);
    expect(whole).toMatchObject({ putMap: 1, putClear: 1, tcesUnmapped: 1 });
  });

  it('after boot: what the boot left is live, and may be unmapped', async () => {
    const { afterBoot } = await replay([
      CLEAR_ALL,
      MAP('0x0', '0x1003'),
      MAP('0x0', '0x0'),
      MAP('0x0', '0x0'),
    ]);
    expect(afterBoot).toMatchObject({
      lines: 4,
      calls: 2,
      putMap: 0,
      putClear: 2,
      liobns: { '0x5': 2 },
      tcesMapped: 0,
      tcesUnmapped: 1,
      clearedWhileEmpty: 1,
      peakLive: 1,
      lifetimeCalls: { p10: 1, median: 1, p90: 1 },
    });
  });
});

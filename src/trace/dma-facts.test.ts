import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DMA_FACT_ROWS, type DmaFacts } from '../result/dma-facts.js';
import { DmaFactFinder } from './dma-fact-finder.js';
import { phasesPathOf, readPhases } from './phases.js';
import { replayLog } from './replay.js';
import { surveyLog } from './survey.js';
import { TraceLog } from './trace-log.js';

const TRACES = fileURLToPath(new URL('../../../shared/traces/', import.meta.url));

async function factsOf(log: TraceLog, phasesPath: string | null): Promise<DmaFacts> {
  try {
    const phases = phasesPath === null ? null : await readPhases(phasesPath);
    const survey = await surveyLog(log, { phases });
    const finder = new DmaFactFinder(survey.bootEnd.line);
    await replayLog(log, survey, [finder]);
    return finder.facts;
  } finally {
    await log.close();
  }
}

async function factsOfLines(lines: readonly string[]): Promise<DmaFacts> {
  const text = lines.map((line) => `spapr_iommu_pci_${line}\n`).join('');
  return factsOf(await TraceLog.open('-', Readable.from([Buffer.from(text)])), null);
}

const hex = (value: number) => `0x${value.toString(16)}`;
const put = (entry: number, tce: number) =>
  `put liobn=0x80000000 ioba=${hex(entry * 4096)} tce=${hex(tce)} ret=0`;
const indirect = (entry: number, npages: number, first: number) =>
  `indirect liobn=0x80000000 ioba=${hex(entry * 4096)} tcelist=0xf000000 iobaN=${hex(npages - 1)} ` +
  `tceN=${hex(first + (npages - 1) * 4096)} ret=0`;
const stuff = (entry: number, npages: number) =>
  `stuff liobn=0x80000000 ioba=${hex((entry + npages) * 4096)} tcevalue=0x0 npages=${npages} ret=0`;

describe('what a log does with a DMA window', () => {
  it('counts a step of 16 between starts of small maps; large ones do not count', async () => {
    const lines = [put(1, 0x1001), put(17, 0x2001), indirect(32, 2, 0x3001), indirect(900, 16, 0x10003)];
    expect((await factsOfLines([...lines, put(48, 0x4001)])).nextBlockShare).toBeCloseTo(2 / 3, 9);
  });

  it('takes puts that go on at the next entry with the next page for one map, and no others', async () => {
    const one = [put(16, 0x1001), put(17, 0x2001), put(18, 0x3001)];
    const apart = [put(32, 0x9001), put(33, 0xb001), put(64, 0x1003), put(65, 0x2001)];
    const { maps, nextBlockShare } = await factsOfLines([...one, ...apart]);
    expect([maps, nextBlockShare]).toEqual([5, 1 / 4]);
  });

  it('takes indirect calls for one map only where the list before was full', async () => {
    const adjoining = [indirect(16, 16, 0x100001), indirect(32, 16, 0x110001)];
    expect((await factsOfLines(adjoining)).maps).toBe(2);
    const long = [indirect(1024, 512, 0x100001), indirect(1536, 3, 0x300001)];
    expect((await factsOfLines(long)).maps).toBe(1);
  });

  it('finds transmit entries that are not cleared oldest first; receive entries may be in any order', async () => {
    const maps = [put(16, 0x1001), put(32, 0x2003), put(48, 0x3001), put(64, 0x4003), put(80, 0x5001)];
    const clears = [stuff(64, 1), stuff(48, 1), stuff(16, 1), stuff(32, 1), stuff(80, 1)];
    expect((await factsOfLines([...maps, ...clears])).transmitFifoShare).toBeCloseTo(2 / 3, 9);
  });

  it('follows thousands of transmit entries at once', async () => {
    const entries = Array.from({ length: 5000 }, (_, i) => 1 + i * 16);
    const lines = [...entries.map((entry) => put(entry, 0x7001)), ...entries.map((entry) => stuff(entry, 1))];
    const facts = await factsOfLines([...lines, ...lines]);
    expect([facts.maps, facts.transmitFifoShare, facts.reuseCalls.median]).toEqual([10000, 1, 10000]);
  });

  it('counts calls from a map to the next one at its address', async () => {
    const { reuseCalls } = await factsOfLines([
      ...[put(16, 0x1001), stuff(16, 1), put(32, 0x2001), put(16, 0x3001), stuff(32, 1), put(32, 0x1001)],
    ]);
    expect(reuseCalls).toEqual({ p10: 3, median: 3, p90: 3 });
  });

  it('knows pages that were mapped before, and those mapped elsewhere at the moment', async () => {
    const lines = [
      put(16, 0x1001),
      put(32, 0x1003),
      stuff(16, 1),
      stuff(32, 1),
      put(48, 0x1001),
      put(64, 0x2001),
    ];
    const { hotPageShare, sharedPageShare, byPermission } = await factsOfLines(lines);
    expect([hotPageShare, sharedPageShare]).toEqual([2 / 4, 1 / 4]);
    expect(byPermission).toEqual({ '1': 3, '2': 0, '3': 1 });
  });

  it('finds stuffs that clear more or less than one map', async () => {
    const maps = [indirect(16, 4, 0x1001), indirect(32, 2, 0x9001), put(48, 0x20001), put(64, 0x21001)];
    const clears = [stuff(16, 4), stuff(32, 1), stuff(33, 1), stuff(48, 17), stuff(100, 1)];
    expect((await factsOfLines([...maps, ...clears])).wholeUnmapShare).toBe(1 / 4);
  });

  it('has nothing to say of a log without maps', async () => {
    const facts = await factsOfLines([stuff(0, 512)]);
    expect(DMA_FACT_ROWS.map(({ value, holds }) => [holds(facts), value(facts)])).toEqual(
      ['-', '-', '0 / 0 / 0', '-', '-', '-', '-'].map((text) => [true, text]),
    );
    expect(facts).toMatchObject({ maps: 0, nextBlockShare: null, hotPageShare: null, wholeUnmapShare: null });
  });
});

/** Counted from the logs by a script of its own, and in the ranges that the description of the guests gives. */
const REAL = [
  { name: 'e1000-64k', median: 6141, hot: 0.9689237887618455, shared: 0.48100280286515107 },
  { name: 'pcnet32-multitce-off', median: null, hot: 0.9941860465116279, shared: 0.21695872911889943 },
  { name: '8139cp-4kpages-smp2', median: 6387, hot: 0.9434431070650292, shared: 0.34099101851286123 },
];

describe('a real guest', () => {
  it.skipIf(!existsSync(TRACES)).each(REAL)(
    'of $name holds every fact',
    async ({ name, median, hot, shared }) => {
      const path = `${TRACES}${name}.log.gz`;
      const facts = await factsOf(await TraceLog.open(path, Readable.from([])), phasesPathOf(path));
      for (const { title, holds } of DMA_FACT_ROWS) expect([title, holds(facts)]).toEqual([title, true]);
      expect(facts.hotPageShare).toBeCloseTo(hot, 12);
      expect(facts.sharedPageShare).toBeCloseTo(shared, 12);
      if (median !== null) expect(facts.reuseCalls.median).toBe(median);
    },
  );
});

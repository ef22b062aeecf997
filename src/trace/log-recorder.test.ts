import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LogRecorder } from './log-recorder.js';
import { type Phase, phasesText } from './phases.js';
import { Recording } from './recording.js';
import { replayLog } from './replay.js';
import { surveyLog } from './survey.js';
import { TraceLog } from './trace-log.js';

const TRACES = fileURLToPath(new URL('../../../shared/traces/', import.meta.url));

/** Records the replay of a log: the recording's text and its phases. */
async function recorded(text: string | Buffer, phases: readonly Phase[] = []) {
  const log = await TraceLog.open('-', Readable.from([Buffer.from(text)]));
  const chunks: Buffer[] = [];
  try {
    const survey = await surveyLog(log);
    const recording = new Recording((bytes) => chunks.push(Buffer.from(bytes)));
    const recorder = new LogRecorder(recording.writer, phases);
    await replayLog(log, survey, [recorder]);
    recording.finish(recorder.phases);
    return { text: Buffer.concat(chunks).toString(), phases: recording.phases };
  } finally {
    await log.close();
  }
}

/** Lines without the stamps and without the host addresses of tables, which a recording has not. */
function bare(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^\d+@\d+\.\d+:/, '').replace(/ table=.*/, ''));
}

const DDW =
  'ddw_create buid=0x800000020000000 addr=0x0, page size=0x10000, requested=0x80000000, start addr=0x800000000000000, liobn=0x80000001';
const LINES = [
  'new_table liobn=0x80000000',
  'new_table liobn=0x80000001',
  DDW,
  'pci_stuff liobn=0x80000000 ioba=0x40000000 tcevalue=0x0 npages=262144 ret=0',
  'pci_put liobn=0x80000000 ioba=0x1000 tce=0xfedcba9871003 ret=0',
  'pci_indirect liobn=0x80000000 ioba=0xfff000 tcelist=0x1ff0000 iobaN=0x1ff tceN=0x100100003 ret=0',
  'pci_indirect liobn=0x80000001 ioba=0x800000000000000 tcelist=0x1ff0000 iobaN=0x1ff tceN=0x100ff0001 ret=0',
  'pci_indirect liobn=0x80000000 ioba=0x2000 tcelist=0x1ff0000 iobaN=0x4 tceN=0x7001 ret=-4',
  'pci_indirect liobn=0x80000000 ioba=0xfff0000000000000 tcelist=0x1ff0000 iobaN=0x0 tceN=0x7001 ret=-4',
  'pci_stuff liobn=0x80000001 ioba=0x800000002000000 tcevalue=0x0 npages=512 ret=0',
  'pci_stuff liobn=0x80000000 ioba=0x3fffe000 tcevalue=0x0 npages=4 ret=-4',
  'pci_get liobn=0x80000000 ioba=0x1000 ret=0 tce=0xfedcba9871003',
  'pci_get liobn=0x80000000 ioba=0x40000000 ret=-4 tce=0x0',
  'ddw_remove liobn=0x80000001',
  'new_table liobn=0x5',
  'put liobn=0x5 ioba=0x2000 tce=0x3001 ret=0',
  'stuff liobn=0x5 ioba=0x3000 tcevalue=0x0 npages=1 ret=0',
  'put liobn=0x5 ioba=0x3ffff000 tce=0x0 ret=-13',
].map((line) => `spapr_iommu_${line}`);

describe('the recording of a replay', () => {
  it('holds every call and table as it was printed', async () => {
    const log = LINES.map((line) => `7@1795327000.455975:${line}\n`).join('');
    expect(bare((await recorded(log)).text)).toEqual(LINES);
  });

  it('numbers its lines in place of a clock and leaves out what is no call on a table', async () => {
    const noise = 'qemu-system-ppc64: hello\n';
    const { text } = await recorded(`${LINES[0]}\n${noise}${LINES[4]}\n${noise}${LINES[4]}`);
    const [table, put] = [`${LINES[0]} table=0x0 fd=-1`, LINES[4]];
    expect(text).toBe(`1@0.000001:${table}\n1@0.000002:${put}\n1@0.000003:${put}\n`);
  });

  it('is the same once more', async () => {
    const once = await recorded(LINES.join('\n'));
    expect((await recorded(once.text)).text).toBe(once.text);
  });

  it('gives each phase the lines that its calls have now', async () => {
    const noise = 'something else\n';
    const put = `${LINES[4]}\n`;
    const phases = [
      { name: 'boot', lineFrom: 1, lineTo: 3, payloadBytes: 0 },
      { name: 'none', lineFrom: 4, lineTo: 3, payloadBytes: 1 },
      { name: 'work', lineFrom: 5, lineTo: 7, payloadBytes: 12 },
    ];
    const log = [`${LINES[0]}\n`, noise, put, put, noise, put, put].join('');
    const once = await recorded(log, phases);
    const rows = [
      'phase\tline_from\tline_to\tpayload_bytes',
      'boot\t1\t2\t0',
      'none\t3\t2\t1',
      'work\t4\t5\t12',
    ];
    expect(phasesText(once.phases).trimEnd().split('\n')).toEqual(rows);
    expect((await recorded(once.text, once.phases)).phases).toEqual(once.phases);
  });
});

describe('the recording of a real log', () => {
  it
    .skipIf(!existsSync(TRACES))
    .each(['e1000-64k', 'pcnet32-multitce-off', '8139cp-4kpages-smp2', 'e1000e-ddw-on'])(
    'of %s is the log without its stamps and queries, and stays as it is',
    async (name) => {
      const log = gunzipSync(await readFile(`${TRACES}${name}.log.gz`)).toString();
      const once = await recorded(log);
      const expected = bare(log).filter((line) => !line.startsWith('spapr_iommu_ddw_query'));
      expect(bare(once.text).join('\n') === expected.join('\n')).toBe(true);
      expect((await recorded(once.text)).text === once.text).toBe(true);
    },
  );
});

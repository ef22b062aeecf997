import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { LogFigures } from '../result/log-figures.js';
import { TraceFigures } from './figures.js';
import { type Phase, phasesPathOf, readPhases } from './phases.js';
import { replayLog } from './replay.js';
import { surveyLog } from './survey.js';
import { TraceLog } from './trace-log.js';

const TRACES = fileURLToPath(new URL('../../../shared/traces/', import.meta.url));

async function figuresOf(path: string, phases: readonly Phase[] | null): Promise<LogFigures> {
  const log = await TraceLog.open(path, Readable.from([]));
  try {
    const survey = await surveyLog(log, { phases });
    const figures = new TraceFigures(survey, phases);
    await replayLog(log, survey, [figures]);
    return figures.figures;
  } finally {
    await log.close();
  }
}

/** The tables of the traces' README, row by row as they are printed there. */
const WHOLE = `
| e1000-64k | 74977 | 29245 (29245 / 0) | 7988 | 37743 | 0 | 74976 | 0 | 0x80000000 (74976) | 45249 | 45217 | 262144 | 32 | 470 | 10 / 44 / 507 |
| pcnet32-multitce-off | 311100 | 311099 (24524 / 286575) | 0 | 0 | 0 | 311099 | 0 | 0x80000000 (311099) | 24524 | 24431 | 262144 | 93 | 111 | 1 / 16 / 95 |
| 8139cp-4kpages-smp2 | 85350 | 40185 (40185 / 0) | 2266 | 42898 | 0 | 85349 | 0 | 0x80000000 (85349) | 49174 | 49109 | 262144 | 65 | 100 | 2 / 137 / 181 |
| e1000e-ddw-on | 580 | 0 (0 / 0) | 64 | 512 | 0 | 576 | 0 | 0x80000000 (512), 0x80000001 (64) | 32768 | 0 | 262144 | 32768 | 32768 | None / None / None |`;

const AFTER_BOOT = `
| e1000-64k | 74977 | 28982 (28982 / 0) | 7986 | 37224 | 0 | 74192 | 0 | 0x80000000 (74192) | 44954 | 45210 | 0 | 32 | 470 | 10 / 44 / 507 |
| pcnet32-multitce-off | 311100 | 48848 (24424 / 24424) | 0 | 0 | 0 | 48848 | 0 | 0x80000000 (48848) | 24424 | 24424 | 0 | 93 | 111 | 1 / 16 / 95 |
| 8139cp-4kpages-smp2 | 85350 | 40112 (40112 / 0) | 2266 | 42378 | 0 | 84756 | 0 | 0x80000000 (84756) | 49101 | 49101 | 0 | 65 | 100 | 2 / 137 / 181 |
| e1000e-ddw-on | 580 | 0 (0 / 0) | 0 | 0 | 0 | 0 | 0 | - | 0 | 0 | 0 | 32768 | 32768 | None / None / None |`;

const TCES_PER_CALL = `
- e1000-64k: indirect 2x7986, 16x2; put-map 1x29245; stuff 1x29245, 2x7986, 512x512
- pcnet32-multitce-off: put-clear 1x286575; put-map 1x24524
- 8139cp-4kpages-smp2: indirect 2x618, 3x416, 4x409, 5x335, 6x293, 7x124, 8x71; put-map 1x40185; stuff 1x40120, 2x618, 3x416, 4x409, 5x335, 6x293, 7x124, 8x71, 512x512
- e1000e-ddw-on: indirect 512x64; stuff 512x512`;

/** Trace, phase, calls, payload bytes, calls per MB. */
const BY_PHASE = `
| e1000-64k | bulk-tx | 22218 | 25165824 | 882.9 |
| e1000-64k | bulk-rx | 17755 | 12582912 | 1411.0 |
| e1000-64k | rr-64-64 | 6006 | 192000 | 31281.2 |
| e1000-64k | sendfile-tx | 7130 | 8388608 | 850.0 |
| e1000-64k | tso-off | 12 | 0 | - |
| e1000-64k | bulk-tx-notso | 17536 | 6291456 | 2787.3 |
| e1000-64k | udp-tx-200 | 3000 | 0 | - |
| e1000-64k | all phases | 73657 | 52620800 | 1399.8 |
| pcnet32-multitce-off | bulk-tx | 23318 | 16777216 | 1389.9 |
| pcnet32-multitce-off | bulk-rx | 18880 | 8388608 | 2250.7 |
| pcnet32-multitce-off | rr-128-1024 | 3012 | 1728000 | 1743.1 |
| pcnet32-multitce-off | small-writes-tx | 3504 | 524288 | 6683.3 |
| pcnet32-multitce-off | all phases | 48714 | 27418112 | 1776.7 |
| 8139cp-4kpages-smp2 | bulk-tx | 27510 | 16777216 | 1639.7 |
| 8139cp-4kpages-smp2 | bulk-rx | 15168 | 10485760 | 1446.5 |
| 8139cp-4kpages-smp2 | bidir | 20313 | 12582912 | 1614.3 |
| 8139cp-4kpages-smp2 | 4-conn-tx | 12104 | 8388608 | 1442.9 |
| 8139cp-4kpages-smp2 | rr-1-1 | 9074 | 3000 | 3024666.7 |
| 8139cp-4kpages-smp2 | ifcycle | 174 | 0 | - |
| 8139cp-4kpages-smp2 | all phases | 84343 | 48237496 | 1748.5 |
| e1000e-ddw-on | bulk-tx | 0 | 16777216 | 0.0 |
| e1000e-ddw-on | bulk-rx | 0 | 16777216 | 0.0 |
| e1000e-ddw-on | rr-64-64 | 0 | 128000 | 0.0 |
| e1000e-ddw-on | ifcycle | 0 | 0 | - |
| e1000e-ddw-on | all phases | 0 | 33682432 | 0.0 |`;

function rowsOf(table: string, name: string): string[][] {
  const rows = table.split('\n').map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return rows.filter(([trace]) => trace === name);
}

/** A row of the README as the JSON it stands for, without the TCEs per call, which the README keeps elsewhere. */
function scopeOf(table: string, name: string): object {
  const [row = []] = rowsOf(table, name);
  const [, lines, puts = '', indirect, stuff, get, success, failed, liobns = '', ...rest] = row;
  const [put, putMap, putClear] = (puts.match(/\d+/g) ?? []).map(Number);
  const [mapped, unmapped, empty, live, peak] = rest.map(Number);
  const [p10, median, p90] = (rest[5] ?? '')
    .split(' / ')
    .map((cell) => (cell === 'None' ? null : Number(cell)));
  expect(failed).toBe('0');
  return {
    lines: Number(lines),
    calls: Number(success),
    byKind: { put, indirect: Number(indirect), stuff: Number(stuff), get: Number(get) },
    putMap,
    putClear,
    byReturnCode: success === '0' ? {} : { '0': Number(success) },
    liobns: Object.fromEntries([...liobns.matchAll(/(0x\w+) \((\d+)\)/g)].map((m) => [m[1], Number(m[2])])),
    tcesMapped: mapped,
    tcesUnmapped: unmapped,
    clearedWhileEmpty: empty,
    liveAtEnd: live,
    peakLive: peak,
    lifetimeCalls: { p10, median, p90 },
  };
}

function tcesPerCallOf(name: string): object {
  const row = TCES_PER_CALL.split('\n').find((line) => line.startsWith(`- ${name}:`)) ?? '';
  const sizes = (kind: string) => {
    const part = new RegExp(`${kind} ([^;]*)`).exec(row)?.[1] ?? '';
    return Object.fromEntries([...part.matchAll(/(\d+)x(\d+)/g)].map((m) => [m[1], Number(m[2])]));
  };
  return {
    putMap: sizes('put-map'),
    putClear: sizes('put-clear'),
    indirect: sizes('indirect'),
    stuff: sizes('stuff'),
  };
}

describe.skipIf(!existsSync(TRACES))(
  'the figures of the README of the real traces (../shared/traces)',
  () => {
    describe.each(['e1000-64k', 'pcnet32-multitce-off', '8139cp-4kpages-smp2', 'e1000e-ddw-on'])(
      '%s',
      (name) => {
        const path = `${TRACES}${name}.log.gz`;
        const read = async () => figuresOf(path, await readPhases(phasesPathOf(path) ?? ''));

        it('whole log', async () => {
          const { tcesPerCall, ...scope } = (await read()).whole;
          expect(scope).toEqual(scopeOf(WHOLE, name));
          expect(tcesPerCall).toEqual(tcesPerCallOf(name));
        });

        it('after boot', async () => {
          const { tcesPerCall, ...scope } = (await read()).afterBoot;
          expect(scope).toEqual(scopeOf(AFTER_BOOT, name));
          const { putMap, indirect } =
            scope.byKind.put === 0 ? { putMap: 0, indirect: 0 } : countAll(tcesPerCall);
          expect({ putMap, indirect }).toEqual({ putMap: scope.putMap, indirect: scope.byKind.indirect });
        });

        it('calls by phase', async () => {
          const { phases, allPhases } = await read();
          const [boot, ...workload] = phases;
          expect(boot?.name).toBe('boot');
          const rows = [...workload, allPhases].map((phase) => [
            name,
            phase?.name,
            String(phase?.calls),
            String(phase?.payloadBytes),
            phase?.callsPerMB === null ? '-' : roundHalfEven(phase?.callsPerMB ?? Number.NaN),
          ]);
          expect(rows).toEqual(rowsOf(BY_PHASE, name));
        });

        it('no phases known: the boot ends with the clearing, and there is no sum of phases', async () => {
          const { allPhases, afterBoot, whole } = await figuresOf(path, null);
          expect(allPhases).toBeNull();
          expect(whole.clearedWhileEmpty - afterBoot.clearedWhileEmpty).toBe(262144);
        });
      },
    );
  },
);

function countAll(tcesPerCall: LogFigures['whole']['tcesPerCall']): { putMap: number; indirect: number } {
  const sum = (sizes: Readonly<Record<string, number>>) => Object.values(sizes).reduce((a, b) => a + b, 0);
  return { putMap: sum(tcesPerCall.putMap), indirect: sum(tcesPerCall.indirect) };
}

/** The README was printed by a program that rounds 31281.25 to 31281.2. */
function roundHalfEven(value: number): string {
  const tenths = value * 10;
  const floor = Math.floor(tenths);
  const isTie = tenths - floor === 0.5;
  return (isTie && floor % 2 === 0 ? floor / 10 : Math.round(tenths) / 10).toFixed(1);
}

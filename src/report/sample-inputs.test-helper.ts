import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COST_PROFILES } from '../cost/profiles/profiles.js';
import { explainArm } from '../experiment/explain.js';
import { replayLogs } from '../experiment/replay/replay.js';
import { runScenario } from '../experiment/run.js';
import { sensitivityOf } from '../experiment/sensitivity.js';
import { solveConstant } from '../experiment/solve.js';
import { REVISIONS } from '../path/revisions/revisions.js';
import type { CompareDocument } from '../result/compare-document.js';
import type { ConformDocument } from '../result/conform-document.js';
import { readDocument } from '../result/read-document.js';
import type { RunDocument } from '../result/run-document.js';
import type { SweepDocument } from '../result/sweep-document.js';
import { resolveScenario } from '../scenario/load-scenario.js';
import type { ReportInput } from './page/part.js';

/** Markup that must be shown as text wherever it came from. */
export const MARKUP = '<img src=x onerror="document.title=1">&amp;';

const RESULTS = new URL('../../results/', import.meta.url);
const SHORT = { bytes: 2e6, warmup: 1e6, draws: 20 };

/** The text of a committed reference result. */
function referenceText(name: string): string {
  return readFileSync(new URL(`claim/${name}`, RESULTS), 'utf8');
}

/** A report input of every kind of document; names, warnings and files have markup in them. */
export async function everyKind(): Promise<readonly ReportInput[]> {
  const resolved = resolveScenario({ run: SHORT });
  const requests = resolveScenario({ traffic: { workload: 'rr', flows: 4 }, run: SHORT });
  const { document: claim } = readDocument(referenceText('claim.json'), 'claim.json');
  const run = runScenario(requests, 'test', { trial: false }).document;
  const log = fileURLToPath(new URL('traces/e1000e-ddw-on.log.gz', RESULTS));
  const replay = await replayLogs([log], {
    ...{ revision: first(REVISIONS), profile: first(COST_PROFILES), windows: [], ramBytes: undefined },
    ...{ bootLines: undefined, seed: 1, run: 1, draws: 20, version: 'test', stdin: process.stdin },
    ...{ recording: undefined, facts: undefined },
  });
  const question = { key: 'exitToUserspaceNs', arm: 'single-userspace', targetBytesPerSec: 150e6 } as const;
  const input = (file: string, result: ReportInput['result']): ReportInput => ({
    ...{ file, result, provenance: 'absent' },
  });
  return [
    input('claim.json', { kind: 'run', document: claim as RunDocument }),
    input(`${MARKUP}.json`, { kind: 'run', document: { ...run, warnings: [MARKUP] } }),
    input('sweep.json', { kind: 'sweep', document: sweepOf(run) }),
    input('sensitivity.json', {
      kind: 'sensitivity',
      document: sensitivityOf(resolved, 'single-real', 'test'),
    }),
    input('explain.json', { kind: 'explain', document: explainArm(resolved, 'multi-real', 'test') }),
    input('solve.json', { kind: 'solve', document: solveConstant(resolved, question, 'test') }),
    input('compare.json', { kind: 'compare', document: COMPARISON }),
    input('replay.json', { kind: 'replay', document: replay }),
    input('conform.json', { kind: 'conform', document: CONFORMANCE }),
    {
      ...input('measured.json', readDocument(referenceText('measured.json'), 'measured.json')),
      provenance: JSON.parse(referenceText('measured.provenance.json')),
    },
  ];
}

/** Rates of a run along an axis of powers of two, and along one of words. */
function sweepOf({ arms }: RunDocument): SweepDocument {
  const sizes = [1, 2, 4, 8, 16];
  const offloads = [MARKUP, 'tso'];
  const slow = 'single-userspace';
  const fast = 'multi-real';
  return {
    ...{ schema: 'tcebench.sweep/1', clock: 'modelled', version: 'test' },
    plan: {
      ...{ schema: 'tcebench.plan/1', version: 'test', name: MARKUP, base: {}, mode: 'cartesian' },
      axes: [
        { key: 'nic.offload', values: offloads },
        { key: 'traffic.sendBytes', values: sizes },
      ],
      ...{ jobs: 10, files: [], hash: 'h' },
    },
    missing: [],
    failed: [{ job: 9, reason: MARKUP }],
    rows: offloads.flatMap((offload, i) =>
      sizes.flatMap((size, k) =>
        arms.map((arm) => ({
          job: i * sizes.length + k,
          values: [offload, size],
          arm: { ...arm, rateBytesPerSec: arm.rateBytesPerSec * size },
        })),
      ),
    ),
    crossovers: [
      {
        key: 'traffic.sendBytes',
        at: { 'nic.offload': 'tso' },
        slow,
        fast,
        reached: 'from',
        value: 4,
        interpolated: 3.5,
      },
      {
        key: 'traffic.sendBytes',
        at: { 'nic.offload': MARKUP },
        slow,
        fast,
        reached: 'none',
        value: null,
        interpolated: null,
      },
    ],
    warnings: [MARKUP],
  };
}

const RATE = { unit: 'B/s', better: 'more', basis: 'exact', p: null } as const;
const COMPARISON: CompareDocument = {
  ...{ schema: 'tcebench.compare/1', clock: 'modelled', before: MARKUP, after: 'new.json' },
  ...{ comparable: true, reasons: [], differences: [MARKUP], warnings: [] },
  ...{ noiseFloor: null, smallestDetectableChange: null },
  rows: [
    { ...RATE, metric: MARKUP, before: 100, after: 120, ratio: 1.2, low: 1.1, high: 1.3, verdict: 'better' },
    { ...RATE, metric: 'direct.rate', before: 1, after: 1, ratio: 1, low: null, high: null, verdict: 'same' },
    {
      ...RATE,
      metric: 'gone.rate',
      before: 1,
      after: null,
      ratio: null,
      low: null,
      high: null,
      verdict: 'missing',
    },
  ],
  gates: [{ expression: MARKUP, observed: null, verdict: 'undecided', reason: 'no such arm' }],
};

const CONFORMANCE: ConformDocument = {
  ...{ files: 1, operations: 7, mismatches: 1, truncated: true },
  firstMismatches: [
    { file: MARKUP, line: 3, op: 'hcall', expected: { ret: '0x0' }, actual: { ret: MARKUP }, state: null },
  ],
  perFile: [{ file: MARKUP, kernel: 'v3', revision: 'v3', operations: 7, mismatches: 1, truncated: true }],
};

function first<T>(all: readonly T[]): T {
  const [found] = all;
  if (found === undefined) throw new Error('an empty list');
  return found;
}

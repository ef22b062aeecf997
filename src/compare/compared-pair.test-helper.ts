import type { CompareDocument } from '../result/compare-document.js';
import type { MeasureDocument, MeasuredSlice } from '../result/measure-document.js';
import type { Provenance } from '../result/provenance.js';
import type { RunDocument } from '../result/run-document.js';
import { compareDocuments } from './compare.js';
import type { ComparedInput } from './compared-input.js';
import { parseGate } from './gate.js';
import { selfTestInputs } from './self-test-documents.js';

/** A made-up input of a kind. */
export function madeUp(kind: 'run' | 'measure' | 'replay' | 'sweep'): ComparedInput {
  const found = selfTestInputs().find(({ document }) => document.schema === `tcebench.${kind}/1`);
  if (found === undefined) throw new Error(kind);
  return { ...found, place: `${kind}.json`, provenance: provenanceOf('cpu of the test') };
}

/** Facts of a machine. */
export function provenanceOf(cpu: string, node = 'v20.20.2'): Provenance {
  return {
    schema: 'tcebench.provenance/1',
    documentSha256: '',
    command: [],
    startedAt: '',
    node,
    nodeFlags: [],
    os: 'linux',
    cpu,
    cores: 2,
    loadAverage: [0, 0, 0],
    commit: null,
    dirty: null,
  };
}

/** A run whose arms have these rates, with draws that are `factors` times 100 MB/s. */
export function runWith(
  change: (document: RunDocument) => RunDocument,
  factors?: readonly number[],
): ComparedInput {
  const input = madeUp('run');
  const document = change(input.document as RunDocument);
  if (factors === undefined) return { ...input, document, samples: null };
  const rates = new Map(document.arms.map(({ id }) => [id as string, factors.map((factor) => factor * 1e8)]));
  return { ...input, document, samples: { kind: 'drawn', rates } };
}

/** A measurement whose eight forks have these medians, in ns. */
export function measuredWith(
  forks: readonly number[],
  change: (document: MeasureDocument) => MeasureDocument = (document) => document,
): ComparedInput {
  const input = madeUp('measure');
  const slices = forks.map(
    (medianNs, fork): MeasuredSlice => ({
      armId: 'single-real',
      fork,
      slice: fork,
      calls: 1,
      medianNs,
      p99Ns: 2 * medianNs,
      callsPerSec: 1e9 / medianNs,
    }),
  );
  const median = [...forks].sort((a, b) => a - b);
  const middle = ((median[3] as number) + (median[4] as number)) / 2;
  const document = change(input.document as MeasureDocument);
  const arms = document.arms.map((arm) => ({ ...arm, nsPerCall: { ...arm.nsPerCall, median: middle } }));
  return { ...input, document: { ...document, arms }, samples: { kind: 'measured', slices } };
}

/** Compares with these gates. */
export function compared(
  before: ComparedInput | null,
  after: ComparedInput,
  ...gates: readonly string[]
): CompareDocument {
  return compareDocuments(before, after, { gates: gates.map(parseGate), acrossMachines: false });
}

/** The row of a metric. */
export function rowOf(document: CompareDocument, metric: string): CompareDocument['rows'][number] {
  const row = document.rows.find((candidate) => candidate.metric === metric);
  if (row === undefined) throw new Error(`no row of ${metric}`);
  return row;
}

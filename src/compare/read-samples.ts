import { parse } from 'csv-parse/sync';
import type { MeasuredSlice } from '../result/measure-document.js';
import type { Samples } from './compared-input.js';

/** The columns that hold a sample, by the schema of the document. */
const COLUMNS = {
  'tcebench.run/1': ['clock', 'arm', 'draw', 'rate_bytes_per_sec'],
  'tcebench.measure/1': [
    'clock',
    'arm',
    'slice',
    'calls',
    'call_median_ns',
    'call_p99_ns',
    'fork',
    'calls_per_sec',
  ],
} as const;

/** Reads the raw rows that `run` or `measure` left beside a document; null where they lack a column. */
export function readSamples(csv: string, schema: keyof typeof COLUMNS): Samples | null {
  let rows: Readonly<Record<string, string>>[];
  try {
    rows = parse(csv, { columns: true }) as Readonly<Record<string, string>>[];
  } catch {
    return null;
  }
  if (rows.length === 0 || COLUMNS[schema].some((column) => rows[0]?.[column] === undefined)) return null;
  if (schema === 'tcebench.run/1') return drawnRates(rows);
  return { kind: 'measured', slices: rows.map(sliceOf) };
}

function drawnRates(rows: readonly Readonly<Record<string, string>>[]): Samples {
  const rates = new Map<string, number[]>();
  for (const { arm = '', rate_bytes_per_sec } of rows) {
    const own = rates.get(arm) ?? [];
    own.push(Number(rate_bytes_per_sec));
    rates.set(arm, own);
  }
  return { kind: 'drawn', rates };
}

function sliceOf(row: Readonly<Record<string, string>>): MeasuredSlice {
  return {
    armId: row.arm ?? '',
    fork: Number(row.fork),
    slice: Number(row.slice),
    calls: Number(row.calls),
    medianNs: Number(row.call_median_ns),
    p99Ns: Number(row.call_p99_ns),
    callsPerSec: Number(row.calls_per_sec),
  };
}

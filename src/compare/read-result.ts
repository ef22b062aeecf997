import { parse } from 'csv-parse/sync';
import type { z } from 'zod';
import { inputError } from '../errors.js';
import { parseJson } from '../input-text.js';
import { knownHint } from '../nearest.js';
import type { MeasuredSlice } from '../result/measure-document.js';
import { measureSchema } from '../result/schemas/measure-schema.js';
import { replaySchema } from '../result/schemas/replay-schema.js';
import { runSchema } from '../result/schemas/run-schema.js';
import { sweepSchema } from '../result/schemas/sweep-schema.js';
import type { ResultDocument, Samples } from './compared-input.js';

const SCHEMAS: ReadonlyMap<string, z.ZodType<ResultDocument>> = new Map<string, z.ZodType<ResultDocument>>([
  ['tcebench.run/1', runSchema],
  ['tcebench.measure/1', measureSchema],
  ['tcebench.replay/1', replaySchema],
  ['tcebench.sweep/1', sweepSchema],
]);

/** Reads a result document and checks every key of it: an input error names the file and the first key that is wrong. */
export function readResult(text: string, place: string): ResultDocument {
  const value = jsonOf(text, place);
  const name = (value as { schema?: unknown } | null)?.schema;
  if (typeof name !== 'string') {
    throw inputError(
      `${place} is no result document: it has no schema`,
      `known: ${[...SCHEMAS.keys()].join(', ')}`,
    );
  }
  const schema = SCHEMAS.get(name);
  if (schema === undefined) {
    throw inputError(`${place}: schema "${name}" cannot be compared`, knownHint(name, [...SCHEMAS.keys()]));
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw inputError(
    `${place}: ${issue?.path.join('.')}: ${complaint(issue, value)}`,
    `it is no whole ${name}`,
  );
}

function complaint(issue: z.core.$ZodIssue | undefined, document: unknown): string {
  let at = document;
  for (const key of issue?.path ?? []) at = (at as Record<PropertyKey, unknown> | undefined)?.[key];
  if (at === undefined) return 'is missing';
  if (issue?.code === 'invalid_type') return `is no ${issue.expected}`;
  if (issue?.code === 'invalid_value') return `is none of ${issue.values.join(', ')}`;
  if (issue?.code === 'too_small') return `is below ${issue.minimum}`;
  if (issue?.code === 'too_big') return `is above ${issue.maximum}`;
  return issue?.message ?? 'is not valid';
}

function jsonOf(text: string, place: string): unknown {
  if (text.trim() === '') throw inputError(`${place} is empty`, 'name the JSON document of a result');
  try {
    return parseJson(text);
  } catch (error) {
    throw inputError(
      `${place} is no whole JSON: ${(error as Error).message}`,
      'name the JSON document of a result',
    );
  }
}

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

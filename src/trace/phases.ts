import { readFile } from 'node:fs/promises';
import { inputError } from '../errors.js';
import type { LineRange } from './range-snapshots.js';

/** The phase that is everything before the workload. */
export const BOOT_PHASE = 'boot';

/** A phase of the workload, as a range of lines. */
export interface Phase extends LineRange {
  /** Payload moved in both directions together. */
  readonly payloadBytes: number;
}

/** Columns that must be there, in any order and among any others. */
const COLUMNS = ['phase', 'line_from', 'line_to', 'payload_bytes'] as const;

/** Where the phases of a log stand if they are known: beside it, `NAME.phases.tsv`. Null for stdin. */
export function phasesPathOf(logPath: string): string | null {
  return logPath === '-' ? null : `${logPath.replace(/(\.log)?(\.gz)?$/, '')}.phases.tsv`;
}

/**
 * Reads the phases of a log, in the order of the file.
 *
 * @returns null where there is no such file
 * @throws TcebenchError with file and line where it cannot be read as phases
 */
export async function readPhases(path: string): Promise<readonly Phase[] | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw inputError(`${path}: cannot be read: ${message}`);
  }
  return parsePhases(path, text);
}

/** Reads the text of a phases file; `path` only names it in errors. */
export function parsePhases(path: string, text: string): readonly Phase[] {
  const rows = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = (rows[0] ?? '').split('\t');
  const [name, lineFrom, lineTo, payloadBytes] = COLUMNS.map((column) => {
    const index = header.indexOf(column);
    if (index >= 0) return index;
    throw inputError(`${path}:1: no column ${column}`, `the header row must name ${COLUMNS.join(', ')}`);
  }) as [number, number, number, number];
  const phases: Phase[] = [];
  for (const [index, row] of rows.entries()) {
    if (index === 0 || row === '') continue;
    const place = `${path}:${index + 1}`;
    const cells = row.split('\t');
    phases.push({
      name: cells[name] || missing(place, 'phase'),
      lineFrom: wholeNumber(place, 'line_from', cells[lineFrom]),
      lineTo: wholeNumber(place, 'line_to', cells[lineTo]),
      payloadBytes: wholeNumber(place, 'payload_bytes', cells[payloadBytes]),
    });
  }
  return phases;
}

/** The text of a phases file. */
export function phasesText(phases: readonly Phase[]): string {
  const rows = phases.map(({ name, lineFrom, lineTo, payloadBytes }) => [
    name,
    lineFrom,
    lineTo,
    payloadBytes,
  ]);
  return [COLUMNS, ...rows].map((cells) => `${cells.join('\t')}\n`).join('');
}

function missing(place: string, column: string): never {
  throw inputError(`${place}: no ${column}`, 'columns are separated by one tab');
}

function wholeNumber(place: string, column: string, cell: string | undefined): number {
  if (cell === undefined || cell === '') return missing(place, column);
  const value = /^\d+$/.test(cell) ? Number(cell) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw inputError(`${place}: ${column} is ${cell}, not a whole number`);
  return value;
}

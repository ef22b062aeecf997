import { inputError } from '../errors.js';
import { readTextIfThere } from '../input-text.js';
import type { LineRange } from './range-snapshots.js';

/** The phase that is everything before the workload. */
export const BOOT_PHASE = 'boot';

/** What the guest's interface counted over a phase, headers included. */
export interface InterfaceCounters {
  readonly rxPackets: number;
  readonly rxBytes: number;
  readonly txPackets: number;
  readonly txBytes: number;
}

/** A phase of the workload, as a range of lines. */
export interface Phase extends LineRange {
  /** Payload moved in both directions together. */
  readonly payloadBytes: number;
  /** Where the file has them. */
  readonly counters?: InterfaceCounters;
}

/** Columns that must be there, in any order and among any others. */
const COLUMNS = ['phase', 'line_from', 'line_to', 'payload_bytes'] as const;
/** Columns that may be there, all or none. */
const COUNTER_COLUMNS = ['rx_packets', 'rx_bytes', 'tx_packets', 'tx_bytes'] as const;

/** Whether a log of so many lines holds a phase to its end; payload and counters are of whole phases only. */
export function isWhole(phase: Phase, lines: number): boolean {
  return phase.lineTo <= lines;
}

/** Where the phases of a log stand if they are known: beside it, `NAME.phases.tsv`. Null for stdin. */
export function phasesPathOf(logPath: string): string | null {
  return logPath === '-' ? null : `${logPath.replace(/(\.log)?(\.gz)?$/, '')}.phases.tsv`;
}

/** The phases in the file beside a log; null where there is none. */
export async function phasesBeside(logPath: string): Promise<readonly Phase[] | null> {
  const path = phasesPathOf(logPath);
  return path === null ? null : readPhases(path);
}

/**
 * Reads the phases of a log, in the order of the file.
 *
 * @returns null where there is no such file
 * @throws TcebenchError with file and line where it cannot be read as phases
 */
export async function readPhases(path: string): Promise<readonly Phase[] | null> {
  const text = readTextIfThere(path, { hint: 'mend it or take it away: a log needs no phases' });
  return text === null ? null : parsePhases(path, text);
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
  const counterColumns = COUNTER_COLUMNS.map((column) => header.indexOf(column));
  const hasCounters = counterColumns.every((index) => index >= 0);
  const phases: Phase[] = [];
  for (const [index, row] of rows.entries()) {
    if (index === 0 || row === '') continue;
    const place = `${path}:${index + 1}`;
    const cells = row.split('\t');
    const [rxPackets, rxBytes, txPackets, txBytes] = COUNTER_COLUMNS.map((column, i) =>
      hasCounters ? wholeNumber(place, column, cells[counterColumns[i] as number]) : 0,
    ) as [number, number, number, number];
    phases.push({
      ...(hasCounters ? { counters: { rxPackets, rxBytes, txPackets, txBytes } } : {}),
      name: cells[name] || missing(place, 'phase'),
      lineFrom: wholeNumber(place, 'line_from', cells[lineFrom]),
      lineTo: wholeNumber(place, 'line_to', cells[lineTo]),
      payloadBytes: wholeNumber(place, 'payload_bytes', cells[payloadBytes]),
    });
  }
  return phases;
}

/** The text of a phases file; with counters where every phase has them. */
export function phasesText(phases: readonly Phase[]): string {
  const hasCounters = phases.every(({ counters }) => counters !== undefined);
  const rows = phases.map(({ name, lineFrom, lineTo, payloadBytes, counters }) => {
    const cells = [name, lineFrom, lineTo, payloadBytes];
    if (counters === undefined || !hasCounters) return cells;
    const { rxPackets, rxBytes, txPackets, txBytes } = counters;
    return [...cells, rxPackets, rxBytes, txPackets, txBytes];
  });
  const columns = [...COLUMNS, ...(hasCounters ? COUNTER_COLUMNS : [])];
  return [columns, ...rows].map((cells) => `${cells.join('\t')}\n`).join('');
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

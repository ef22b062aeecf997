import type { ArmId } from '../result/run-document.js';
import {
  type Crossover,
  type SettingValue,
  type SweepDocument,
  type SweepPlan,
  settingText,
} from '../result/sweep-document.js';
import { MB, significant } from '../units.js';
import type { Painter } from './painter.js';
import { left, right, textTable } from './text-table.js';

/** What a text of a sweep is made from: all of its document but the rows, and the rate of each. */
export interface SweepSummary extends Pick<SweepDocument, 'missing' | 'failed' | 'warnings'> {
  readonly plan: SweepPlan;
  readonly arms: readonly ArmId[];
  readonly crossovers: Iterable<Crossover>;
  /** Bytes per second; NaN where there is none. */
  readonly rateOf: (job: number, arm: ArmId) => number;
  readonly valuesOf: (job: number) => readonly SettingValue[];
}

const MAX_JOBS = 64;
const MAX_CROSSOVERS = 32;
const MAX_FAILED = 10;
const MAX_NOTES = 10;

/** A sweep for the terminal: rates, crossovers, what failed. */
export function sweepText(summary: SweepSummary, paint: Painter): string {
  const { plan, warnings, failed } = summary;
  const what = plan.axes
    .map(({ key, values }) => `${key} (${values.length})`)
    .join(plan.mode === 'zip' ? ' + ' : ' x ');
  return [
    `${paint('bold', 'Modelled clock')}: ${plan.name}, ${plan.jobs} jobs over ${what}; MB/s at the chosen value of every constant`,
    '',
    ratesTable(summary),
    ...crossoverLines(summary, paint),
    ...failed.slice(0, MAX_FAILED).map(({ job, reason }) => paint('red', `job ${job} failed: ${reason}`)),
    ...more(failed.length, MAX_FAILED, 'failed jobs are in the document'),
    ...warnings.slice(0, MAX_NOTES).map((warning) => `${paint('yellow', 'note')}: ${warning}`),
    ...more(warnings.length, MAX_NOTES, 'notes are in the document'),
    '',
  ].join('\n');
}

function ratesTable({ plan, arms, rateOf, valuesOf }: SweepSummary): string {
  const shown = arms.filter((arm) => anyRate(plan.jobs, (job) => rateOf(job, arm)));
  const jobs = Array.from({ length: Math.min(plan.jobs, MAX_JOBS) }, (_, job) => job);
  const rows = jobs.map((job) => [
    String(job),
    ...valuesOf(job).map(settingText),
    ...shown.map((arm) => {
      const rate = rateOf(job, arm);
      return Number.isNaN(rate) ? '-' : significant(rate / MB);
    }),
  ]);
  const columns = [right('job'), ...plan.axes.map(({ key }) => left(key)), ...shown.map(right)];
  return [textTable(columns, rows), ...more(plan.jobs, MAX_JOBS, 'jobs are in the CSV')].join('');
}

function anyRate(jobs: number, rateOf: (job: number) => number): boolean {
  for (let job = 0; job < jobs; job++) if (!Number.isNaN(rateOf(job))) return true;
  return false;
}

function crossoverLines({ crossovers }: SweepSummary, paint: Painter): string[] {
  const found: string[] = [];
  const absent = new Map<string, number>();
  let count = 0;
  for (const crossover of crossovers) {
    const { key, slow, fast, reached, value } = crossover;
    if (value === null) {
      const line = `none: ${slow} reaches ${fast} at ${reached === 'none' ? 'no' : 'every'} value of ${key}`;
      absent.set(line, (absent.get(line) ?? 0) + 1);
    } else if (count++ < MAX_CROSSOVERS) found.push(`  ${crossoverText(crossover)}`);
  }
  if (found.length + absent.size === 0) return [];
  return [
    paint(
      'bold',
      'Crossovers (reached: a rate as high or higher, no tolerance, at the values that were run)',
    ),
    ...found,
    ...more(count, MAX_CROSSOVERS, 'crossovers are in the document'),
    ...Array.from(absent, ([line, lines]) => `  ${line}${lines > 1 ? `, ${lines} times` : ''}`),
    '',
  ];
}

/** Where one arm reaches another, in one sentence; `value` is not null. */
export function crossoverText({ key, at, slow, fast, reached, value, interpolated }: Crossover): string {
  const held = Object.entries(at).map(([other, held]) => `${other}=${settingText(held)}`);
  const where = held.length === 0 ? '' : ` (${held.join(' ')})`;
  const about =
    interpolated === null ? '' : `; equal at about ${significant(interpolated)}, interpolated log-linearly`;
  const pair = `${slow} reaches ${fast}`;
  if (reached === 'several')
    return `${pair} at ${key} = ${value} first, but not at all higher values${where}`;
  return reached === 'from'
    ? `${pair} from ${key} = ${value} on${about}${where}`
    : `${pair} up to ${key} = ${value}${about}${where}`;
}

function more(count: number, shown: number, where: string): string[] {
  return count > shown ? [`  ... ${count - shown} further ${where}\n`] : [];
}

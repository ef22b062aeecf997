import { ARM_COLUMN_NAMES, armColumns } from './csv.js';
import { csvLines } from './csv-text.js';
import type { SettingValue, SweepJob, SweepPlan } from './sweep-document.js';

/**
 * One row per job and arm, piece by piece: clock, job, a column for each axis named by its key, then the columns of a
 * run. A job that failed has no row.
 */
export async function* sweepCsv(plan: SweepPlan, jobs: AsyncIterable<SweepJob>): AsyncGenerator<string> {
  const keys = plan.axes.map(({ key }) => key);
  const columns = ['clock', 'job', ...keys, ...ARM_COLUMN_NAMES];
  yield csvLines(columns, [], true);
  for await (const { job, values, arms, costProfile } of jobs) {
    const axes = Object.fromEntries(keys.map((key, i) => [key, csvValue(values[i] ?? null)]));
    const rows = arms.map((arm) => ({
      clock: 'modelled',
      job,
      ...axes,
      ...armColumns(arm, costProfile ?? ''),
    }));
    if (rows.length > 0) yield csvLines(columns, rows, false);
  }
}

function csvValue(value: SettingValue): string | number | boolean | null {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson, readTextIfThere } from '../../input-text.js';
import type { SweepJob, SweepPlan } from '../../result/sweep-document.js';

const JOB_FILE = /^(\d{6,})\.json$/;
const TEMPORARY = /^\.\d{6,}\.json\..*\.tmp$/;

/** The folder of the results of single jobs within the folder of a sweep. */
export function jobsFolder(folder: string): string {
  return join(folder, 'jobs');
}

/** The file of a job's result. */
export function jobFile(folder: string, job: number): string {
  return join(jobsFolder(folder), jobFileName(job));
}

function jobFileName(job: number): string {
  return `${String(job).padStart(6, '0')}.json`;
}

/** Writes a result whole or not at all; `mark` keeps writers of one folder apart. */
export function writeJob(folder: string, result: SweepJob, mark: string): void {
  const temporary = join(jobsFolder(folder), `.${jobFileName(result.job)}.${mark}.tmp`);
  try {
    writeFileSync(temporary, jobBytes(result));
    renameSync(temporary, jobFile(folder, result.job));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The bytes of a result's file. */
function jobBytes(result: SweepJob): string {
  return `${JSON.stringify(result)}\n`;
}

/** Removes what a stopped writer left half-written. */
export async function removeTemporaries(folder: string, mark: string): Promise<void> {
  const names = await readdir(jobsFolder(folder)).catch(() => []);
  const own = names.filter((name) => TEMPORARY.test(name) && name.endsWith(`.${mark}.tmp`));
  await Promise.all(own.map((name) => rm(join(jobsFolder(folder), name), { force: true })));
}

/** What is under the name of a job. */
export type FoundJob =
  | { readonly kind: 'result'; readonly result: SweepJob; readonly text: string }
  | { readonly kind: 'absent' }
  /** Of another plan, or no result at all. */
  | { readonly kind: 'foreign' | 'unreadable'; readonly file: string };

/** Reads the result of a job; not by promises, which cost several times the reading of so small a file. */
export function readJob(folder: string, plan: SweepPlan, job: number): FoundJob {
  const file = jobFile(folder, job);
  let text: string | null;
  try {
    text = readTextIfThere(file);
  } catch {
    return { kind: 'unreadable', file };
  }
  if (text === null) return { kind: 'absent' };
  const result = parsed(text);
  if (result?.schema !== 'tcebench.job/1' || result.job !== job) return { kind: 'unreadable', file };
  return result.plan === plan.hash ? { kind: 'result', result, text } : { kind: 'foreign', file };
}

function parsed(text: string): (Partial<SweepJob> & SweepJob) | null {
  try {
    return parseJson(text) as SweepJob;
  } catch {
    return null;
  }
}

/** The jobs of which a folder has a file, whatever it holds. */
export async function jobsWithFile(folder: string): Promise<ReadonlySet<number>> {
  const names = await readdir(jobsFolder(folder)).catch(() => []);
  return new Set(names.flatMap((name) => JOB_FILE.exec(name)?.[1] ?? []).map(Number));
}

import { workerData } from 'piscina';
import type { SweepPlan } from '../../result/sweep-document.js';
import { runJob } from './job.js';
import { jobFile, writeJob } from './job-files.js';

/** What every worker of a pool is told once. */
export interface SweepWorkerData {
  readonly plan: SweepPlan;
  readonly folder: string;
  /** Part of the names of temporary files. */
  readonly mark: string;
  /** Shared with the coordinator: {@link DONE} and {@link FAILED}. */
  readonly counters: Int32Array;
}

/** Jobs that have a result, the failed ones included. */
export const DONE = 0;
/** Jobs whose result is that they failed. */
export const FAILED = 1;

/** Runs jobs and writes their results; null, or why a result could not be written. */
export async function runJobs(jobs: readonly number[]): Promise<string | null> {
  const { plan, folder, mark, counters } = workerData as SweepWorkerData;
  for (const job of jobs) {
    const result = await runJob(plan, job);
    try {
      writeJob(folder, result, mark);
    } catch (error) {
      return `${jobFile(folder, job)}: ${(error as Error).message}`;
    }
    Atomics.add(counters, DONE, 1);
    if (result.failed !== null) Atomics.add(counters, FAILED, 1);
  }
  return null;
}

import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inputError, TcebenchError } from '../../errors.js';
import { readTextIfThere } from '../../input-text.js';
import { makeFolder } from '../../make-folder.js';
import type { SweepPlan } from '../../result/sweep-document.js';
import { jobsFolder, jobsWithFile, readJob } from './job-files.js';
import { parsePlan, planText } from './plan-file.js';

/** The plan's file in the folder of a sweep. */
function planFile(folder: string): string {
  return join(folder, 'plan.json');
}

/** The plan of a folder, or null where it holds none. */
export async function planOf(folder: string): Promise<SweepPlan | null> {
  const file = planFile(folder);
  const text = readTextIfThere(file, { hint: 'name a folder of a sweep' });
  return text === null ? null : parsePlan(text, file);
}

/**
 * Makes a folder ready for the jobs of a plan, the plan first. One that holds a plan already is refused, but for
 * `resume` where it is the same.
 */
export async function openFolder(folder: string, plan: SweepPlan, resume: boolean): Promise<void> {
  const found = await planOf(folder);
  if (found !== null && found.hash !== plan.hash) {
    throw inputError(
      `${folder} holds another sweep: its plan is ${found.hash}, this one ${plan.hash}`,
      'name another folder',
    );
  }
  if (found !== null && !resume) {
    throw inputError(`${folder} holds this sweep already`, 'go on with --resume, or name another folder');
  }
  await writing(jobsFolder(folder), () => makeFolder(jobsFolder(folder)));
  if (found === null) await writeWhole(planFile(folder), planText(plan));
}

/** Writes a file whole or not at all; a failure is an error with its path. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.${randomBytes(4).toString('hex')}.tmp`);
  await writing(path, async () => {
    try {
      await writeFile(temporary, text);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  });
}

async function writing(path: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new TcebenchError(
      'output',
      `cannot write ${path}: ${(error as Error).message}`,
      'make room, or name a folder that you may write to',
    );
  }
}

/** What there is to do in a folder, and how many of its results are failures. */
export interface OpenJobs {
  readonly missing: readonly number[];
  readonly failed: number;
}

/** The jobs of `wanted` that a folder has no whole result of; `onWarning` is told of files that are none. */
export async function jobsToDo(
  folder: string,
  plan: SweepPlan,
  wanted: readonly number[],
  onWarning: (text: string) => void,
): Promise<OpenJobs> {
  const have = await jobsWithFile(folder);
  const missing: number[] = [];
  let failed = 0;
  for (const job of wanted) {
    const found = have.has(job) ? readJob(folder, plan, job) : { kind: 'absent' as const };
    if (found.kind === 'foreign') onWarning(`${found.file} is of another plan: the job is run again`);
    if (found.kind === 'unreadable') onWarning(`${found.file} is no whole result: the job is run again`);
    if (found.kind !== 'result') missing.push(job);
    else if (found.result.failed !== null) failed++;
  }
  return { missing, failed };
}

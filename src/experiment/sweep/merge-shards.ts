import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { inputError, TcebenchError } from '../../errors.js';
import type { SweepPlan } from '../../result/sweep-document.js';
import { jobFile, jobsWithFile, readJob } from './job-files.js';
import { openFolder, planOf, writeWhole } from './sweep-folder.js';
import { SweepResults } from './sweep-results.js';

/** Names of one kind that a message tells. */
const MAX_NAMES = 5;

/** Shards of one sweep that together hold every job. */
export interface JoinedShards {
  readonly results: SweepResults;
  /** What a reader may want to know, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Joins the folders of a sweep's parts, whatever their order: reads every result, writes nothing. A folder of another
 * plan, a job with more than one result, and a job without any are an error that names them.
 */
export async function joinShards(folders: readonly string[]): Promise<JoinedShards> {
  const plan = await commonPlan(folders);
  const owner = new Int32Array(plan.jobs).fill(-1);
  const different: string[] = [];
  const equal: string[] = [];
  const notes: string[] = [];
  for (const [at, folder] of folders.entries()) {
    const jobs = await jobsWithFile(folder);
    for (const job of [...jobs].sort((a, b) => a - b)) {
      const found = job < plan.jobs ? readJob(folder, plan, job) : { kind: 'foreign' as const };
      if (found.kind !== 'result') {
        notes.push(`${jobFile(folder, job)} is no result of this sweep and is left out`);
      } else if (owner[job] === -1) owner[job] = at;
      else {
        const first = folders[owner[job] as number] as string;
        const kind = hasOtherBytes(first, plan, job, found.text) ? different : equal;
        kind.push(`${jobFile(first, job)} and ${jobFile(folder, job)}`);
      }
    }
  }
  const holes = Array.from(owner.keys()).filter((job) => owner[job] === -1);
  const problems = [
    ...(different.length > 0 ? [`results that differ: ${some(different)}`] : []),
    ...(equal.length > 0 ? [`jobs that are there twice, with equal results: ${some(equal)}`] : []),
    ...(holes.length > 0
      ? [`jobs without a result: ${some(holes.map((job) => basename(jobFile('', job))))}`]
      : []),
  ];
  if (problems.length > 0) throw notMerged(problems);
  return { results: new SweepResults(plan, (job) => folders[owner[job] as number] as string), notes };
}

async function commonPlan(folders: readonly string[]): Promise<SweepPlan> {
  let common: SweepPlan | null = null;
  const foreign: string[] = [];
  for (const folder of folders) {
    const plan = await planOf(folder);
    if (plan === null)
      throw inputError(`${folder} holds no plan.json`, 'name folders of sweep --shard or --job');
    common ??= plan;
    if (plan.hash !== common.hash) foreign.push(`${folder} (plan ${plan.hash})`);
  }
  if (common === null) throw inputError('there is nothing to merge', 'name the folders of the shards');
  if (foreign.length > 0) {
    throw notMerged([`${some(foreign)} of another sweep than ${folders[0]} (plan ${common.hash})`]);
  }
  return common;
}

/** Compares a result with the one that another folder has of the same job. */
function hasOtherBytes(folder: string, plan: SweepPlan, job: number, text: string): boolean {
  const first = readJob(folder, plan, job);
  return first.kind !== 'result' || first.text !== text;
}

function some(names: readonly string[]): string {
  const rest = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(', ') + (rest > 0 ? ` and ${rest} further` : '');
}

function notMerged(problems: readonly string[]): TcebenchError {
  return new TcebenchError('undecided', `cannot merge: ${problems.join('; ')}`, 'nothing was written');
}

/** Copies the plan and all results into one folder, which then is as if the sweep had run there whole. */
export async function copyResults(results: SweepResults, folder: string): Promise<void> {
  const { plan } = results;
  await openFolder(folder, plan, true);
  const target = await realpath(folder);
  for (let job = 0; job < plan.jobs; job++) {
    const source = results.folderOf(job);
    if ((await realpath(source)) === target) continue;
    const found = readJob(source, plan, job);
    if (found.kind !== 'result') throw notMerged([`${jobFile(source, job)} has changed meanwhile`]);
    await writeWhole(jobFile(folder, job), found.text);
  }
}

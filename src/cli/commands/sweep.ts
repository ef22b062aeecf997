import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputError } from '../../errors.js';
import { checkPlan } from '../../experiment/sweep/check-plan.js';
import { jobText, jobValues } from '../../experiment/sweep/plan.js';
import { runSweep } from '../../experiment/sweep/run-sweep.js';
import { SweepResults } from '../../experiment/sweep/sweep-results.js';
import { programVersion } from '../../program-version.js';
import type { SweepPlan } from '../../result/sweep-document.js';
import { checkInputsKept } from '../input-guard.js';
import { interruptible } from '../interruptible.js';
import { EXIT_INTERRUPTED, EXIT_SCENARIO } from '../process-end.js';
import { sweepProgress } from '../run-progress.js';
import { type SweepOutputFlags, sweepOutputs, sweepPaths, writePlan } from '../sweep-output.js';
import { checkPartFlags, jobsOfPart, type PartFlags } from '../sweep-part.js';
import { type PlanFlags, planFor } from '../sweep-plan.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { checkOneStdout } from '../written-files.js';

/** The flags of `sweep`, as parsed. */
export interface SweepFlags extends PlanFlags, SweepOutputFlags, Omit<PartFlags, keyof SweepOutputFlags> {
  readonly workers?: number;
  readonly resume?: boolean;
}

/**
 * Runs a scenario once for every combination of the values that are varied, on threads; or a part of such a sweep from
 * its plan. Returns the files written, those of single jobs not named.
 */
export async function sweepCommand(
  scenario: string | undefined,
  flags: SweepFlags,
): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  checkOneStdout([flags.csv, flags.plan === true && flags.out === undefined ? '-' : undefined], flags.json);
  if (flags.resume === true && flags.out === undefined) {
    throw inputError('--resume goes on in a folder', 'name it with --out');
  }
  checkPartFlags(flags);
  const { plan, files: inputs } = await planFor(scenario, flags, programVersion());
  await checkInputsKept(inputs, flags.plan === true ? [flags.out] : sweepPaths(plan, flags));
  const jobs = jobsOfPart(plan, flags);
  if (flags.listRuns === true || flags.plan === true) {
    await checkPlan(plan);
    return flags.plan === true
      ? writePlan(plan, flags.out, inputs, terminal)
      : listRuns(plan, jobs, flags, terminal);
  }
  if (flags.out !== undefined && (flags.shard !== undefined || flags.job !== undefined)) {
    return runPart(plan, { ...flags, jobs, folder: flags.out }, terminal);
  }
  const folder = flags.out ?? mkdtempSync(join(tmpdir(), 'tcebench-sweep-'));
  const removeFolder = () => {
    if (flags.out === undefined) rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', removeFolder);
  try {
    return await interruptible(async (signal) => {
      await runJobs(plan, { ...flags, folder, signal }, terminal);
      const { files } = await sweepOutputs(new SweepResults(plan, folder), flags, inputs, terminal);
      if (signal.aborted) process.exitCode = EXIT_INTERRUPTED;
      return files;
    });
  } finally {
    removeFolder();
    process.off('exit', removeFolder);
  }
}

/** What a part of a sweep runs where. */
interface Part extends SweepFlags {
  readonly folder: string;
  readonly jobs: readonly number[];
}

async function runPart(plan: SweepPlan, part: Part, terminal: Terminal): Promise<readonly string[]> {
  const { jobs, folder } = part;
  await interruptible((signal) => runJobs(plan, { ...part, signal }, terminal));
  terminal.err(
    `${jobs.length} of ${plan.jobs} jobs of ${plan.name} are in ${folder}; join parts with tcebench merge\n`,
  );
  return [];
}

/** What {@link runJobs} runs where. */
interface JobFlags extends SweepFlags {
  readonly folder: string;
  readonly jobs?: readonly number[];
  readonly signal: AbortSignal;
}

async function runJobs(
  plan: SweepPlan,
  { folder, jobs, signal, resume, workers = availableParallelism() }: JobFlags,
  terminal: Terminal,
): Promise<void> {
  const outcome = await runSweep(plan, {
    ...{ folder, workers, signal, resume: resume === true },
    ...(jobs === undefined ? {} : { jobs }),
    onProgress: sweepProgress(terminal),
    onWarning: (text) => terminal.err(`tcebench: ${text}\n`),
  });
  terminal.progress('');
  for (const { job, reason } of outcome.crashed)
    terminal.err(`tcebench: a worker died in job ${job}: ${reason}\n`);
  if (outcome.failed > 0) terminal.err(`tcebench: ${outcome.failed} jobs failed; their files say why\n`);
  if (outcome.interrupted) process.exitCode = EXIT_INTERRUPTED;
  else if (outcome.failed + outcome.crashed.length > 0) process.exitCode = EXIT_SCENARIO;
}

function listRuns(
  plan: SweepPlan,
  jobs: readonly number[],
  { json }: SweepFlags,
  terminal: Terminal,
): readonly string[] {
  if (json === true) {
    const runs = jobs.map((job) => ({ job, values: jobValues(plan, job) }));
    terminal.out(`${JSON.stringify({ plan, runs }, null, 2)}\n`);
  } else for (const job of jobs) terminal.out(`${job} ${jobText(plan, job)}\n`);
  return [];
}

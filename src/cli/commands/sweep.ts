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
import { interruptible } from '../interruptible.js';
import { EXIT_INTERRUPTED, EXIT_SCENARIO } from '../process-end.js';
import { sweepProgress } from '../run-progress.js';
import { type SweepOutputFlags, sweepOutputs, writePlan } from '../sweep-output.js';
import { type PlanFlags, planFor } from '../sweep-plan.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { checkOneStdout } from '../written-files.js';

/** The flags of `sweep`, as parsed. */
export interface SweepFlags extends PlanFlags, SweepOutputFlags {
  readonly workers?: number;
  readonly resume?: boolean;
  readonly listRuns?: boolean;
  readonly plan?: boolean;
  /** `i/n`: the jobs whose index leaves i - 1 when divided by n. */
  readonly shard?: { readonly part: number; readonly of: number };
  readonly job?: number;
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
  const plan = await planFor(scenario, flags, programVersion());
  if (flags.listRuns === true || flags.plan === true) {
    await checkPlan(plan);
    return flags.plan === true ? writePlan(plan, flags.out, terminal) : listRuns(plan, flags, terminal);
  }
  if (flags.shard !== undefined || flags.job !== undefined) return runPart(plan, flags, terminal);
  const folder = flags.out ?? mkdtempSync(join(tmpdir(), 'tcebench-sweep-'));
  const removeFolder = () => {
    if (flags.out === undefined) rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', removeFolder);
  try {
    return await interruptible(async (signal) => {
      await runJobs(plan, { ...flags, folder, signal }, terminal);
      const { files } = await sweepOutputs(new SweepResults(plan, folder), flags, terminal);
      if (signal.aborted) process.exitCode = EXIT_INTERRUPTED;
      return files;
    });
  } finally {
    removeFolder();
    process.off('exit', removeFolder);
  }
}

async function runPart(plan: SweepPlan, flags: SweepFlags, terminal: Terminal): Promise<readonly string[]> {
  const { shard, job, out } = flags;
  const flag = shard === undefined ? '--job' : '--shard';
  if (shard !== undefined && job !== undefined)
    throw inputError('--shard and --job are both given', 'leave one out');
  if (out === undefined) throw inputError(`${flag} needs a folder`, 'name one with --out');
  for (const [name, isGiven] of [
    ['--csv', flags.csv !== undefined],
    ['--json', flags.json === true],
  ] as const) {
    if (isGiven)
      throw inputError(`${flag} leaves a part, and ${name} is of the whole`, 'leave it out; see merge');
  }
  if (job !== undefined && job >= plan.jobs) {
    throw inputError(`--job ${job}: the plan has ${plan.jobs} jobs`, `use 0 to ${plan.jobs - 1}`);
  }
  const all = Array.from({ length: plan.jobs }, (_, index) => index);
  const jobs =
    shard === undefined
      ? all.filter((index) => index === job)
      : all.filter((index) => index % shard.of === shard.part - 1);
  await interruptible((signal) => runJobs(plan, { ...flags, folder: out, jobs, signal }, terminal));
  terminal.err(
    `${jobs.length} of ${plan.jobs} jobs of ${plan.name} are in ${out}; join parts with tcebench merge\n`,
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

function listRuns(plan: SweepPlan, { json }: SweepFlags, terminal: Terminal): readonly string[] {
  for (let job = 0; job < plan.jobs; job++) {
    if (json !== true) terminal.out(`${job} ${jobText(plan, job)}\n`);
  }
  if (json === true) {
    const runs = Array.from({ length: plan.jobs }, (_, job) => ({ job, values: jobValues(plan, job) }));
    terminal.out(`${JSON.stringify({ plan, runs }, null, 2)}\n`);
  }
  return [];
}

import { inputError } from '../errors.js';
import type { SweepPlan } from '../result/sweep-document.js';

/** The flags of `sweep` that ask for a part of it, or for no run at all. */
export interface PartFlags {
  readonly listRuns?: boolean;
  readonly plan?: boolean;
  /** `i/n`: the jobs whose index leaves i - 1 when divided by n. */
  readonly shard?: { readonly part: number; readonly of: number };
  readonly job?: number;
  readonly out?: string;
  readonly csv?: string;
  readonly json?: boolean;
}

/** Refuses flags of which one says nothing, or the contrary, beside the other. */
export function checkPartFlags({ listRuns, plan, shard, job, out, csv, json }: PartFlags): void {
  const part = shard === undefined ? '--job' : '--shard';
  const hasPart = shard !== undefined || job !== undefined;
  if (shard !== undefined && job !== undefined) {
    throw inputError('--shard and --job are both given', 'leave one out');
  }
  if (plan === true && listRuns === true) {
    throw inputError('--plan and --list-runs are both given', 'leave one out');
  }
  if (plan === true && hasPart) {
    throw inputError(`--plan is of the whole sweep, and ${part} is given`, 'give it when you run the plan');
  }
  if (!hasPart || listRuns === true) return;
  for (const [name, isGiven] of [
    ['--csv', csv !== undefined],
    ['--json', json === true],
  ] as const) {
    if (isGiven)
      throw inputError(`${part} leaves a part, and ${name} is of the whole`, 'leave it out; see merge');
  }
  if (out === undefined) throw inputError(`${part} needs a folder`, 'name one with --out');
}

/** The jobs that are asked for, by their index; all where no part is. */
export function jobsOfPart({ jobs }: SweepPlan, { shard, job }: PartFlags): readonly number[] {
  if (job !== undefined && job >= jobs) {
    throw inputError(`--job ${job}: the plan has ${jobs} jobs`, `use 0 to ${jobs - 1}`);
  }
  const all = Array.from({ length: jobs }, (_, index) => index);
  if (job !== undefined) return [job];
  return shard === undefined ? all : all.filter((index) => index % shard.of === shard.part - 1);
}

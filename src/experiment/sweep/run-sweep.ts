import { assert } from '../../errors.js';
import type { SweepPlan } from '../../result/sweep-document.js';
import { checkPlan } from './check-plan.js';
import { type PoolOptions, type PoolOutcome, runOnPool } from './pool.js';
import { jobsToDo, openFolder } from './sweep-folder.js';

/** How {@link runSweep} runs. */
export interface SweepOptions extends PoolOptions {
  /** These jobs only. */
  readonly jobs?: readonly number[];
  /** Whether a folder that holds this plan already is gone on with. */
  readonly resume?: boolean;
  /** Told of files in the folder that are no results. */
  readonly onWarning?: (text: string) => void;
}

/**
 * Runs the jobs of a plan on threads and leaves their results in a folder: `plan.json` first, then `jobs/000123.json`
 * each. Of a folder gone on with only what is missing is done. A scenario that cannot be is refused before any runs. One
 * call a folder at a time, unless their jobs are others.
 */
export async function runSweep(plan: SweepPlan, options: SweepOptions): Promise<PoolOutcome> {
  const { folder, resume = false, onWarning = () => {} } = options;
  const wanted = options.jobs ?? Array.from({ length: plan.jobs }, (_, job) => job);
  assert(
    wanted.every((job) => job >= 0 && job < plan.jobs),
    'the jobs are those of the plan',
  );
  await checkPlan(plan);
  await openFolder(folder, plan, resume);
  const { missing, failed } = resume
    ? await jobsToDo(folder, plan, wanted, onWarning)
    : { missing: wanted, failed: 0 };
  if (missing.length === 0) return { failed, interrupted: false, crashed: [] };
  const outcome = await runOnPool(plan, missing, options);
  return { ...outcome, failed: failed + outcome.failed };
}

import { TcebenchError } from '../../errors.js';
import type { SweepJob, SweepPlan } from '../../result/sweep-document.js';
import { resolveScenario } from '../../scenario/load-scenario.js';
import { withCapture } from '../../scenario/read-capture.js';
import { runScenario } from '../run.js';
import { jobPlace, jobScenario, jobValues } from './plan.js';

/** Runs one job of a plan. A job that fails is a result too: it says why. */
export async function runJob(plan: SweepPlan, index: number): Promise<SweepJob> {
  const head = {
    schema: 'tcebench.job/1',
    plan: plan.hash,
    job: index,
    values: jobValues(plan, index),
  } as const;
  try {
    const resolved = await withCapture(resolveScenario(jobScenario(plan, index), jobPlace(plan, index)));
    const { document } = runScenario(resolved, plan.version, { trial: false });
    const { cost, arms, warnings } = document;
    return { ...head, failed: null, costProfile: cost.profile, arms, warnings };
  } catch (error) {
    return { ...head, failed: reasonOf(error), costProfile: null, arms: [], warnings: [] };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof TcebenchError)
    return error.hint === '' ? error.message : `${error.message}; ${error.hint}`;
  return `a bug of tcebench: ${error instanceof Error ? error.message : String(error)}`;
}

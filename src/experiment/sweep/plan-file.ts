import { inputError } from '../../errors.js';
import { checkedInput } from '../../input-issue.js';
import { parseJson } from '../../input-text.js';
import { planSchema } from '../../result/schemas/sweep-schema.js';
import type { SweepPlan } from '../../result/sweep-document.js';
import { hashOf, jobCount } from './plan.js';

/** The text of a plan's file. */
export function planText(plan: SweepPlan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}

/** Whether a text is of a plan, whole or not, and not of a scenario. */
export function isPlanText(text: string): boolean {
  return /^\s*\{\s*"schema"\s*:\s*"tcebench\.plan\//.test(text);
}

/** Reads the text of a plan's file; one that was changed by hand is refused. */
export function parsePlan(text: string, file: string): SweepPlan {
  let input: unknown;
  try {
    input = parseJson(text);
  } catch (error) {
    throw inputError(`${file} is no JSON: ${(error as Error).message}`, 'write it anew with sweep --plan');
  }
  const plan = checkedInput(planSchema, input, { place: file, whole: 'the plan' });
  if (hashOf(plan) !== plan.hash || jobCount(plan.axes, plan.mode) !== plan.jobs) {
    throw inputError(`${file} was changed: its hash is another one`, 'write it anew with sweep --plan');
  }
  return plan;
}

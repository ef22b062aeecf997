import { z } from 'zod';
import { inputError } from '../../errors.js';
import type { SweepPlan } from '../../result/sweep-document.js';
import { asInputError } from '../scenario-errors.js';
import { hashOf, jobCount } from './plan.js';

const settingValue = z.json();

const planSchema = z.strictObject({
  schema: z.literal('tcebench.plan/1'),
  version: z.string(),
  name: z.string().regex(/^[^/\\\0]{1,200}$/, 'must be the name of a file, without its folder'),
  base: z.record(z.string(), settingValue),
  axes: z.array(z.strictObject({ key: z.string(), values: z.array(settingValue).min(1) })).min(1),
  mode: z.enum(['cartesian', 'zip']),
  jobs: z.int().min(1),
  files: z.array(z.strictObject({ path: z.string(), sha256: z.string() })),
  hash: z.string(),
});

/** The text of a plan's file. */
export function planText(plan: SweepPlan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}

/** Reads the text of a plan's file; one that was changed by hand is refused. */
export function parsePlan(text: string, file: string): SweepPlan {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    throw inputError(`${file} is no JSON: ${(error as Error).message}`, 'write it anew with sweep --plan');
  }
  const parsed = planSchema.safeParse(input);
  if (!parsed.success) throw asInputError(parsed.error, planSchema, file);
  const plan = parsed.data as SweepPlan;
  if (hashOf(plan) !== plan.hash || jobCount(plan.axes, plan.mode) !== plan.jobs) {
    throw inputError(`${file} was changed: its hash is another one`, 'write it anew with sweep --plan');
  }
  return plan;
}

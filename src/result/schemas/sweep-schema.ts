import { z } from 'zod';
import type { SettingValue, SweepDocument, SweepPlan } from '../sweep-document.js';
import { countSchema } from './part-schemas.js';
import { armIdSchema, armSchema } from './run-schema.js';
import type { SameShape } from './same-shape.js';

const setting: z.ZodType<SettingValue> = z
  .lazy(() =>
    z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(setting), z.record(z.string(), setting)]),
  )
  .meta({ id: 'setting' });

/** What a sweep is. */
export const planSchema = z.strictObject({
  schema: z.literal('tcebench.plan/1'),
  version: z.string(),
  name: z.string().regex(/^[^/\\\0]{1,200}$/, 'must be the name of a file, without its folder'),
  base: z.record(z.string(), setting),
  axes: z.array(z.strictObject({ key: z.string(), values: z.array(setting).min(1) })).min(1),
  mode: z.enum(['cartesian', 'zip']),
  jobs: z.int().min(1),
  files: z.array(z.strictObject({ path: z.string(), sha256: z.string() })),
  hash: z.string(),
});
true satisfies SameShape<SweepPlan, z.output<typeof planSchema>>;

/** The document of `sweep`. */
export const sweepSchema = z.object({
  schema: z.literal('tcebench.sweep/1'),
  clock: z.literal('modelled'),
  version: z.string(),
  plan: planSchema,
  missing: z.array(countSchema),
  failed: z.array(z.object({ job: countSchema, reason: z.string() })),
  rows: z.array(z.object({ job: countSchema, values: z.array(setting), arm: armSchema })),
  crossovers: z.array(
    z.object({
      key: z.string(),
      at: z.record(z.string(), setting),
      slow: armIdSchema,
      fast: armIdSchema,
      reached: z.enum(['from', 'up-to', 'all', 'none', 'several']),
      value: z.number().nullable(),
      interpolated: z.number().nullable(),
    }),
  ),
  warnings: z.array(z.string()),
});
true satisfies SameShape<SweepDocument, z.output<typeof sweepSchema>>;

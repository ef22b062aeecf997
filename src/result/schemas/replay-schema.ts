import { z } from 'zod';
import type { ReplayDocument } from '../replay-document.js';
import { dmaFacts, logFigures } from './log-schema.js';
import { amountSchema, costSchema, countSchema, endedInSchema } from './part-schemas.js';
import type { SameShape } from './same-shape.js';

const part = z.object({
  name: z.string(),
  calls: countSchema,
  modelledNs: amountSchema,
  endedIn: endedInSchema,
});

const arm = z.object({
  id: z.enum(['real', 'virtual', 'userspace']),
  revision: z.string(),
  evidence: z.string(),
  endedIn: endedInSchema,
  modelledNs: amountSchema,
  modelledLowNs: amountSchema,
  modelledHighNs: amountSchema,
  afterBoot: part,
  phases: z.array(part),
  returnCodesEqual: z.boolean(),
  returnCodeDifferences: countSchema,
  firstDifferences: z.array(z.object({ line: countSchema, expected: z.string(), actual: z.string() })),
  hostFaults: countSchema,
  firstHostFault: z.string().nullable(),
  vfioErrors: countSchema,
  tablesAgree: z.boolean(),
  firstDisagreement: z.string().nullable(),
  agreesWithLog: z.boolean(),
  operations: z.record(z.string(), countSchema),
});

const log = z.object({
  ...logFigures,
  file: z.string(),
  window: z.array(
    z.object({
      liobn: z.string(),
      start: z.string(),
      bytes: amountSchema,
      pageShift: countSchema,
      by: z.enum(['override', 'clearing', 'ddw', 'default']),
    }),
  ),
  ramBytes: amountSchema,
  bootEnd: z.object({
    line: countSchema,
    by: z.enum(['phases', 'boot-lines', 'clearing', 'none']),
  }),
  truncated: z.boolean(),
  linesWithoutPrefix: countSchema,
  foreignLines: countSchema,
  malformedLines: countSchema,
  facts: dmaFacts.exactOptional(),
  arms: z.array(arm),
  comparison: z
    .object({
      slow: z.string(),
      fast: z.string(),
      ratio: amountSchema,
      ratioLow: amountSchema,
      ratioHigh: amountSchema,
    })
    .nullable(),
  warnings: z.array(z.string()),
});

/** The document of `replay`. */
export const replaySchema = z.object({
  schema: z.literal('tcebench.replay/1'),
  clock: z.literal('modelled'),
  version: z.string(),
  cost: costSchema,
  seed: z.number(),
  draws: countSchema,
  logs: z.array(log),
});
true satisfies SameShape<ReplayDocument, z.output<typeof replaySchema>>;

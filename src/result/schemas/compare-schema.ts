import { z } from 'zod';
import type { CompareDocument } from '../compare-document.js';
import { amountSchema, shareSchema } from './part-schemas.js';
import type { SameShape } from './same-shape.js';

const row = z.object({
  metric: z.string(),
  unit: z.enum(['B/s', '1/s', 'ns', 's', '1/MB', 'count', 'share', 'ratio']),
  better: z.enum(['more', 'less']),
  basis: z.enum(['exact', 'drawn', 'measured']),
  before: z.number().nullable(),
  after: z.number().nullable(),
  ratio: amountSchema.nullable(),
  low: amountSchema.nullable(),
  high: amountSchema.nullable(),
  p: shareSchema.nullable(),
  verdict: z.enum(['better', 'worse', 'same', 'within noise', 'missing']),
});

/** The document of `compare`. */
export const compareSchema = z.object({
  schema: z.literal('tcebench.compare/1'),
  clock: z.enum(['modelled', 'measured']).nullable(),
  before: z.string().nullable(),
  after: z.string(),
  comparable: z.boolean(),
  reasons: z.array(z.string()),
  rows: z.array(row),
  gates: z.array(
    z.object({
      expression: z.string(),
      observed: z.number().nullable(),
      verdict: z.enum(['passed', 'failed', 'undecided']),
      reason: z.string(),
    }),
  ),
  differences: z.array(z.string()),
  noiseFloor: amountSchema.nullable(),
  smallestDetectableChange: amountSchema.nullable(),
  warnings: z.array(z.string()),
});
true satisfies SameShape<CompareDocument, z.output<typeof compareSchema>>;

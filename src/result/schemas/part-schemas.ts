import { z } from 'zod';
import type { DocumentCost, EndedInCounts } from '../document-parts.js';
import type { SameShape } from './same-shape.js';

/** One number of a cost profile in a document. */
const constantSchema = z.object({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  unit: z.enum(['ns', 'ns/packet', 'ns/B', 'ns/transaction', 'share']),
  origin: z.enum(['measured', 'cited', 'derived', 'assumed', 'given']),
  source: z.string(),
});

/** The costs that a modelled document was priced with. */
export const costSchema = z.object({
  profile: z.string(),
  title: z.string(),
  constants: z.record(z.string(), constantSchema),
});
true satisfies SameShape<DocumentCost, z.output<typeof costSchema>>;

/** A whole number from 0 on. */
export const countSchema = z.int().min(0);

/** Which rung answered how many calls. */
export const endedInSchema = z.object({ real: countSchema, virtual: countSchema, userspace: countSchema });
true satisfies SameShape<EndedInCounts, z.output<typeof endedInSchema>>;

/** A number from 0 to 1. */
export const shareSchema = z.number().min(0).max(1);

/** A number from 0 on: a rate, a time, a ratio. */
export const amountSchema = z.number().min(0);

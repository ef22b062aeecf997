import { z } from 'zod';
import type { ClaimDocument } from '../claim-document.js';
import { amountSchema, countSchema, shareSchema } from './part-schemas.js';
import type { SameShape } from './same-shape.js';

const verdict = z.enum(['inside', 'above', 'below', 'undecided', 'cannot']);
const band = z.tuple([amountSchema, amountSchema]);
const amountOrNone = amountSchema.nullable();

const claimArm = z.object({
  id: z.string(),
  below: shareSchema,
  inside: shareSchema,
  above: shareSchema,
  verdict,
  rateBytesPerSec: amountOrNone,
  rateLow: amountOrNone,
  rateHigh: amountOrNone,
  ratio: amountOrNone,
  ratioLow: amountOrNone,
  ratioHigh: amountOrNone,
});

/** The trial of the claim, as part of a run. */
export const claimSchema = z.object({
  slow: amountSchema,
  fast: band,
  judgedRow: z.string(),
  calibrated: z.object({
    key: z.string(),
    value: amountOrNone,
    low: amountOrNone,
    high: amountOrNone,
    rangeLow: amountSchema,
    rangeHigh: amountSchema,
    shareConsistent: shareSchema,
  }),
  arms: z.array(claimArm),
  rows: z.array(
    z.object({
      scenario: z.string(),
      cost: z.string(),
      draws: countSchema,
      shareConsistent: shareSchema,
      ceilingAtLegZero: amountSchema,
      ceilingLow: amountSchema,
      ceilingHigh: amountSchema,
      floorAtLegHigh: amountSchema,
      arms: z.array(claimArm),
    }),
  ),
  steps: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      what: z.enum(['batching', 'no exit to user space', 'real mode']),
      ratio: amountSchema,
      ratioLow: amountSchema,
      ratioHigh: amountSchema,
    }),
  ),
  placebos: z.array(
    z.object({
      name: z.string(),
      band,
      arm: z.string(),
      verdict: z.enum([...verdict.options, 'no test']),
      rejected: z.boolean(),
    }),
  ),
  severity: z.array(
    z.object({
      arm: z.string(),
      rejectsBelow: amountSchema,
      rejectsAbove: amountSchema,
      narrowestInside: band,
    }),
  ),
  assumptions: z.array(
    z.object({
      assumption: z.string(),
      arm: z.string(),
      insideIfLow: shareSchema,
      insideIfHigh: shareSchema,
    }),
  ),
});
true satisfies SameShape<ClaimDocument, z.output<typeof claimSchema>>;

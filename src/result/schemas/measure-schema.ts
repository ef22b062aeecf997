import { z } from 'zod';
import type { MeasureDocument } from '../measure-document.js';
import { amountSchema, countSchema, shareSchema } from './part-schemas.js';
import type { SameShape } from './same-shape.js';

const percentiles = z.object({
  p50: amountSchema,
  p90: amountSchema,
  p99: amountSchema,
  p999: amountSchema,
  max: amountSchema,
});

const paced = z.object({
  callsPerSec: amountSchema,
  calls: countSchema,
  lateShare: shareSchema,
  serviceNs: percentiles,
  responseNs: percentiles,
});

const arm = z.object({
  id: z.string(),
  clock: z.literal('measured'),
  path: z.enum(['userspace', 'real']),
  multiTce: z.boolean(),
  exit: z.enum(['none', 'lock', 'spin', 'block']),
  part: z.enum(['whole', 'handOver', 'handler']),
  vcpus: countSchema,
  sharesRegion: z.boolean(),
  tcesPerCall: amountSchema,
  callsPerSample: countSchema,
  slices: countSchema,
  calls: countSchema,
  nsPerCall: z.object({ median: amountSchema, low: amountSchema, high: amountSchema, p99: amountSchema }),
  callsPerSec: amountSchema,
  sampleNsPerCall: percentiles,
  paced: paced.nullable(),
});

const comparison = z.object({
  metric: z.enum(['nsPerCall', 'callsPerSec']),
  base: z.string(),
  arm: z.string(),
  ratio: amountSchema,
  low: amountSchema,
  high: amountSchema,
  test: z.string(),
  assumption: z.string(),
  p: shareSchema,
  pairs: countSchema,
  verdict: z.enum(['more', 'less', 'same', 'unclear']),
});

/** The document of `measure`. */
export const measureSchema = z.object({
  schema: z.literal('tcebench.measure/1'),
  clock: z.literal('measured'),
  version: z.string(),
  stream: z
    .object({ source: z.string(), calls: countSchema, tcesPerCall: amountSchema, multiTce: z.boolean() })
    .nullable(),
  arms: z.array(arm),
  confidence: shareSchema,
  unit: z.enum(['fork', 'slice']),
  forks: countSchema,
  comparisons: z.array(comparison),
  noiseFloor: amountSchema.nullable(),
  smallestDetectableChange: amountSchema.nullable(),
  additivity: z.array(
    z.object({
      arm: z.string(),
      nsPerCall: amountSchema,
      handlerNs: amountSchema,
      handOverNs: amountSchema,
      ratio: amountSchema,
    }),
  ),
  lockBounds: z.array(
    z.object({
      arm: z.string(),
      lockedNs: amountSchema,
      lockedShare: amountSchema,
      boundCallsPerSec: amountSchema,
      callsPerSec: amountSchema,
    }),
  ),
  endedBy: z.enum(['forks', 'until', 'maxTime', 'interrupt', 'lostWorker']),
  partial: z.boolean(),
  warnings: z.array(z.string()),
});
true satisfies SameShape<MeasureDocument, z.output<typeof measureSchema>>;

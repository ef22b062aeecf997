import { z } from 'zod';
import { OPERATIONS } from '../../cost/operations.js';
import type { ArmResult, RunDocument } from '../run-document.js';
import { claimSchema } from './claim-schema.js';
import { amountSchema, costSchema, countSchema, endedInSchema, shareSchema } from './part-schemas.js';
import type { SameShape } from './same-shape.js';

/** The ids of the arms of a modelled run. */
export const armIdSchema = z.enum([
  ...(['single-userspace', 'single-virtual', 'single-real'] as const),
  ...(['multi-userspace', 'multi-virtual', 'multi-real', 'direct'] as const),
]);

const quantiles = z.array(z.object({ share: shareSchema, ns: amountSchema })).nullable();

/** One arm of a modelled run. */
export const armSchema = z.object({
  id: armIdSchema,
  path: z.enum(['userspace', 'virtual', 'real', 'direct']),
  multiTce: z.boolean(),
  revision: z.string(),
  evidence: z.string(),
  basis: z.enum(['calibrated', 'predicted', 'control']),
  direction: z.enum(['tx', 'rx', 'both']),
  mtu: countSchema,
  rateBytesPerSec: amountSchema,
  rateLow: amountSchema,
  rateHigh: amountSchema,
  packetsPerSec: amountSchema,
  transactionsPerSec: amountSchema.nullable(),
  hcallsPerMB: amountSchema,
  tceOpsPerMB: amountSchema,
  exitsPerMB: amountSchema,
  cpuNsPerKB: amountSchema,
  durationSec: amountSchema,
  boundBy: z.enum(['wire', 'pcie', 'bql', 'iova-lock', 'smt', 'vcpu', 'arrivals']),
  resources: z.array(z.object({ id: z.string(), utilisation: amountSchema, waitingNsPerKB: amountSchema })),
  endedIn: endedInSchema,
  hcallP50Ns: amountSchema.nullable(),
  hcallP99Ns: amountSchema.nullable(),
  latencyP50Ns: amountSchema.nullable(),
  latencyP99Ns: amountSchema.nullable(),
  hcallQuantiles: quantiles,
  latencyQuantiles: quantiles,
  frameCost: z
    .object({
      stages: z.array(z.object({ operation: z.enum(OPERATIONS), ns: amountSchema })),
      otherWorkNs: amountSchema,
      vcpuNs: amountSchema,
      budgetNs: amountSchema,
    })
    .nullable(),
  recosted: z.boolean(),
  droppedFrames: countSchema,
  failedHcalls: countSchema,
  hostFaults: countSchema,
  boot: z.object({ hcalls: countSchema, tceOps: countSchema, modelledNs: amountSchema }),
  dmaApi: z.object({
    maps: countSchema,
    unmaps: countSchema,
    failedMaps: countSchema,
    foundMaps: countSchema,
    iovaLockTakes: countSchema,
    hcallsUnderIovaLock: countSchema,
  }),
  fingerprint: z.string(),
});
true satisfies SameShape<ArmResult, z.output<typeof armSchema>>;

/** The document of `run`. */
export const runSchema = z.object({
  schema: z.literal('tcebench.run/1'),
  clock: z.literal('modelled'),
  version: z.string(),
  scenario: z.record(z.string(), z.unknown()),
  cost: costSchema,
  nic: z.record(z.string(), z.unknown()).exactOptional(),
  claimNumbers: z.object({ slow: amountSchema, fast: z.tuple([amountSchema, amountSchema]) }),
  wireBytesPerSec: amountSchema,
  arms: z.array(armSchema),
  comparisons: z.array(
    z.object({
      slow: armIdSchema,
      fast: armIdSchema,
      ratio: amountSchema,
      ratioLow: amountSchema,
      ratioHigh: amountSchema,
    }),
  ),
  claim: claimSchema.nullable(),
  warnings: z.array(z.string()),
  truncated: z.literal(true).exactOptional(),
});
true satisfies SameShape<RunDocument, z.output<typeof runSchema>>;

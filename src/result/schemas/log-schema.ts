import { z } from 'zod';
import type { DmaFacts } from '../dma-facts.js';
import type { LogFigures } from '../log-figures.js';
import { amountSchema, countSchema, shareSchema } from './part-schemas.js';
import type { SameShape } from './same-shape.js';

const lifetime = amountSchema.nullable();
const lifetimes = z.object({ p10: lifetime, median: lifetime, p90: lifetime });
const counts = z.record(z.string(), countSchema);
const share = shareSchema.nullable();

const scope = z.object({
  lines: countSchema,
  calls: countSchema,
  byKind: z.object({ put: countSchema, indirect: countSchema, stuff: countSchema, get: countSchema }),
  putMap: countSchema,
  putClear: countSchema,
  byReturnCode: counts,
  liobns: counts,
  tcesMapped: countSchema,
  tcesUnmapped: countSchema,
  clearedWhileEmpty: countSchema,
  liveAtEnd: countSchema,
  peakLive: countSchema,
  tcesPerCall: z.object({ putMap: counts, putClear: counts, indirect: counts, stuff: counts }),
  lifetimeCalls: lifetimes,
});

const phase = z.object({
  name: z.string(),
  calls: countSchema,
  payloadBytes: amountSchema,
  callsPerMB: amountSchema.nullable(),
});

/** The figures of one log. */
export const logFigures = {
  whole: scope,
  afterBoot: scope,
  phases: z.array(phase),
  allPhases: phase.nullable(),
};
const figures = z.object(logFigures);
true satisfies SameShape<LogFigures, z.output<typeof figures>>;

/** How a guest uses its DMA windows. */
export const dmaFacts = z.object({
  maps: countSchema,
  nextBlockShare: share,
  transmitFifoShare: share,
  byPermission: z.object({ '1': countSchema, '2': countSchema, '3': countSchema }),
  reuseCalls: lifetimes,
  hotPageShare: share,
  sharedPageShare: share,
  wholeUnmapShare: share,
});
true satisfies SameShape<DmaFacts, z.output<typeof dmaFacts>>;

import { z } from 'zod';
import { COST_KEYS } from '../cost/cost-profile.js';
import { isUnmapPolicy, MAX_HELD_UNMAPS, UNMAP_POLICIES, type UnmapPolicy } from '../guest/unmap-policy.js';
import { OFFLOADS } from '../nic/nic-profile.js';
import { MAX_INDIRECT_TCES } from '../papr/hcall.js';
import { parseBitsPerSec, parseBytes, parseBytesPerSec, parseNs } from '../units.js';

/** Lengths of sends that take turns. */
const MAX_SENDS = 100_000;

/** Connections that a run keeps apart. */
const MAX_FLOWS = 1_000_000;

/** A quantity as a number in base units or as text with a unit. */
function quantity(parse: (text: string, key: string) => number, what: string, max: number) {
  return z.union([z.number(), z.string()]).transform((value, context) => {
    const number = typeof value === 'number' ? value : parseOrIssue(value, parse, context);
    if (number >= 0 && number <= max) return number;
    context.addIssue({ code: 'custom', message: `must be ${what}, not ${value}` });
    return z.NEVER;
  });
}

function parseOrIssue(
  text: string,
  parse: (text: string, key: string) => number,
  context: { addIssue(issue: { code: 'custom'; message: string }): void },
): number {
  try {
    return parse(text, 'it');
  } catch (error) {
    context.addIssue({
      code: 'custom',
      message: error instanceof Error ? error.message.replace(/^it: /, '') : String(error),
    });
    return 0;
  }
}

const bytes = quantity(parseBytes, 'a size from 0 to 2^62 bytes', 2 ** 62);
const ns = quantity(parseNs, 'a duration from 0 to 1 s', 1e9);
const bitsPerSec = quantity(parseBitsPerSec, 'a line rate from 0 to 10 Tb/s', 1e13);
const bytesPerSec = quantity(parseBytesPerSec, 'a rate from 0 to 10 TB/s', 1e13);
const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const perSec = z.number().min(1e-6).max(1e12);

/** The mean of a mix: no whole number. */
const segmentsPerAck = z
  .number()
  .min(0)
  .max(64)
  .refine((value) => value === 0 || value >= 0.25, 'must be 0, for no ACKs, or 0.25 to 64');

/** When work arrives. Rates are units in a second: sends, received frames or transactions. */
const arrival = z.union(
  [
    z.enum(['closed', 'capture']),
    z.strictObject({ rate: perSec }),
    z.strictObject({ poisson: perSec }),
    z.strictObject({ onOff: z.strictObject({ rate: perSec, onNs: z.number().min(1), offNs: ns }) }),
  ],
  'must be closed, capture, {"rate": R}, {"poisson": R} or {"onOff": {"rate": R, "onNs": N, "offNs": N}}',
);

/** Lengths of frames, FCS included, with their weights. */
const frameMix = z.union(
  [z.enum(['imix']), z.array(z.tuple([z.int().min(1), z.number().min(0)])).min(1)],
  'must be imix or a list of [frame bytes, weight]',
);

/** The JSON Schema of an unmap policy with a number. */
function held(policy: string): object {
  const number = { type: 'integer', minimum: 1, maximum: MAX_HELD_UNMAPS };
  return {
    type: 'object',
    properties: { [policy]: number },
    required: [policy],
    additionalProperties: false,
  };
}

/**
 * The scenario of a run: every key optional, the defaults are the claim's preset. Only what this version models
 * has a key; an unknown one is refused.
 */
export const scenarioSchema = z.strictObject({
  /** For editors. */
  $schema: z.string().optional(),
  link: z.strictObject({ bitsPerSec: bitsPerSec.default(10e9) }).prefault({}),
  nic: z
    .strictObject({
      profile: z.string().default('cxgb3'),
      mtu: z.int().default(1500),
      offload: z.enum(OFFLOADS).default('tso'),
      gro: z.boolean().default(true),
      queueSets: z.int().min(1).optional(),
      headPayloadBytes: bytes.optional(),
      pcie: z.strictObject({ bytesPerSec: bytesPerSec.optional() }).optional(),
    })
    .prefault({}),
  traffic: z
    .strictObject({
      workload: z.enum(['stream', 'rr']).default('stream'),
      direction: z.enum(['tx', 'rx', 'both']).default('tx'),
      segmentsPerAck: segmentsPerAck.default(2),
      segmentsPerOwnAck: segmentsPerAck.optional(),
      arrival: arrival.default('closed'),
      flows: z.int().min(1).max(MAX_FLOWS).optional(),
      requestBytes: bytes.optional(),
      responseBytes: bytes.optional(),
      sendBytes: z
        .union([bytes, z.array(bytes).min(1).max(MAX_SENDS)], 'must be a size or a list of sizes')
        .optional(),
      frameMix: frameMix.optional(),
      pcap: z.string().min(1).optional(),
    })
    .prefault({}),
  guest: z
    .strictObject({
      vcpus: z.int().default(1),
      pageSize: bytes.default(65536),
      ramBytes: bytes.default(2 ** 30),
      multiTce: z.boolean().optional(),
      maxIndirectTces: z.int().min(1).max(MAX_INDIRECT_TCES).optional(),
      ddw: z.boolean().optional(),
      window: z
        .strictObject({
          start: bytes.default(0),
          bytes: bytes.default(2 ** 30),
          pageShift: z.int().default(12),
        })
        .prefault({}),
      iovaPools: z.literal([1, 4]).optional(),
      iovaLockCoversTableUpdate: z.boolean().default(false),
      unmap: z
        .custom<UnmapPolicy>(isUnmapPolicy, UNMAP_POLICIES)
        .meta({ anyOf: [{ const: 'strict' }, held('deferred'), held('reuse')] })
        .default('strict'),
      bootClear: z.boolean().default(false),
      otherWork: z
        .strictObject({
          nsPerPacket: ns.optional(),
          nsPerByte: ns.optional(),
          nsPerTransaction: ns.optional(),
        })
        .prefault({}),
    })
    .prefault({}),
  host: z
    .strictObject({
      path: z.enum(['userspace', 'virtual', 'real', 'direct']).optional(),
      revision: z.string().default('v3'),
      cost: z.string().default('power7-2013'),
      groups: z.int().min(1).max(64).optional(),
      threadsPerCore: z.literal([1, 2, 4, 8]).optional(),
    })
    .prefault({}),
  cost: z.partialRecord(z.enum(COST_KEYS), ns).default({}),
  claim: z
    .strictObject({
      slow: bytesPerSec.default(220e6),
      fast: z.tuple([bytesPerSec, bytesPerSec]).default([750e6, 1020e6]),
    })
    .prefault({}),
  run: z
    .strictObject({
      seed: count.default(1),
      run: count.default(1),
      bytes: bytes.default(64e6),
      warmup: bytes.default(8e6),
      draws: z.int().min(20).max(1_000_000).default(1000),
    })
    .prefault({}),
});

/** A scenario with every default filled in. */
export type Scenario = Omit<z.output<typeof scenarioSchema>, '$schema'>;

/** A scenario as a user writes it: every key optional, quantities as numbers in base units or text with a unit. */
export type ScenarioInput = z.input<typeof scenarioSchema>;

import { z } from 'zod';
import { COST_KEYS } from '../cost/cost-profile.js';
import { isUnmapPolicy, MAX_HELD_UNMAPS, UNMAP_POLICIES, type UnmapPolicy } from '../guest/unmap-policy.js';
import { OFFLOADS } from '../nic/nic-profile.js';
import { MAX_INDIRECT_TCES } from '../papr/hcall.js';
import { bitsPerSec, bytes, bytesPerSec, ns } from './scenario-values.js';

/** Lengths of sends that take turns. */
const MAX_SENDS = 100_000;

/** Connections that a run keeps apart. */
const MAX_FLOWS = 1_000_000;

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
  link: z
    .strictObject({ bitsPerSec: bitsPerSec.default(10e9).describe('line rate, in bits a second') })
    .prefault({})
    .describe('the wire'),
  nic: z
    .strictObject({
      profile: z
        .string()
        .default('cxgb3')
        .describe('a card of `tcebench list nics`, or a JSON file (docs/CARDS.md)'),
      mtu: z.int().default(1500).describe('longest packet without its link header'),
      offload: z
        .enum(OFFLOADS)
        .default('tso')
        .describe(
          'shape in which TCP hands over its data: `tso`, `swGso`, `linear`, `sendfile`; not named: what the card usually does',
        ),
      gro: z.boolean().default(true).describe('whether received segments are merged'),
      queueSets: z
        .int()
        .min(1)
        .optional()
        .describe(
          'connections go over them by turns, and they over the vCPUs; without it: one for each vCPU, if the card has them',
        ),
      headPayloadBytes: bytes
        .optional()
        .describe('payload in the linear head: 0 in bulk under v4.9, about 1400 under v3.10; without it: 0'),
      pcie: z
        .strictObject({
          bytesPerSec: bytesPerSec
            .optional()
            .describe(
              "the bus of the card, each way; without it: the card's own, which is left out where it is faster than the wire",
            ),
        })
        .optional()
        .describe('the bus of the card'),
    })
    .prefault({})
    .describe('the card'),
  traffic: z
    .strictObject({
      workload: z
        .enum(['stream', 'rr'])
        .default('stream')
        .describe('`stream`, or `rr`: a request comes in, a response goes out'),
      direction: z.enum(['tx', 'rx', 'both']).default('tx').describe('`tx`, `rx` or `both`, for a stream'),
      segmentsPerAck: segmentsPerAck
        .default(2)
        .describe('data segments that an ACK covers, in the mean; 0: all ACKs ride on data'),
      segmentsPerOwnAck: segmentsPerAck
        .optional()
        .describe(
          'of a stream, received segments that an ACK of the guest covers; without it: as segmentsPerAck',
        ),
      arrival: arrival
        .default('closed')
        .describe(
          '`closed`: as fast as it goes; `{"rate": R}`, `{"poisson": R}`, `{"onOff": {"rate": R, "onNs": N, "offNs": N}}`: units a second, a unit being a send, a received frame or a transaction; `capture`: as the capture says',
        ),
      flows: z
        .int()
        .min(1)
        .max(MAX_FLOWS)
        .optional()
        .describe(
          'connections, served by turns; without it: 1, or one for each queue set with several vCPUs',
        ),
      requestBytes: bytes.optional().describe('of a transaction of `rr`; without it: 64'),
      responseBytes: bytes.optional().describe('of a transaction of `rr`; without it: 64'),
      sendBytes: z
        .union([bytes, z.array(bytes).min(1).max(MAX_SENDS)], 'must be a size or a list of sizes')
        .optional()
        .describe(
          'payload of a send, or a list of lengths that take turns; without it: as much as an skb takes',
        ),
      frameMix: frameMix
        .optional()
        .describe('`imix` or `[[frame bytes with FCS, weight], ...]`: datagrams instead of a stream'),
      pcap: z
        .string()
        .min(1)
        .refine((file) => file !== '-', 'must be a file: a capture is read more than once, so not from stdin')
        .optional()
        .describe(
          'a classic pcap file, plain or gzip (pcapng: convert it first): the sizes of its packets, all the way that `direction` says, again from the start when they are over; their times too, unless `arrival` is `closed`',
        ),
    })
    .prefault({})
    .describe('what goes through it'),
  guest: z
    .strictObject({
      vcpus: z.int().default(1).describe('processors of the guest, 1 to 64'),
      pageSize: bytes.default(65536).describe('page of the guest kernel: 4096 or 65536'),
      ramBytes: bytes.default(2 ** 30).describe('memory of the guest'),
      multiTce: z
        .boolean()
        .optional()
        .describe('true or false: only the arms that have it so; without it: arms of both kinds'),
      maxIndirectTces: z
        .int()
        .min(1)
        .max(MAX_INDIRECT_TCES)
        .optional()
        .describe(
          '1 to 512: TCEs that the list of one H_PUT_TCE_INDIRECT may hold; H_STUFF_TCE clears any number all the same; without it: 512, a page full',
        ),
      ddw: z
        .boolean()
        .optional()
        .describe(
          'true or false: only the arms that have a window over all of RAM, or have not; without it: arms of both kinds',
        ),
      window: z
        .strictObject({
          start: bytes.default(0).describe('first I/O address of the 32-bit window'),
          bytes: bytes.default(2 ** 30).describe('length of that window'),
          pageShift: z.int().default(12).describe('page of that window as a power of two: 12 is 4 KiB'),
        })
        .prefault({})
        .describe('the 32-bit window'),
      iovaPools: z
        .literal([1, 4])
        .optional()
        .describe("1 or 4 small pools of I/O addresses; without it: the kernel's choice, 4 from 1 GiB on"),
      iovaLockCoversTableUpdate: z
        .boolean()
        .default(false)
        .describe('true: the lock of a pool is held during the hypercalls too; with one vCPU only counted'),
      unmap: z
        .custom<UnmapPolicy>(isUnmapPolicy, UNMAP_POLICIES)
        .meta({ anyOf: [{ const: 'strict' }, held('deferred'), held('reuse')] })
        .default('strict')
        .describe(
          '`strict`; `{"deferred": N}`: unmaps wait for a batch of N, and so do their addresses; `{"reuse": N}`: mappings of whole pages are kept and found again, up to N of them without a user',
        ),
      bootClear: z
        .boolean()
        .default(false)
        .describe(
          'true: the default window is cleared entry by entry at boot, reported as `boot`, apart from the traffic',
        ),
      otherWork: z
        .strictObject({
          nsPerPacket: ns
            .optional()
            .describe("CPU work beside hypercalls, in ns for each packet; without it: the profile's"),
          nsPerByte: ns.optional().describe("the same for each byte of payload; without it: the profile's"),
          nsPerTransaction: ns
            .optional()
            .describe("the same for each transaction of `rr`; without it: the profile's"),
        })
        .prefault({})
        .describe('CPU work beside hypercalls'),
    })
    .prefault({})
    .describe('the guest'),
  host: z
    .strictObject({
      path: z
        .enum(['userspace', 'virtual', 'real', 'direct'])
        .optional()
        .describe('`userspace`, `virtual`, `real` or `direct` alone; without it: all paths'),
      revision: z
        .string()
        .default('v3')
        .describe('kernel revision, by its name in `tcebench list revisions`'),
      cost: z
        .string()
        .default('power7-2013')
        .describe('cost profile, by its name in `tcebench list costs` or a JSON file (docs/COSTS.md)'),
      groups: z
        .int()
        .min(1)
        .max(64)
        .optional()
        .describe('IOMMU groups in the container, all on one hardware table; without it: 1'),
      threadsPerCore: z
        .literal([1, 2, 4, 8])
        .optional()
        .describe('guest threads on a core: 1, 2, 4 or 8; without it: 1'),
    })
    .prefault({})
    .describe('the host'),
  cost: z
    .partialRecord(z.enum(COST_KEYS), ns)
    .default({})
    .describe(
      'constants of the cost profile set by hand, by their names in `tcebench list costs`; one set so has no interval',
    ),
  claim: z
    .strictObject({
      slow: bytesPerSec.default(220e6).describe('the slow figure; it calibrates one constant'),
      fast: z
        .tuple(
          [bytesPerSec, bytesPerSec],
          'must be a list of the lowest and the highest rate, for example ["750MB/s", "1020MB/s"]',
        )
        .default([750e6, 1020e6])
        .describe('the band of the fast figures; an input to nothing'),
    })
    .prefault({})
    .describe('the claim that is tried'),
  run: z
    .strictObject({
      seed: count.default(1).describe('of every random stream'),
      run: count.default(1).describe('which streams of that seed'),
      bytes: bytes.default(64e6).describe('payload that is counted; not named, for `rr`: 8000 transactions'),
      seconds: z
        .number()
        .min(1e-6)
        .max(3600)
        .optional()
        .describe('instead of `bytes`: as much payload as the line rate could carry in this time'),
      warmup: bytes
        .default(8e6)
        .describe('payload before it that is not counted; not named, for `rr`: 1000 transactions'),
      draws: z
        .int()
        .min(20)
        .max(1_000_000)
        .default(1000)
        .describe('draws of the costs behind each interval; not named, with several vCPUs: 100'),
    })
    .prefault({})
    .describe('how much, and which random streams'),
});

/** A scenario with every default filled in. */
export type Scenario = Omit<z.output<typeof scenarioSchema>, '$schema'>;

/** A scenario as a user writes it: every key optional, quantities as numbers in base units or text with a unit. */
export type ScenarioInput = z.input<typeof scenarioSchema>;

import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { COST_PROFILES } from '../cost/profiles/profiles.js';
import { NIC_PROFILES } from '../nic/profiles/profiles.js';

const RESULTS = new URL('../../results/', root());

/** Of this file in the sources; compiled ones stand elsewhere, and the caller says where the repository is. */
function root(): URL {
  const given = process.env.TCEBENCH_ROOT;
  return given === undefined ? new URL(import.meta.url) : new URL('src/fuzz/', given);
}

function lines(text: string, from: number, to: number): string {
  return `${text.split('\n').slice(from, to).join('\n')}\n`;
}

const DDW_LOG = gunzipSync(readFileSync(new URL('traces/e1000e-ddw-on.log.gz', RESULTS))).toString();
const LONG_LOG = gunzipSync(readFileSync(new URL('traces/e1000-64k.log.gz', RESULTS))).toString();

/** Parts of real logs, and every kind of line. */
export const LOGS: readonly string[] = [
  lines(DDW_LOG, 0, 8),
  lines(DDW_LOG, 500, 540),
  lines(LONG_LOG, 0, 30),
  lines(LONG_LOG, 40_000, 40_040),
  [
    '1@1.000001:spapr_iommu_new_table liobn=0x80000001 table=0x1 fd=-1',
    '1@1.000002:spapr_iommu_ddw_create buid=0x8 addr=0x0, page size=0x10000, requested=0x80000000, start addr=0x800000000000000, liobn=0x80000001',
    '1@1.000003:spapr_iommu_put liobn=0x80000001 ioba=0x800000000000000 tce=0x10003 ret=0',
    '1@1.000004:spapr_iommu_pci_indirect liobn=0x80000001 ioba=0x800000000010000 tce=0x30003 iobaN=0x2 tceN=0x50003 ret=0',
    '1@1.000005:spapr_iommu_pci_get liobn=0x80000001 ioba=0x800000000010000 ret=0 tce=0x30003',
    '1@1.000006:spapr_iommu_ddw_remove liobn=0x80000001',
    '1@1.000007:spapr_iommu_ddw_reset buid=0x8 addr=0x0',
  ].join('\n'),
];

/** A file of phases, with counters and without. */
export const PHASES: readonly string[] = [
  readFileSync(new URL('traces/e1000-64k.phases.tsv', RESULTS), 'utf8'),
  'phase\tline_from\tline_to\tpayload_bytes\nboot\t1\t30\t0\n\nx\t31\t60\t1000\n',
];

/** Traces of hypercalls in two of the formats, with enough calls to measure by. */
export const TRACES: readonly string[] = [
  '# tracer: nop\n#\n',
  Array.from(
    { length: 25 },
    (_, i) =>
      ` qemu-1 [008] d..2 12.0000${10 + i}: kvm_hcall_enter: VCPU 0: hcall=H_STUFF_TCE GPR4-7=0x80000000,0x1000,0x0,0x10\n` +
      ` qemu-1 [008] d..2 12.0001${10 + i}: kvm_hcall_exit: VCPU 0: ret=RESUME_GUEST hcall_rc=H_SUCCESS\n`,
  ).join(''),
  'CPU 8/KVM 77 [008]   1.000001: kvm_hv:kvm_hcall_enter: VCPU 3: hcall=0x20 GPR4-7=80000000,1000,5003,0\n' +
    'CPU 8/KVM 77 [008]   1.000003: kvm_hv:kvm_hcall_exit: VCPU 3: ret=RESUME_HOST hcall_rc=H_TOO_HARD\n',
];

/** Captures: little and big endian, microseconds and nanoseconds. */
export const CAPTURES: readonly Uint8Array[] = [true, false].map((isLittle) => {
  const words = (...values: readonly number[]) => {
    const bytes = Buffer.alloc(values.length * 4);
    for (const [i, value] of values.entries()) {
      if (isLittle) bytes.writeUInt32LE(value, i * 4);
      else bytes.writeUInt32BE(value, i * 4);
    }
    return bytes;
  };
  const magic = isLittle ? 0xa1b2c3d4 : 0xa1b23c4d;
  const version = isLittle ? 0x0004_0002 : 0x0002_0004;
  const packet = (sec: number, captured: number, length: number) => [
    words(sec, 5, captured, length),
    Buffer.alloc(captured, 7),
  ];
  return Buffer.concat([
    words(magic, version, 0, 0, 65535, 1),
    ...packet(7, 60, 60),
    ...packet(8, 20, 1514),
    ...packet(6, 0, 90),
  ]);
});

const EXAMPLES = new URL('counterexamples/', RESULTS);

/** Conformance scenarios, short ones. */
export const SCENARIO_VECTORS: readonly string[] = readdirSync(EXAMPLES).map((rule) => {
  const [first = ''] = readdirSync(new URL(`${rule}/`, EXAMPLES));
  return readFileSync(new URL(`${rule}/${first}`, EXAMPLES), 'utf8');
});

/** Scenarios of runs: every key of the claim, and the rarer keys. */
export const SCENARIOS: readonly string[] = [
  readFileSync(new URL('claim/claim.scenario.json', RESULTS), 'utf8'),
  JSON.stringify({
    nic: { profile: 'e1000', mtu: 9000, offload: 'linear', queueSets: 1, pcie: { bytesPerSec: '2GB/s' } },
    traffic: { arrival: { onOff: { rate: 1000, onNs: 100, offNs: '3us' } }, sendBytes: [1, '64k'], flows: 3 },
    guest: { unmap: { deferred: 3 }, vcpus: 2, iovaPools: 4, otherWork: { nsPerPacket: 1 } },
    host: { path: 'real', threadsPerCore: 4, groups: 2 },
    cost: { realModeHcallNs: '300ns' },
    run: { draws: 20, bytes: '1MB', warmup: 0 },
  }),
  JSON.stringify({
    traffic: { workload: 'rr', requestBytes: 1, responseBytes: '1k', arrival: { poisson: 5 } },
  }),
  JSON.stringify({
    traffic: {
      frameMix: [
        [64, 1],
        [1518, 2],
      ],
      direction: 'rx',
    },
    guest: { pageSize: '4k' },
  }),
];

/** Settings of single keys. */
export const SETTINGS: readonly string[] = [
  ...['nic.mtu=9000', 'traffic.frameMix=imix', 'guest.unmap={"reuse":5}', 'guest.window.bytes=2GiB'],
  ...['traffic.arrival={"rate":1e6}', 'run.bytes=2MB', 'cost.bqlShare=0.5', 'link.bitsPerSec=40Gb/s'],
];

/** What `--vary` takes. */
export const AXES: readonly string[] = [
  ...['nic.mtu=1500,9000', 'guest.vcpus=1..8', 'cost.realModeHcallNs=1us..40us:log12'],
  ...['traffic.sendBytes=[1,2],"64k"', 'cost.bqlShare=0..1:lin5'],
];

/** Cards, and cost profiles over a base and whole. */
export const CARDS: readonly string[] = NIC_PROFILES.map((card) => JSON.stringify({ ...card, id: 'mine' }));
export const COSTS: readonly string[] = [
  JSON.stringify({ ...COST_PROFILES[0], id: 'mine' }),
  JSON.stringify({
    ...{ id: 'mine', base: 'power9-2021', title: 'T', hasRealMode: true, threadsLeaveTogether: false },
    constants: { bqlShare: { low: 0, high: 1, unit: 'share', origin: 'assumed', source: 'a guess' } },
  }),
];

/** Result documents, their long lists cut to one item. */
export const DOCUMENTS: readonly string[] = ['claim/claim.json', 'claim/measured.json'].map((file) =>
  JSON.stringify(shortened(JSON.parse(readFileSync(new URL(file, RESULTS), 'utf8')))),
);

/** The raw rows beside them. */
export const SAMPLES: readonly string[] = ['claim/claim-raw.csv', 'claim/measured-raw.csv'].map((file) =>
  lines(readFileSync(new URL(file, RESULTS), 'utf8'), 0, 12),
);

/** Quantities as people write them. */
export const QUANTITIES: readonly string[] = [
  '64k',
  '1GiB',
  '0x40000000',
  '300ns',
  '10Gb/s',
  '220MB/s',
  '1.5e3',
];

function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 2).map(shortened);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortened(inner)]));
}

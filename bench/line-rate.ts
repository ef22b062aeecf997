/**
 * How long one simulated second of 10 Gb/s takes: cxgb3 without TSO, both directions full, every TCE executed on the
 * machine in real mode, metering on, with the budget for inlining of a long run. Prints a CSV row for each figure and
 * fails above the bounds.
 */
import { execFileSync } from 'node:child_process';
import { PerformanceObserver } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';

/** The built product, wherever this file was built to. */
const DIST = new URL('./', import.meta.resolve('tcebench'));

function built(file: string): Promise<unknown> {
  return import(new URL(file, DIST).href);
}

const { INLINE_MORE } = (await built('cli/inlining.js')) as typeof import('../src/cli/inlining.js');
// This second stands for a long run, which has this budget; it must be set before anything is compiled.
setFlagsFromString(INLINE_MORE);

const { DmaApi } = (await built('guest/dma-api.js')) as typeof import('../src/guest/dma-api.js');
const { GuestPages } = (await built('guest/guest-pages.js')) as typeof import('../src/guest/guest-pages.js');
const { Nic } = (await built('nic/nic.js')) as typeof import('../src/nic/nic.js');
const { CXGB3 } = (await built('nic/profiles/cxgb3.js')) as typeof import('../src/nic/profiles/cxgb3.js');
const { cardAtWork } = (await built('nic/workload.js')) as typeof import('../src/nic/workload.js');
const { DmaWindow } = (await built('papr/dma-window.js')) as typeof import('../src/papr/dma-window.js');
const { buildMachine } = (await built('path/machine.js')) as typeof import('../src/path/machine.js');
const { V3 } = (await built('path/revisions/v3.js')) as typeof import('../src/path/revisions/v3.js');
const { CostClasses } = (await built('sim/cost-classes.js')) as typeof import('../src/sim/cost-classes.js');
const { MeteredSink } = (await built('sim/metered-sink.js')) as typeof import('../src/sim/metered-sink.js');
const { randomStream } = (await built('sim/streams.js')) as typeof import('../src/sim/streams.js');

const ROUNDS = 12;
const MAX_CPU_SECONDS = 0.5;
/** The same bound where the machine is slower or busier than the one it was set on: an empty process took 0.06 s. */
const MAX_CPU_OF_EMPTY = 0.5 / 0.06;
/** In the best round: nothing in a steady state allocates but the bench itself. */
const MAX_COLLECTIONS = 0;
const LINE_BITS_PER_SEC = 10e9;
const RAM_BYTES = 2 ** 30;
const LIOBN = 0x80000000;
const WINDOW = { pageShift: 12, offset: 0, size: 2 ** 18 };
const FRAME_WIRE_BYTES = 1538;
/** Frames of MTU 1500 in a second, each way. */
const FRAMES = LINE_BITS_PER_SEC / 8 / FRAME_WIRE_BYTES;
/** TCE operations of a frame, section 4 of the card's description: 2 x (2 + 1447/4096) sent, 1 received. */
const EXPECTED_TCE_OPS = FRAMES * (2 * (2 + 1447 / 4096) + 1);

function simulator() {
  const machine = buildMachine(
    { ramBytes: RAM_BYTES, windows: [{ liobn: LIOBN, ...WINDOW }], path: 'real' },
    V3,
  );
  const { counts } = machine.host;
  const meter = new MeteredSink(machine.ladder, counts);
  const pages = new GuestPages({
    ramBytes: RAM_BYTES,
    pageBytes: 65536,
    random: randomStream(1, 1, 'guest/pages').nextUint32,
  });
  const dma = new DmaApi({
    sink: meter,
    store: machine.host,
    liobn: LIOBN,
    window: new DmaWindow(WINDOW.pageShift, WINDOW.offset, WINDOW.size),
    multiTce: true,
    pages,
  });
  const card = cardAtWork(
    new Nic({ profile: CXGB3, dmas: [dma], mtu: 1500, offload: 'swGso' }),
    {
      ...{ workload: 'stream', direction: 'both', flows: 1, segmentsPerAck: 0 },
      ...{ requestBytes: 1, responseBytes: 1, arrival: 'closed' },
    },
    { arrival: () => 0, frame: () => 0 },
  );
  card.open();
  const classes = new CostClasses();
  const before = counts.slice();
  let unitClass = -1;
  /** Runs until the wire has been full for so long, each way. */
  const run = (seconds: number) => {
    meter.startMeasuring();
    const wireBytes = (seconds * LINE_BITS_PER_SEC) / 8;
    for (let done = 0; done < wireBytes; done += card.unit.wireBytes) {
      card.step();
      unitClass = classes.classify(before, counts, unitClass);
    }
    return meter.measured();
  };
  return { run, endedIn: machine.ladder.endedIn };
}

/** CPU of a process that does nothing, the best of five. */
function emptyProcessSeconds(): number {
  const seconds = Array.from({ length: 5 }, () => {
    const code =
      'const u = process.resourceUsage(); process.stdout.write(String(u.userCPUTime + u.systemCPUTime))';
    const text = execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' });
    return Number(text) / 1e6;
  });
  return Math.min(...seconds);
}

let collections = 0;
const observer = new PerformanceObserver((list) => {
  collections += list.getEntries().length;
});
observer.observe({ entryTypes: ['gc'] });

const { run, endedIn } = simulator();
// Long enough for the IOVA pools to come round and for the compiler to settle.
run(0.5);
await new Promise((resolve) => setTimeout(resolve, 20));
const seconds: number[] = [];
const inRounds: number[] = [];
let hcalls = 0;
let tceOps = 0;
for (let round = 0; round < ROUNDS; round++) {
  const collectedBefore = collections;
  const start = process.cpuUsage();
  const measured = run(1);
  const { user, system } = process.cpuUsage(start);
  seconds.push((user + system) / 1e6);
  await new Promise((resolve) => setTimeout(resolve, 20));
  inRounds.push(collections - collectedBefore);
  ({ hcalls, tceOps } = measured);
}
observer.disconnect();

const sorted = [...seconds].sort((a, b) => a - b);
const best = sorted[0] as number;
const rows = [
  ['figure', 'value', 'low', 'high', 'bound'],
  ['simulated_second_cpu_sec', sorted[ROUNDS >> 1], best, sorted.at(-1), MAX_CPU_SECONDS],
  ['hcalls', hcalls, hcalls, hcalls, ''],
  ['tce_ops', tceOps, tceOps, tceOps, ''],
  ['tce_ops_of_the_table', EXPECTED_TCE_OPS, EXPECTED_TCE_OPS * 0.99, EXPECTED_TCE_OPS * 1.01, ''],
  ['ns_per_hcall', (best * 1e9) / hcalls, '', '', ''],
  [
    'collections_in_a_round',
    inRounds[ROUNDS >> 1],
    Math.min(...inRounds),
    Math.max(...inRounds),
    MAX_COLLECTIONS,
  ],
  ['calls_that_left_real_mode', endedIn.virtual + endedIn.userspace, '', '', 1],
];
process.stdout.write(`node flags: ${INLINE_MORE}\n${rows.map((row) => row.join(',')).join('\n')}\n`);
const isExact = Math.abs(tceOps / EXPECTED_TCE_OPS - 1) < 0.01;
// Judged by the best round: on a shared machine whatever disturbs a process only ever adds to its time.
const allowed = Math.max(MAX_CPU_SECONDS, MAX_CPU_OF_EMPTY * emptyProcessSeconds());
const isSteady = Math.min(...inRounds) <= MAX_COLLECTIONS;
if (best > allowed || !isExact || !isSteady) process.exitCode = 1;

// Simulated hours of a line of 10 Gb/s: each second with a revision, a path, a workload, a card's settings and a fault
// drawn from the seed, on machines that live as long as the soak. After each second the tables are compared with an
// account of their own, every count must be back where it was, and scenarios full of faults are run against the rules
// that the revision keeps. node scripts/soak.mjs [--seconds N] [--seed N] [--out FILE]
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { withCompiledTests } from './compiled-tests.mjs';
import { Rules } from './soak/rules.mjs';
import { Traffic } from './soak/traffic.mjs';

const SECONDS_PER_ROW = 600;
/** Until then the compiler and the heap settle. */
const WARM_UP_SECONDS = 30;
/** How much more may be alive at the end of any row, when all garbage is collected, than at the end of the first. */
const MAX_HELD_MIB = 8;
/** How much more the process may ever take than when it was warm, with garbage and what allocators keep. */
const MAX_GROWTH_MIB = 128;
const MAX_SHOWN = 20;
const MAX_FAILURE_LENGTH = 3000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3600' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const seed = Number(values.seed);
if (!Number.isInteger(seconds) || seconds < 1 || !Number.isInteger(seed)) {
  console.error('soak: --seconds takes a whole number from 1 on, --seed a whole number');
  process.exit(2);
}

await withCompiledTests(async (load) => {
  const { INLINE_MORE } = await load('cli/inlining');
  setFlagsFromString(INLINE_MORE);
  const product = Object.assign(
    {},
    ...(await Promise.all(
      [
        ...['guest/guest', 'guest/guest-pages', 'host/vfio-container', 'nic/nic', 'nic/profiles/cxgb3'],
        ...['nic/workload', 'papr/dma-window', 'path/machine', 'path/revisions/revisions'],
        ...['path/table-audit', 'sim/streams', 'trace/live-entries', 'invariants/invariants'],
        ...['invariants/verdicts', 'invariants/plan.test-helper', 'invariants/plan-scenario.test-helper'],
      ].map(load),
    )),
  );
  soak(new Traffic(product, seed), new Rules(product, seed));
});

function soak(traffic, rules) {
  traffic.warmUp();
  const failures = [];
  const rows = [];
  let row = newRow(1);
  let warmMib = 0;
  let mostMib = 0;
  let heldMib = 0;
  const cpuBefore = process.cpuUsage();
  for (let second = 1; second <= seconds; second++) {
    const did = traffic.second(second);
    const checked = rules.check(did.drawn.revision, second);
    for (const broken of [...did.broken, ...checked.broken]) {
      failures.push(
        `second ${second} (${JSON.stringify(did.drawn)}): ${broken}`.slice(0, MAX_FAILURE_LENGTH),
      );
    }
    const mib = process.memoryUsage.rss() / 2 ** 20;
    if (second <= Math.min(WARM_UP_SECONDS, Math.ceil(seconds / 2))) warmMib = Math.max(warmMib, mib);
    mostMib = Math.max(mostMib, mib);
    addTo(row, did, checked, mib);
    if (second % SECONDS_PER_ROW === 0 || second === seconds) {
      rows.push({ ...row, to: second, aliveMib: aliveMib() });
      row = newRow(second + 1);
      heldMib = Math.max(...rows.map(({ aliveMib }) => aliveMib)) - rows[0].aliveMib;
      write(rows, failures, { warmMib, mostMib, heldMib, second, cpuBefore, machines: traffic.machines });
    }
  }
  if (failures.length > 0 || !isFlat(warmMib, mostMib, heldMib)) process.exitCode = 1;
}

/** What is alive, shared memory and buffers included. */
function aliveMib() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}

function isFlat(warmMib, mostMib, heldMib) {
  return heldMib <= MAX_HELD_MIB && mostMib - warmMib <= MAX_GROWTH_MIB;
}

function newRow(from) {
  const counts = { calls: 0, refused: 0, failedMaps: 0, wireBytes: 0, faults: 0, scenarios: 0 };
  return { from, ...counts, broken: 0, leastMib: Number.POSITIVE_INFINITY, mostMib: 0 };
}

function addTo(row, did, checked, mib) {
  for (const key of ['calls', 'refused', 'failedMaps', 'wireBytes']) row[key] += did[key];
  if (did.drawn.fault !== 'none') row.faults++;
  row.scenarios += checked.scenarios;
  row.broken += did.broken.length + checked.broken.length;
  row.leastMib = Math.min(row.leastMib, mib);
  row.mostMib = Math.max(row.mostMib, mib);
}

/** Written after every row, so that a soak that is stopped leaves what it saw. */
function write(rows, failures, { warmMib, mostMib, heldMib, second, cpuBefore, machines }) {
  const { user, system } = process.cpuUsage(cpuBefore);
  const isFine = failures.length === 0 && isFlat(warmMib, mostMib, heldMib);
  const verdict = second < seconds ? 'not finished' : isFine ? 'holds' : 'BROKEN';
  const head = [
    'seconds',
    'hypercalls',
    'refused',
    'failed maps',
    'GB on the wire',
    'with a fault',
    'scenarios',
  ];
  const table = [[...head, 'broken', 'alive MiB', 'RSS MiB'], ...rows.map(cells)];
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)));
  const lines = [
    `soak: seed ${seed}, ${seconds} simulated seconds of cxgb3 at 10 Gb/s, ${machines} machines (a revision and a path each)`,
    '',
    ...table.map((line) => line.map((cell, column) => cell.padStart(widths[column])).join('  ')),
    '',
    ...failures.slice(0, MAX_SHOWN),
    `memory alive: ${heldMib.toFixed(1)} MiB more than at the end of the first row, bound ${MAX_HELD_MIB}`,
    `memory of the process: ${warmMib.toFixed(0)} MiB when warm, ${mostMib.toFixed(0)} MiB at most, bound ${MAX_GROWTH_MIB} MiB more`,
    `CPU: ${((user + system) / 1e6).toFixed(0)} s for ${second} simulated seconds, Node ${process.version}`,
    `${verdict}: ${failures.length} broken in ${second} of ${seconds} seconds`,
  ];
  const text = `${lines.join('\n')}\n`;
  if (values.out !== undefined) {
    mkdirSync(dirname(values.out), { recursive: true });
    writeFileSync(values.out, text);
  }
  if (second === seconds) process.stdout.write(text);
}

function cells(row) {
  return [
    `${row.from}-${row.to}`,
    String(row.calls),
    String(row.refused),
    String(row.failedMaps),
    (row.wireBytes / 1e9).toFixed(1),
    String(row.faults),
    String(row.scenarios),
    String(row.broken),
    row.aliveMib.toFixed(1),
    `${row.leastMib.toFixed(0)}-${row.mostMib.toFixed(0)}`,
  ];
}

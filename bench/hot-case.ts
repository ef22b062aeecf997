/**
 * One case of bench:hot in a process of its own: `hot-case single|batch REVISION one|several SLICES`. Prints the best
 * slice of maps, of clears and of both, in nanoseconds of CPU time a TCE.
 */
import {
  hotHost,
  LIOBN,
  LIST_ENTRIES,
  LIST_GPA,
  PAGE_SHIFT,
  POOL_GPA,
  POOL_PAGES,
  WINDOW_ENTRIES,
} from './hot-host.js';

const CHUNK = 8192;
const WARM_UP_SLICES = 4;

const [kind = 'single', revision = 'v3', writers = 'one', slices = '16'] = process.argv.slice(2);
const { host, handlers } = hotHost(revision, writers === 'several');

function map(first: number): number {
  let failures = 0;
  for (let entry = first; entry < first + CHUNK; entry++) {
    const tce = (POOL_GPA + ((entry & (POOL_PAGES - 1)) << PAGE_SHIFT)) | 3;
    failures |= handlers.putTce(LIOBN, 0, entry << PAGE_SHIFT, 0, tce);
  }
  return failures;
}

function clear(first: number): number {
  let failures = 0;
  for (let entry = first; entry < first + CHUNK; entry++) {
    failures |= handlers.putTce(LIOBN, 0, entry << PAGE_SHIFT, 0, 0);
  }
  return failures;
}

function indirect(first: number): number {
  let failures = 0;
  for (let entry = first; entry < first + CHUNK; entry += LIST_ENTRIES) {
    failures |= handlers.putTceIndirect(LIOBN, 0, entry << PAGE_SHIFT, 0, LIST_GPA, LIST_ENTRIES);
  }
  return failures;
}

function stuff(first: number): number {
  let failures = 0;
  for (let entry = first; entry < first + CHUNK; entry += LIST_ENTRIES) {
    failures |= handlers.stuffTce(LIOBN, 0, entry << PAGE_SHIFT, 0, 0, LIST_ENTRIES);
  }
  return failures;
}

function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1e3;
}

const [mapAll, clearAll] = kind === 'single' ? [map, clear] : [indirect, stuff];
let failures = 0;
let [bestMap, bestClear, bestBoth] = [Infinity, Infinity, Infinity];
for (let slice = -WARM_UP_SLICES; slice < Number(slices); slice++) {
  let [mapNs, clearNs] = [0, 0];
  for (let first = 0; first < WINDOW_ENTRIES; first += CHUNK) {
    const start = cpuNs();
    failures |= mapAll(first);
    const mapped = cpuNs();
    failures |= clearAll(first);
    mapNs += mapped - start;
    clearNs += cpuNs() - mapped;
  }
  if (slice < 0) continue;
  bestMap = Math.min(bestMap, mapNs / WINDOW_ENTRIES);
  bestClear = Math.min(bestClear, clearNs / WINDOW_ENTRIES);
  bestBoth = Math.min(bestBoth, (mapNs + clearNs) / WINDOW_ENTRIES / 2);
}
const mapped = host.preregistered.regions.map((region) => region.mapped);
if (failures !== 0 || mapped.some((count) => count !== 1))
  throw new Error(`calls failed, or counts are left: ${mapped}`);
process.stdout.write(JSON.stringify({ map: bestMap, clear: bestClear, both: bestBoth }));

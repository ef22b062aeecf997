/**
 * Ten million hypercalls by two threads on one shared table: maps of pages that are used once each, and clears, of few
 * entries, so that the threads meet all the time. Every valid word that was ever stored must be in the table still or
 * have come out of exactly one exchange (I23), no unmap may be lost (I24). Fails otherwise. The same load on the table
 * of one writer shows what the check sees where exchanges are no atomic steps.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const DIST = new URL('./', import.meta.resolve('tcebench'));
const product = <T>(path: string): Promise<T> => import(new URL(path, DIST).href) as Promise<T>;
const { Host } = await product<typeof import('../src/host/host.js')>('host/host.js');
const { USER_ARENA_START } =
  await product<typeof import('../src/host/host-address.js')>('host/host-address.js');
const { newIommuTable } = await product<typeof import('../src/host/new-parts.js')>('host/new-parts.js');
const { SharedArena } = await product<typeof import('../src/host/shared-arena.js')>('host/shared-arena.js');
const { SharedBuffers } =
  await product<typeof import('../src/host/shared-buffers.js')>('host/shared-buffers.js');
const { VfioContainer } =
  await product<typeof import('../src/host/vfio-container.js')>('host/vfio-container.js');
const { VfioGroup } = await product<typeof import('../src/host/vfio-group.js')>('host/vfio-group.js');
const { DmaWindow } = await product<typeof import('../src/papr/dma-window.js')>('papr/dma-window.js');
const { InKernelHandlers } = await product<typeof import('../src/path/in-kernel.js')>('path/in-kernel.js');
const { V3 } = await product<typeof import('../src/path/revisions/v3.js')>('path/revisions/v3.js');

const CALLS_PER_THREAD = 5_000_000;
const THREADS = 2;
const ENTRIES = 16;
const WINDOW_ENTRIES = 8192;
const PAGE_SHIFT = 12;
const LIOBN = 0x80000001;
const RAM_BYTES = 2 ** 36;
const PAGES = RAM_BYTES / 2 ** PAGE_SHIFT;
const XOR_HI = 0x300a;
const XOR_LO = 0x55000000;
const ARENA_HI = USER_ARENA_START / 2 ** 32;

/** Words of the gate: threads that are ready; words that came out and that nobody stored, half of one and half of another. */
const READY = 0;
const TORN = 1;

type Memory = ReturnType<typeof newMemory>;
type Handle = ConstructorParameters<typeof SharedArena>[0];

function newMemory(handle?: Handle, buffers?: readonly SharedArrayBuffer[]) {
  if (buffers !== undefined) return new SharedBuffers(buffers.length === 0 ? undefined : buffers);
  return new SharedArena(handle);
}

function machine(memory: Memory) {
  const host = new Host({ pageShift: 16, backingShift: 24, bytes: RAM_BYTES }, memory, V3.guestView);
  host.memslots.add(0, USER_ARENA_START, RAM_BYTES);
  new VfioContainer(host, [], V3.vfio).registerMemory(USER_ARENA_START, RAM_BYTES);
  const window = new DmaWindow(PAGE_SHIFT, 0, WINDOW_ENTRIES);
  host.createGuestView(LIOBN, window);
  const table = newIommuTable('shared', window, host.pages, memory);
  table.allocateUserspaceView();
  host.findGuestView(LIOBN)?.attach(table, new VfioGroup(0), false);
  if (V3.real === null) throw new Error('v3 has real mode');
  return { host, table, handlers: new InKernelHandlers(host, V3.real) };
}

/** The guest page that a hardware word names. */
function pageOf(hi: number, lo: number): number {
  const bytesHi = (hi ^ XOR_HI) - ARENA_HI;
  return bytesHi * 2 ** (32 - PAGE_SHIFT) + ((lo ^ XOR_LO) >>> PAGE_SHIFT);
}

interface Job {
  readonly thread: number;
  readonly handle: Handle;
  readonly buffers: readonly SharedArrayBuffer[] | undefined;
  /** For each guest page: how often a word with it was stored, and came out of an exchange. */
  readonly stored: SharedArrayBuffer;
  readonly returned: SharedArrayBuffer;
  readonly gate: SharedArrayBuffer;
}

function work({ thread, handle, buffers, stored, returned, gate }: Job): void {
  const memory = newMemory(handle, buffers);
  const { table, handlers } = machine(memory);
  const storedOf = new Uint8Array(stored);
  const returnedOf = new Uint8Array(returned);
  const { atomics } = memory;
  const ready = new Int32Array(gate);
  const exchange = table.exchange.bind(table);
  table.exchange = (entry, hi, lo, permissions, mode) => {
    const plainHi = table.entries.hi(entry);
    const plainLo = table.entries.lo(entry);
    if (permissions !== 0) Atomics.add(storedOf, pageOf(hi, lo), 1);
    const old = exchange(entry, hi, lo, permissions, mode);
    if (old > 0) {
      const page =
        atomics === null
          ? pageOf(plainHi, plainLo)
          : pageOf(atomics.old[1] as number, atomics.old[0] as number);
      if (page >= 0 && page < PAGES) Atomics.add(returnedOf, page, 1);
      else Atomics.add(ready, TORN, 1);
    }
    return old;
  };
  Atomics.add(ready, READY, 1);
  while (Atomics.load(ready, READY) < THREADS);
  let state = thread + 1;
  let page = thread;
  for (let call = 0; call < CALLS_PER_THREAD; call++) {
    state = (state * 48271) % 2147483647;
    const ioba = (state % ENTRIES) << PAGE_SHIFT;
    if ((state & 0x100) === 0) {
      handlers.putTce(LIOBN, 0, ioba, 0, 0);
      continue;
    }
    page += THREADS;
    const gpa = page * 2 ** PAGE_SHIFT;
    handlers.putTce(LIOBN, 0, ioba, Math.floor(gpa / 2 ** 32), (gpa % 2 ** 32) | 0 | 3);
  }
  parentPort?.postMessage('done');
}

interface Outcome {
  readonly stored: number;
  readonly returned: number;
  readonly current: number;
  /** Words that are neither current nor returned, and words returned more than once. */
  readonly lost: number;
  readonly doubled: number;
  readonly torn: number;
  readonly mapped: number;
}

async function run(memory: Memory): Promise<Outcome> {
  const { host, table } = machine(memory);
  const stored = new SharedArrayBuffer(PAGES);
  const returned = new SharedArrayBuffer(PAGES);
  const gate = new SharedArrayBuffer(8);
  const handle = memory instanceof SharedArena ? memory.handle : undefined;
  const buffers = memory instanceof SharedArena ? undefined : memory.all;
  await Promise.all(
    Array.from(
      { length: THREADS },
      (_, thread) =>
        new Promise((resolve, reject) => {
          const job: Job = { thread, handle, buffers, stored, returned, gate };
          const worker = new Worker(new URL(import.meta.url), { workerData: job });
          worker.on('error', reject).on('exit', resolve);
        }),
    ),
  );
  return judge(
    new Uint8Array(stored),
    new Uint8Array(returned),
    table.entries,
    host.preregistered.regions[0]?.mapped ?? 0,
    new Int32Array(gate)[TORN] as number,
  );
}

function judge(
  stored: Uint8Array,
  returned: Uint8Array,
  entries: { readonly size: number; hi(entry: number): number; lo(entry: number): number },
  mapped: number,
  torn: number,
): Outcome {
  const current = new Set<number>();
  for (let entry = 0; entry < entries.size; entry++) {
    if ((entries.lo(entry) & 3) !== 0) current.add(pageOf(entries.hi(entry), entries.lo(entry)));
  }
  let [all, out, lost, doubled] = [0, 0, 0, 0];
  for (let page = 0; page < PAGES; page++) {
    const times = returned[page] as number;
    if (stored[page] === 1) all++;
    out += times;
    const accounted = times + (current.has(page) ? 1 : 0);
    if (accounted < (stored[page] as number)) lost++;
    if (accounted > (stored[page] as number)) doubled++;
  }
  return { stored: all, returned: out, current: current.size, lost, doubled, torn, mapped };
}

function tell(what: string, outcome: Outcome): void {
  const { stored, returned, current, lost, doubled, torn, mapped } = outcome;
  process.stdout.write(
    `${what}: ${stored} words stored, ${returned} returned, ${current} current; ${lost} lost, ${doubled} returned too often, ${torn} torn; mapped ${mapped}\n`,
  );
}

if (isMainThread) {
  const shared = await run(new SharedArena());
  tell('several writers', shared);
  const plain = await run(new SharedBuffers());
  tell('one-writer table under the same load, a control', plain);
  // With one region a lost store of the userspace view can only leave a count too high (R2), never one too low.
  const isWhole = shared.lost + shared.doubled + shared.torn === 0 && shared.mapped - 1 >= shared.current;
  if (!isWhole || shared.stored < 1000) process.exitCode = 1;
  if (plain.lost + plain.doubled + plain.torn === 0)
    process.stdout.write('the control met no race this time\n');
} else {
  work(workerData as Job);
}

import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DmaWindow } from '../papr/dma-window.js';
import { IovaAllocator } from './iova-allocator.js';

const GIB_ENTRIES = 262144;
const gib = () => new IovaAllocator(new DmaWindow(12, 0, GIB_ENTRIES));

describe('the pools of a 1 GiB window', () => {
  it('lie as in the spec: four of 49152 entries, the large one on the top quarter', () => {
    const iova = gib();
    const cpuOf = new Map([0, 1, 2, 3, 4, 5, 6, 7].map((cpu) => [iova.poolOf(cpu), cpu]));
    expect([...cpuOf.keys()].sort()).toEqual([0, 1, 2, 3]);
    for (const pool of [0, 1, 2, 3]) {
      // Entry 0 is reserved, so the first map of pool 0 is entry 1.
      expect(iova.allocate(cpuOf.get(pool) ?? 0, 1, 1)).toBe(pool === 0 ? 1 : pool * 49152);
    }
    expect(iova.allocate(0, 16, 16)).toBe(196608);
    expect(iova.allocate(1, 16, 16)).toBe(196624);
  });

  it('start each small map in a block of its own and come round only after the whole pool', () => {
    const iova = gib();
    const starts: number[] = [];
    for (let i = 0; i < 3 * 3072; i++) {
      const entry = iova.allocate(0, 1 + (i % 15), 1);
      starts.push(entry);
      iova.free(entry, 1 + (i % 15));
    }
    expect(starts.slice(0, 4)).toEqual([1, 16, 32, 48]);
    const steps = starts.slice(1).map((entry, i) => entry - (starts[i] as number));
    expect(steps.filter((step) => step === 16).length / steps.length).toBeGreaterThan(0.999);
    expect(starts.lastIndexOf(160) - starts.indexOf(160)).toBe(2 * 3072);
  });

  it('step by +17 then +15 where a long-lived entry holds the slot', () => {
    const iova = gib();
    const held = [iova.allocate(0, 1, 1), iova.allocate(0, 1, 1)];
    expect(held).toEqual([1, 16]);
    for (let i = 0; i < 3070; i++) iova.free(iova.allocate(0, 1, 1), 1);
    const lap = [0, 1, 2, 3].map(() => iova.allocate(0, 1, 1));
    expect(lap).toEqual([2, 17, 32, 48]);
  });

  it('sweep the large pool without gaps, 4096 whole 64 KiB pages a lap', () => {
    const iova = gib();
    for (let i = 0; i < 4096; i++) {
      const entry = iova.allocate(0, 16, 16);
      expect(entry).toBe(196608 + 16 * i);
      iova.free(entry, 16);
    }
    expect(iova.allocate(0, 17, 1)).toBe(196608);
    expect(iova.allocate(0, 16, 1)).toBe(196608 + 17);
    expect(iova.allocate(0, 16, 16)).toBe(196608 + 48);
  });
});

describe('a full pool', () => {
  it('is left for the other small pools, and only a full window refuses', () => {
    const iova = new IovaAllocator(new DmaWindow(12, 4096, 256), 4);
    // The CPU's own pool starts each map in a new block; the others are searched from their start, gapless.
    const taken = Array.from({ length: 12 }, () => iova.allocate(0, 15, 1));
    expect(taken).toEqual([0, 16, 32, 48, 63, 78, 96, 111, 126, 144, 159, 174]);
    // Three entries in a row are left in three pools; four find no room, not even in the empty large pool.
    expect(iova.allocate(0, 4, 1)).toBe(-1);
    expect([iova.allocate(0, 1, 1), iova.allocate(0, 3, 1)]).toEqual([15, 93]);
    iova.free(63, 15);
    expect(iova.allocate(0, 15, 1)).toBe(63);
    // A large map does fall back to the small pools.
    expect([iova.allocate(0, 64, 1), iova.allocate(0, 16, 1)]).toEqual([192, -1]);
    iova.free(63, 15);
    iova.free(78, 15);
    expect(iova.allocate(0, 16, 1)).toBe(63);
  });
});

describe('windows', () => {
  it('below 1 GiB have one small pool, and the large one all the same', () => {
    const iova = new IovaAllocator(new DmaWindow(12, 0, 65536));
    expect(iova.smallPools).toBe(1);
    expect([iova.poolOf(0), iova.poolOf(3)]).toEqual([0, 0]);
    expect(iova.allocate(3, 16, 1)).toBe(49152);
  });

  it('that do not start at 0 reserve nothing, and alignment counts from address 0', () => {
    const iova = new IovaAllocator(new DmaWindow(12, 8, 65536));
    expect(iova.allocate(0, 1, 1)).toBe(0);
    expect((iova.allocate(0, 16, 16) + 8) % 16).toBe(0);
  });

  it('refuse what cannot be split, with the key', () => {
    expect(() => new IovaAllocator(new DmaWindow(12, 0, 16))).toThrow(/guest\.window\.bytes/);
    expect(() => new IovaAllocator(new DmaWindow(12, 0, GIB_ENTRIES), 3)).toThrow(/guest\.iovaPools/);
  });
});

describe('the search', () => {
  it('finds what an entry-by-entry search of the same pools finds', () => {
    const size = 512;
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 4),
        fc.constantFrom(0, 8, 16),
        fc.array(
          fc.record({
            cpu: fc.integer({ min: 0, max: 7 }),
            npages: fc.oneof(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 16, max: 70 })),
            align: fc.constantFrom(1, 2, 16, 32),
            freeAt: fc.nat({ max: 300 }),
          }),
          { maxLength: 150, size: 'max' },
        ),
        (pools, offset, requests) => {
          const iova = new IovaAllocator(new DmaWindow(12, offset, size), pools);
          const model = new NaiveAllocator(size, offset, pools);
          const out: { entry: number; npages: number }[] = [];
          for (const { cpu, npages, align, freeAt } of requests) {
            const entry = iova.allocate(cpu, npages, align);
            expect(entry).toBe(model.allocate(iova.poolOf(cpu), npages, align));
            if (entry >= 0) out.push({ entry, npages });
            const freed = out.splice(freeAt, 1)[0];
            if (freed === undefined) continue;
            iova.free(freed.entry, freed.npages);
            model.taken.fill(false, freed.entry, freed.entry + freed.npages);
          }
          expect(iova.liveEntries).toBe(model.taken.filter((taken) => taken).length);
        },
      ),
    );
  });

  it('notices an entry given back twice', () => {
    const iova = gib();
    const entry = iova.allocate(0, 40, 1);
    iova.free(entry, 40);
    expect(() => iova.free(entry, 40)).toThrow(/assertion failed/);
  });
});

/** The allocator of spec section 3 as one would write it first: an array of booleans, searched one by one. */
class NaiveAllocator {
  readonly taken: boolean[];
  readonly #pools: { start: number; end: number; hint: number }[] = [];
  readonly #offset: number;

  constructor(size: number, offset: number, pools: number) {
    this.taken = new Array<boolean>(size).fill(false);
    this.taken[0] = offset === 0;
    this.#offset = offset;
    const share = Math.floor((size * 3) / 4 / pools);
    for (let i = 0; i < pools; i++) {
      this.#pools.push({ start: i * share, end: (i + 1) * share, hint: i * share });
    }
    this.#pools.push({ start: pools * share, end: size, hint: pools * share });
  }

  allocate(own: number, npages: number, align: number): number {
    const small = this.#pools.length - 1;
    const order = [npages > 15 ? small : own];
    for (let i = 1; i <= small; i++) order.push((own + i) % small);
    for (const [turn, index] of order.entries()) {
      const pool = this.#pools[index];
      if (pool === undefined) continue;
      const hint = turn === 0 && pool.hint < pool.end ? pool.hint : pool.start;
      for (const from of [hint, pool.start]) {
        pool.hint = pool.start;
        for (let entry = from; entry + npages <= pool.end; entry++) {
          if ((entry + this.#offset) % align !== 0) continue;
          if (this.taken.slice(entry, entry + npages).includes(true)) continue;
          this.taken.fill(true, entry, entry + npages);
          const end = entry + npages;
          pool.hint = npages > 15 ? end : Math.ceil(end / 16) * 16;
          return entry;
        }
      }
    }
    return -1;
  }
}

const TRACES = new URL('../../../shared/traces/', import.meta.url);

interface LoggedRun {
  readonly cpu: number;
  readonly clears: boolean;
  readonly entry: number;
  npages: number;
  readonly page: number;
}

/** The runs of entries that a log's calls set or clear; CPUs are numbered as they turn up. */
function loggedRuns(name: string, multiTce: boolean): LoggedRun[] {
  const runs: LoggedRun[] = [];
  const cpus: string[] = [];
  for (const line of gunzipSync(readFileSync(new URL(name, TRACES)))
    .toString('latin1')
    .split('\n')) {
    const match = /^(\d+)@\S+?:spapr_iommu_pci_(put|indirect|stuff) (.*)$/.exec(line);
    if (match === null) continue;
    const [, thread = '', op, rest = ''] = match;
    if (!cpus.includes(thread)) cpus.push(thread);
    const field = (key: string) => Number(new RegExp(`\\b${key}=(\\S+)`).exec(rest)?.[1]);
    const cpu = cpus.indexOf(thread);
    const entry = field('ioba') / 4096;
    if (op === 'indirect') {
      runs.push({ cpu, clears: false, entry, npages: field('iobaN') + 1, page: 0 });
    } else if (op === 'stuff') {
      const npages = field('npages');
      runs.push({ cpu, clears: true, entry: entry - npages, npages, page: 0 });
    } else {
      const clears = (field('tce') & 3) === 0;
      const page = Math.floor(field('tce') / 4096);
      const last = runs.at(-1);
      // Without multi-TCE a map is a run of puts of neighbouring pages to neighbouring entries.
      const goesOn =
        !multiTce &&
        last !== undefined &&
        !last.clears &&
        !clears &&
        last.cpu === cpu &&
        last.entry + last.npages === entry &&
        last.page + last.npages === page;
      if (goesOn) last.npages++;
      else runs.push({ cpu, clears, entry, npages: 1, page });
    }
  }
  return runs;
}

describe.each([
  ['e1000-64k.log.gz', true, 37233],
  ['pcnet32-multitce-off.log.gz', false, 22154],
  ['8139cp-4kpages-smp2.log.gz', true, 42451],
] as const)('the addresses in the real log %s', (name, multiTce, maps) => {
  it.skipIf(!existsSync(new URL(name, TRACES)))('are all the ones this allocator gives', () => {
    const iova = gib();
    const live = new Set<number>();
    let equal = 0;
    for (const { cpu, clears, entry, npages } of loggedRuns(name, multiTce)) {
      if (clears) {
        for (let at = entry; at < entry + npages; at++) if (live.delete(at)) iova.free(at, 1);
        continue;
      }
      const mine = iova.allocate(cpu, npages, npages >= 16 ? 16 : 1);
      if (mine !== entry) expect.fail(`map ${equal} of ${npages}: ${mine}, the log has ${entry}`);
      for (let at = entry; at < entry + npages; at++) live.add(at);
      equal++;
    }
    expect(equal).toBe(maps);
  });
});

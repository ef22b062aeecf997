import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DmaWindow } from '../papr/dma-window.js';
import { DMA_FROM_DEVICE, DMA_TO_DEVICE } from './dma-api.js';
import { Guest } from './guest.js';
import { GuestPages } from './guest-pages.js';
import { RecordingSink, testRandom } from './recording-sink.test-helper.js';

const RAM = 2 ** 28;
const WINDOW = new DmaWindow(12, 0, 262144);

function guestOf(vcpus: number, iovaPools?: number) {
  const sink = new RecordingSink(WINDOW, RAM);
  const pages = new GuestPages({ ramBytes: RAM, pageBytes: 65536, random: testRandom(5) });
  const common = { sink, store: sink, liobn: 0x80000000, window: WINDOW, multiTce: true, pages };
  return { sink, guest: new Guest({ ...common, vcpus, iovaPools }) };
}

it('the CPUs of a guest map from the pools of their hash, and large maps all from one', () => {
  const { sink, guest } = guestOf(5);
  const small = guest.cpus.map((cpu) => cpu.map(0x1000, 10, DMA_TO_DEVICE));
  // hash_32 of 0..4 in two bits is 0, 1, 3, 0, 2; entry 0 is reserved, and CPU 3 comes after CPU 0.
  expect(small).toEqual([1, 49152, 147456, 16, 98304]);
  const large = guest.cpus.map((cpu) => cpu.map(0x10000, 65536, DMA_FROM_DEVICE));
  expect(large).toEqual([196608, 196624, 196640, 196656, 196672]);
  expect(sink.breaches).toEqual([]);
});

it('one pool serves all CPUs in turn', () => {
  const { guest } = guestOf(3, 1);
  expect(guest.cpus.map((cpu) => cpu.map(0x1000, 10, DMA_TO_DEVICE))).toEqual([1, 16, 32]);
});

it('each CPU has a list page of its own', () => {
  const { sink, guest } = guestOf(4);
  const lists = new Set<number>();
  const store = sink.storeWord.bind(sink);
  sink.storeWord = (gpa, hi, lo) => {
    lists.add(Math.floor(gpa / 65536));
    store(gpa, hi, lo);
  };
  for (const cpu of guest.cpus) cpu.map(0x1000, 8192, DMA_TO_DEVICE);
  expect(lists.size).toBe(4);
});

it('the lock of a pool is taken once for each search and each free, and once more for each further pool', () => {
  const { guest } = guestOf(2);
  const [first, second] = guest.cpus;
  const entry = first?.map(0x1000, 10, DMA_TO_DEVICE) ?? -1;
  const page = second?.map(0x10000, 65536, DMA_FROM_DEVICE) ?? -1;
  second?.unmap(entry, 1);
  first?.unmap(page, 16);
  expect(guest.iova.lockTakes).toEqual([2, 0, 0, 0, 2]);
  // No pool has so many entries: its own twice under one lock, then each small one.
  expect(guest.iova.allocate(0, 70000, 1)).toBe(-1);
  expect(guest.iova.lockTakes.reduce((sum, takes) => sum + takes, 0)).toBe(4 + 1 + 4);
});

it('what one CPU maps another may unmap, whatever the order', () => {
  const step = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(RAM / 2), fc.integer({ min: 1, max: 70000 }), fc.nat(9));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { sink, guest } = guestOf(4);
      const live: [number, number][] = [];
      const drop = (cpu: number, at: number) => {
        for (const [entry, npages] of live.splice(at, 1)) guest.cpus[cpu]?.unmap(entry, npages);
      };
      for (const [mapping, unmapping, gpa, bytes, at] of steps) {
        const dma = guest.cpus[mapping];
        if (dma === undefined) continue;
        live.push([dma.map(gpa, bytes, DMA_TO_DEVICE), dma.pagesOf(gpa, bytes)]);
        if (at < live.length) drop(unmapping, at);
      }
      while (live.length > 0) drop(live.length & 3, 0);
      expect([sink.live, sink.breaches]).toEqual([0, []]);
    }),
  );
});

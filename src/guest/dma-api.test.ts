import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DmaWindow } from '../papr/dma-window.js';
import { DMA_BIDIRECTIONAL, DMA_FROM_DEVICE, DMA_TO_DEVICE, DmaApi } from './dma-api.js';
import { GuestPages } from './guest-pages.js';
import { IovaAllocator } from './iova-allocator.js';
import { RecordingSink, testRandom } from './recording-sink.test-helper.js';

const RAM = 2 ** 30;
const GIB = new DmaWindow(12, 0, 262144);

function setUp(options: {
  multiTce: boolean;
  maxIndirectTces?: number;
  pageBytes?: number;
  window?: DmaWindow;
  ramBytes?: number;
}) {
  const { multiTce, maxIndirectTces, pageBytes = 65536, window = GIB, ramBytes = RAM } = options;
  const pages = new GuestPages({ ramBytes, pageBytes, random: testRandom(3) });
  const sink = new RecordingSink(window, ramBytes);
  sink.log = [];
  const dma = new DmaApi({ sink, store: sink, liobn: 0x80000000, window, multiTce, maxIndirectTces, pages });
  return { pages, sink, dma };
}

describe('with multi-TCE', () => {
  it('1 TCE is an H_PUT_TCE, more are one H_PUT_TCE_INDIRECT, and each unmap is one H_STUFF_TCE', () => {
    const { sink, dma } = setUp({ multiTce: true });
    const head = dma.map(0x12340100, 66, DMA_TO_DEVICE);
    const straddles = dma.map(0x12340fff, 2, DMA_TO_DEVICE);
    const page = dma.map(0x20000000, 65536, DMA_FROM_DEVICE);
    dma.unmap(head, 1);
    dma.unmap(straddles, 2);
    dma.unmap(page, 16);
    expect(sink.log).toEqual([
      { op: 'put', entry: 1, npages: 1, page: 0x12340, permissions: 1 },
      { op: 'indirect', entry: 16, npages: 2, page: 0x12340, permissions: 1 },
      { op: 'indirect', entry: 196608, npages: 16, page: 0x20000, permissions: 3 },
      { op: 'stuff', entry: 1, npages: 1, page: 0, permissions: 0 },
      { op: 'stuff', entry: 16, npages: 2, page: 0, permissions: 0 },
      { op: 'stuff', entry: 196608, npages: 16, page: 0, permissions: 0 },
    ]);
    expect(dma).toMatchObject({ maps: 3, unmaps: 3, tcesMapped: 19, tcesUnmapped: 19, hcalls: 6 });
    expect([sink.live, sink.breaches]).toEqual([0, []]);
  });

  it('a map of more than 512 TCEs takes an indirect call for every 512', () => {
    const { sink, dma } = setUp({ multiTce: true });
    dma.map(0x1000_0000, 4096 * 1030, DMA_FROM_DEVICE);
    expect(sink.log?.map((call) => [call.op, call.npages, call.page])).toEqual([
      ['indirect', 512, 0x10000],
      ['indirect', 512, 0x10200],
      ['indirect', 6, 0x10400],
    ]);
    expect([sink.live, sink.breaches]).toEqual([1030, []]);
  });
});

describe('with lists of at most so many TCEs', () => {
  it.each([
    [1, Array.from({ length: 16 }, () => 1)],
    [5, [5, 5, 5, 1]],
    [16, [16]],
    [512, [16]],
  ])('of %i: 16 TCEs take calls of %j, and one H_STUFF_TCE clears them', (maxIndirectTces, lengths) => {
    const { sink, dma } = setUp({ multiTce: true, maxIndirectTces });
    const entry = dma.map(0x20000000, 65536, DMA_FROM_DEVICE);
    const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, length) => sum + length, 0));
    expect(sink.log?.map((call) => [call.op, call.npages, call.page, call.entry])).toEqual(
      lengths.map((length, i) => {
        const start = starts[i] as number;
        return ['indirect', length, 0x20000 + start, entry + start];
      }),
    );
    dma.unmap(entry, 16);
    expect(sink.log?.at(-1)).toMatchObject({ op: 'stuff', entry, npages: 16 });
    // The sink takes each list for a map of its own, so an unmap of several surprises it.
    const breaches = lengths.length === 1 ? [] : [`unmap of ${entry}+16 matches no map`];
    expect([sink.live, sink.breaches]).toEqual([0, breaches]);
  });
});

describe('without multi-TCE', () => {
  it('there is nothing but H_PUT_TCE, one for each entry, both ways', () => {
    const { sink, dma } = setUp({ multiTce: false });
    const entry = dma.map(0x20000000, 65536, DMA_FROM_DEVICE);
    dma.unmap(entry, 16);
    expect([sink.puts, sink.clears, sink.indirects, sink.stuffs]).toEqual([16, 16, 0, 0]);
    expect(sink.log?.map((call) => call.page).slice(0, 3)).toEqual([0x20000, 0x20001, 0x20002]);
    expect([sink.live, sink.breaches, dma.hcalls]).toEqual([0, [], 32]);
  });
});

it('the device may write unless the data only go to it', () => {
  const { sink, dma } = setUp({ multiTce: true });
  dma.map(0x1000, 1, DMA_TO_DEVICE);
  dma.map(0x2000, 1, DMA_FROM_DEVICE);
  dma.map(0x3000, 1, DMA_BIDIRECTIONAL);
  expect(sink.log?.map((call) => call.permissions)).toEqual([1, 3, 3]);
});

it('addresses above 4 GiB, of the guest as of the bus, keep their high half', () => {
  const ramBytes = 2 ** 36;
  const window = new DmaWindow(12, 2 ** 47 - 5, 65536);
  const { sink, dma } = setUp({ multiTce: true, window, ramBytes });
  const buffer = 0xa_bcde_f000;
  const entries = [1, 2, 1].map((npages) => dma.map(buffer, npages * 4096, DMA_TO_DEVICE));
  expect(entries).toEqual([0, 16, 32]);
  expect(sink.log?.map((call) => [call.entry, call.page])).toEqual(entries.map((e) => [e, 0xabcdef]));
  expect(sink.breaches).toEqual([]);
});

it('whole guest pages get an address aligned like them, coherent memory one aligned to its size', () => {
  const { dma } = setUp({ multiTce: true });
  expect(dma.map(0x10000 + 4096, 65536, DMA_FROM_DEVICE)).toBe(196608);
  expect(dma.map(0x20000 + 4096, 65536, DMA_FROM_DEVICE)).toBe(196624);
  expect(dma.map(0x30000, 65536 + 1, DMA_FROM_DEVICE)).toBe(196640);
  expect(dma.map(0x50000, 65536, DMA_FROM_DEVICE)).toBe(196672);
  expect(dma.mapCoherent(0x80000, 131072)).toBe(196704);
  expect(dma.mapCoherent(0xa0000, 65536) % 16).toBe(0);
  expect(dma.mapCoherent(0xc0000, 131072) % 32).toBe(0);
});

it('a buffer touches as many TCEs as pages from its first byte to its last', () => {
  const { dma } = setUp({ multiTce: true });
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 40 }), fc.integer({ min: 1, max: 70000 }), (gpa, bytes) => {
      let pages = 1;
      for (let at = gpa + 1; at < gpa + bytes; at++) if (at % 4096 === 0) pages++;
      expect(dma.pagesOf(gpa, bytes)).toBe(pages);
    }),
    { numRuns: 50 },
  );
});

describe('a hypercall that is refused', () => {
  it.each([1, 2, 5])('at put %i of 5 fails the map, and what was set before it is cleared', (refused) => {
    const { sink, dma } = setUp({ multiTce: false });
    sink.refuse = (call) => (call === refused ? -4 : 0);
    expect(dma.map(0x40000, 5 * 4096, DMA_TO_DEVICE)).toBe(-1);
    expect([sink.puts, sink.clears, sink.live]).toEqual([refused - 1, refused - 1, 0]);
    expect(dma).toMatchObject({ maps: 0, failedMaps: 1, tcesMapped: 0, hcalls: 2 * refused - 1 });
    // The addresses are free again: after a lap of the pool the block is used once more.
    for (let i = 0; i < 3071; i++) dma.unmap(dma.map(0x1000, 1, DMA_TO_DEVICE), 1);
    expect(dma.map(0x40000, 5 * 4096, DMA_TO_DEVICE)).toBe(1);
  });

  it('at the second list fails the map, and the first 512 entries are cleared by one call', () => {
    const { sink, dma } = setUp({ multiTce: true });
    sink.refuse = (call) => (call === 2 ? -1 : 0);
    expect(dma.map(0x1000_0000, 4096 * 600, DMA_FROM_DEVICE)).toBe(-1);
    expect([sink.indirects, sink.stuffs, sink.tcesCleared, sink.live]).toEqual([1, 1, 512, 0]);
    expect(dma.failedMaps).toBe(1);
  });

  it('at an unmap is counted and otherwise ignored, as the guest does', () => {
    const { sink, dma } = setUp({ multiTce: true });
    const entry = dma.map(0x1000, 1, DMA_TO_DEVICE);
    sink.refuse = () => -4;
    dma.unmap(entry, 1);
    expect(dma).toMatchObject({ unmaps: 1, failedUnmaps: 1 });
  });
});

it('a full window fails maps, makes no call for them, and works again when there is room', () => {
  const window = new DmaWindow(12, 0, 256);
  const { sink, dma } = setUp({ multiTce: true, window });
  const entries: number[] = [];
  for (let entry = 0; entry >= 0; ) {
    entry = dma.map(0x1000, 4096, DMA_TO_DEVICE);
    if (entry >= 0) entries.push(entry);
  }
  expect(entries.length).toBe(191);
  expect([dma.failedMaps, sink.puts, sink.peakLive]).toEqual([1, 191, 191]);
  for (const entry of entries) dma.unmap(entry, 1);
  expect(sink.live).toBe(0);
  expect(dma.map(0x1000, 4096, DMA_TO_DEVICE)).toBeGreaterThan(0);
});

describe('at boot the window is cleared', () => {
  it.each([
    [true, 512, 0],
    [false, 0, 262144],
  ])('multi-TCE %s: %i H_STUFF_TCE, %i H_PUT_TCE for 1 GiB', (multiTce, stuffs, clears) => {
    const { sink, dma } = setUp({ multiTce });
    sink.log = undefined;
    dma.clearWindow();
    expect([sink.stuffs, sink.clears, sink.clearedEmpty]).toEqual([stuffs, clears, 262144]);
    expect([dma.hcalls, dma.unmaps, dma.failedUnmaps]).toEqual([stuffs + clears, 0, 0]);
    expect(sink.breaches).toEqual([]);
  });
});

describe('a direct window', () => {
  function direct(ramBytes: number, window: DmaWindow) {
    const pages = new GuestPages({ ramBytes, pageBytes: 65536, random: testRandom(1) });
    const sink = new RecordingSink(window, ramBytes);
    sink.log = [];
    const options = { sink, store: sink, liobn: 0x80000001, window, multiTce: true, ddw: true };
    return { sink, dma: new DmaApi({ ...options, pages }) };
  }

  it('is filled once as in the real log: 64 calls of 512 entries for 2 GiB, permission 3', () => {
    const { sink, dma } = direct(2 ** 31, new DmaWindow(16, 2 ** 43, 32768));
    expect(dma.fillDirectWindow()).toBe(true);
    expect([sink.indirects, sink.tcesSet, sink.byPermission]).toEqual([64, 32768, [0, 0, 0, 32768]]);
    expect(sink.log?.map((call) => call.page)).toEqual(sink.log?.map((_, i) => i * 512));
    expect(sink.breaches).toEqual([]);
  });

  it('makes no call for traffic, and a map is where its page is', () => {
    const { sink, dma } = direct(2 ** 31, new DmaWindow(16, 2 ** 43, 32768));
    const entry = dma.map(0x1234_5678, 9000, DMA_FROM_DEVICE);
    expect(entry).toBe(0x1234);
    expect(dma.mapCoherent(0x20000, 65536)).toBe(2);
    dma.unmap(entry, 1);
    expect([sink.calls, dma.hcalls, dma.maps, dma.unmaps, dma.tcesMapped]).toEqual([0, 0, 2, 1, 0]);
  });

  it('refuses RAM that it has no room for, and stops where the hypervisor does', () => {
    expect(() => direct(2 ** 31, new DmaWindow(16, 2 ** 43, 16384)).dma.fillDirectWindow()).toThrow(
      /guest\.ramBytes/,
    );
    const { sink, dma } = direct(2 ** 31, new DmaWindow(16, 2 ** 43, 32768));
    sink.refuse = (call) => (call === 3 ? -4 : 0);
    expect(dma.fillDirectWindow()).toBe(false);
    expect([sink.live, dma.tcesMapped]).toEqual([0, 0]);
  });
});

it('CPUs share the addresses but have pools and list pages of their own', () => {
  const pages = new GuestPages({ ramBytes: RAM, pageBytes: 4096, random: testRandom(9) });
  const sink = new RecordingSink(GIB, RAM);
  sink.log = [];
  const iova = new IovaAllocator(GIB);
  const common = { sink, store: sink, liobn: 1, window: GIB, multiTce: true, pages, iova };
  const [cpu0, cpu1] = [new DmaApi({ ...common, cpu: 0 }), new DmaApi({ ...common, cpu: 1 })];
  expect(pages.liveBytes).toBe(2 * 4096);
  const entry = cpu1.map(0x5000, 8192, DMA_FROM_DEVICE);
  expect([cpu0.map(0x5000, 8192, DMA_FROM_DEVICE), entry]).toEqual([1, 49152]);
  cpu0.unmap(entry, 2);
  expect([cpu0.unmaps, cpu1.unmaps, sink.live, sink.breaches]).toEqual([1, 0, 2, []]);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DmaWindow } from '../papr/dma-window.js';
import { DMA_FROM_DEVICE, DMA_TO_DEVICE } from './dma-api.js';
import { Guest } from './guest.js';
import { GuestPages } from './guest-pages.js';
import { RecordingSink, testRandom } from './recording-sink.test-helper.js';
import { isUnmapPolicy, type UnmapPolicy } from './unmap-policy.js';

const RAM = 2 ** 28;

function guestWith(
  unmap: UnmapPolicy,
  options: { pageBytes?: number; entries?: number; multiTce?: boolean } = {},
) {
  const { pageBytes = 65536, entries = 65536, multiTce = true } = options;
  const window = new DmaWindow(12, 0, entries);
  const sink = new RecordingSink(window, RAM);
  sink.log = [];
  const pages = new GuestPages({ ramBytes: RAM, pageBytes, random: testRandom(5) });
  const liobn = 0x80000000;
  const guest = new Guest({ sink, store: sink, liobn, window, multiTce, pages, unmap, vcpus: 1 });
  return { sink, guest, dma: guest.boot };
}

const ops = (sink: RecordingSink) => sink.log?.map(({ op, entry, npages }) => [op, entry, npages]);

describe('a policy', () => {
  it.each([['strict'], [{ deferred: 1 }], [{ reuse: 65536 }]])('may be %j', (policy) => {
    expect(isUnmapPolicy(policy)).toBe(true);
  });

  it.each([
    ['lazy'],
    [null],
    [[]],
    [{}],
    [{ deferred: 0 }],
    [{ deferred: 1.5 }],
    [{ reuse: 65537 }],
    [{ reuse: '8' }],
    [{ defered: 8 }],
    [{ deferred: 8, reuse: 8 }],
  ])('may not be %j', (policy) => {
    expect(isUnmapPolicy(policy)).toBe(false);
  });
});

describe('deferred unmaps', () => {
  it('reach the table when so many have come, by address; neighbours share a call', () => {
    const { sink, dma } = guestWith({ deferred: 4 });
    const pages = [0x10000, 0x20000, 0x40000].map((gpa) => dma.map(gpa, 65536, DMA_FROM_DEVICE));
    const small = dma.map(0x60000, 100, DMA_TO_DEVICE);
    expect([...pages, small]).toEqual([49152, 49168, 49184, 1]);
    sink.log = [];
    for (const entry of [pages[1], pages[0], pages[2]]) dma.unmap(entry as number, 16);
    expect(ops(sink)).toEqual([]);
    dma.unmap(small, 1);
    expect(ops(sink)).toEqual([
      ['stuff', 1, 1],
      ['stuff', 49152, 48],
    ]);
  });

  it('share a call up to 512 entries', () => {
    const { sink, dma } = guestWith({ deferred: 33 });
    const entries = Array.from({ length: 33 }, (_, i) => dma.map(i * 65536, 65536, DMA_FROM_DEVICE));
    sink.log = [];
    for (const entry of entries) dma.unmap(entry, 16);
    expect(ops(sink)).toEqual([
      ['stuff', 49152, 512],
      ['stuff', 49664, 16],
    ]);
  });

  it('keep their addresses taken until then, and are flushed early when those run out', () => {
    // One small pool of 48 entries: three blocks of 16, the first one less entry 0.
    const { sink, dma } = guestWith({ deferred: 100 }, { entries: 64 });
    const map = () => dma.map(0x1000, 4096 * 15, DMA_TO_DEVICE);
    const first = [map(), map(), map()];
    expect(first).toEqual([1, 16, 32]);
    for (const entry of first) dma.unmap(entry, 15);
    expect([sink.live, sink.stuffs]).toEqual([45, 0]);
    expect(map()).toBeGreaterThan(0);
    expect([sink.live, sink.stuffs, dma.failedMaps]).toEqual([15, 2, 0]);
  });

  it('that wait at the end are carried out by a flush', () => {
    const { sink, dma, guest } = guestWith({ deferred: 100 }, { multiTce: false });
    dma.unmap(dma.map(0x1000, 8192, DMA_TO_DEVICE), 2);
    expect(sink.live).toBe(2);
    guest.flush();
    guest.flush();
    expect([sink.live, sink.clears, sink.breaches]).toEqual([0, 2, []]);
  });
});

describe('mappings kept for reuse', () => {
  it('cover whole pages and are found by every buffer in them, without a call', () => {
    const { sink, dma } = guestWith({ reuse: 8 });
    const first = dma.map(0x30100, 66, DMA_TO_DEVICE);
    const second = dma.map(0x3f000, 100, DMA_TO_DEVICE);
    expect([ops(sink), second - first]).toEqual([[['indirect', first, 16]], 15]);
    dma.unmap(second, 1);
    dma.unmap(first, 1);
    expect(dma.map(0x31000, 8192, DMA_TO_DEVICE)).toBe(first + 1);
    expect([sink.calls, dma.foundMaps, dma.maps]).toEqual([1, 2, 3]);
  });

  it('never lend the card more than the direction asks for', () => {
    const { sink, dma } = guestWith({ reuse: 8 });
    dma.unmap(dma.map(0x30000, 65536, DMA_FROM_DEVICE), 16);
    dma.map(0x30000, 66, DMA_TO_DEVICE);
    expect(sink.log?.map(({ permissions }) => permissions)).toEqual([3, 1]);
  });

  it('go when more than so many have no user, the one unused longest first', () => {
    const { sink, dma } = guestWith({ reuse: 2 });
    const entries = [1, 2, 3].map((page) => dma.map(page * 65536, 65536, DMA_FROM_DEVICE));
    sink.log = [];
    for (const entry of entries) dma.unmap(entry, 16);
    expect(ops(sink)).toEqual([['stuff', entries[0], 16]]);
    expect(dma.map(2 * 65536, 65536, DMA_FROM_DEVICE)).toBe(entries[1]);
  });

  it('make room where addresses run out, except those in use', () => {
    const { sink, dma } = guestWith({ reuse: 100 }, { entries: 64, pageBytes: 4096 });
    const used = dma.map(0x1000, 8, DMA_TO_DEVICE);
    const idle = dma.map(0x2000, 8, DMA_TO_DEVICE);
    dma.unmap(idle, 1);
    const more = Array.from({ length: 80 }, (_, i) => dma.map((i + 16) * 4096, 8, DMA_TO_DEVICE));
    // All of the one small pool but entry 0 and the one in use.
    expect(more.filter((entry) => entry >= 0).length).toBe(46);
    expect([sink.live, sink.stuffs]).toEqual([47, 1]);
    expect(more).not.toContain(used);
  });
});

it('under every policy no entry is set twice, and after a flush nothing is mapped', () => {
  const policy = fc.oneof(
    fc.constant<UnmapPolicy>('strict'),
    fc.integer({ min: 1, max: 40 }).map((deferred): UnmapPolicy => ({ deferred })),
    fc.integer({ min: 1, max: 40 }).map((reuse): UnmapPolicy => ({ reuse })),
  );
  const step = fc.tuple(fc.nat(RAM / 2), fc.integer({ min: 1, max: 70000 }), fc.boolean(), fc.nat(20));
  fc.assert(
    fc.property(policy, fc.boolean(), fc.array(step, { maxLength: 80 }), (unmap, multiTce, steps) => {
      const { sink, dma, guest } = guestWith(unmap, { entries: 1024, multiTce });
      const live: [number, number][] = [];
      const drop = (at: number) => {
        for (const [entry, npages] of live.splice(at, 1)) dma.unmap(entry, npages);
      };
      for (const [gpa, bytes, toDevice, at] of steps) {
        const entry = dma.map(gpa, bytes, toDevice ? DMA_TO_DEVICE : DMA_FROM_DEVICE);
        if (entry >= 0) live.push([entry, dma.pagesOf(gpa, bytes)]);
        if (at < live.length) drop(at);
      }
      while (live.length > 0) drop(0);
      guest.flush();
      const breaches = sink.breaches.filter((breach) => !breach.includes('matches no map'));
      expect([sink.live, breaches, dma.tcesMapped - dma.tcesUnmapped]).toEqual([0, [], 0]);
      expect(guest.iova.liveEntries).toBe(1);
    }),
  );
});

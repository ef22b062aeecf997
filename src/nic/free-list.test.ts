import { describe, expect, it } from 'vitest';
import { FreeList } from './free-list.js';
import { bench } from './nic-bench.test-helper.js';

function freeList(buffers: number, chunkBytes: number) {
  const { sink, dma, pages } = bench(65536, true);
  sink.log = [];
  const log = sink.log;
  const list = new FreeList({ dma, buffers, chunkBytes, allocationBytes: 65536, refillMax: 16 });
  return { list, sink, dma, log, held: pages.liveBytes, pages };
}

describe('a receive free list', () => {
  it('maps a page once for exactly 32 buffers of 2 KiB, a refill before each use', () => {
    const { list, dma, log } = freeList(1024, 2048);
    list.open();
    expect(dma.maps).toBe(32);
    log.length = 0;
    const mapAt: number[] = [];
    for (let frame = 0; frame < 32 * 40; frame++) {
      const before = dma.maps;
      expect(list.receive()).toBe(true);
      if (dma.maps > before) mapAt.push(frame);
    }
    // The ring is full at first, so the first frame refills nothing.
    expect(mapAt).toEqual(Array.from({ length: 40 }, (_, i) => 32 * i + 1));
  });

  it('unmaps a page when its last buffer is used up, in the order of the maps', () => {
    const { list, log } = freeList(1024, 2048);
    list.open();
    for (let frame = 0; frame < 32 * 200; frame++) list.receive();
    const maps = log.filter((call) => call.op === 'indirect').map((call) => call.entry);
    const unmaps = log.filter((call) => call.op === 'stuff').map((call) => call.entry);
    expect(unmaps.length).toBe(200);
    expect(maps.slice(0, 200)).toEqual(unmaps);
    // A page is unmapped one ring length of buffers after it was mapped: 32 pages later.
    const mapOfPage33 = log.findIndex((call) => call.entry === maps[32]);
    expect(log.slice(mapOfPage33, mapOfPage33 + 2).map((call) => call.op)).toEqual(['indirect', 'stuff']);
  });

  it('keeps a page that is being cut mapped, even when all its buffers out are used up', () => {
    // A ring of 3 buffers on pages of 32: pages are always being cut while they are used.
    const { list, dma, sink } = freeList(3, 2048);
    list.open();
    for (let frame = 0; frame < 31; frame++) {
      list.receive();
      expect(dma.unmaps).toBe(0);
    }
    list.receive();
    expect([dma.maps, dma.unmaps]).toEqual([2, 1]);
    for (let frame = 0; frame < 32 * 10; frame++) list.receive();
    expect([dma.maps, dma.unmaps, sink.live]).toEqual([12, 11, 16]);
  });

  it('of one buffer keeps its page between two uses, when no buffer of it is out', () => {
    const { list, dma, sink, held, pages } = freeList(1, 16384);
    list.open();
    for (let frame = 0; frame < 4 * 5; frame++) list.receive();
    expect([dma.maps, dma.unmaps]).toEqual([5, 5]);
    list.receive();
    expect([dma.maps, dma.unmaps]).toEqual([6, 5]);
    list.close();
    expect([dma.unmaps, sink.live, pages.liveBytes]).toEqual([6, 0, held]);
  });

  it('puts a copied buffer back: no page is used up by it', () => {
    const { list, dma, sink } = freeList(64, 2048);
    list.open();
    expect(dma.maps).toBe(2);
    for (let frame = 0; frame < 1000; frame++) list.receiveCopied();
    expect([dma.maps, dma.unmaps]).toEqual([2, 0]);
    // Copied frames between used ones cost no map either: 32 buffers a page all the same.
    for (let frame = 0; frame < 3200; frame++) {
      list.receive();
      list.receiveCopied();
    }
    expect(dma.maps).toBe(102);
    list.close();
    expect([dma.unmaps, sink.live]).toEqual([102, 0]);
  });

  it('runs dry when no page can be mapped, and comes back, at most 16 buffers before each use', () => {
    const { list, sink, dma } = freeList(64, 2048);
    list.open();
    sink.refuse = () => -4;
    let received = 0;
    while (list.receive()) received++;
    expect(received).toBe(64);
    expect(list.receiveCopied()).toBe(false);
    sink.refuse = () => 0;
    expect(list.receive()).toBe(true);
    // 16 came, one went; refilled by 16 before each of the next: one page of 32 is cut in two refills.
    const before = dma.maps;
    list.receive();
    expect(dma.maps - before).toBe(0);
    list.receive();
    expect(dma.maps - before).toBe(1);
  });
});

import { describe, expect, it } from 'vitest';
import type { RecordedCall } from '../guest/recording-sink.test-helper.js';
import { bench } from './nic-bench.test-helper.js';
import { txDescriptors } from './tx-descriptors.js';
import { TxQueue } from './tx-queue.js';

const L = 65160;

function txQueue(pageBytes = 65536, pageFragBlockBytes = Math.max(pageBytes, 32768), reclaimMax = 16) {
  const { sink, dma, pages } = bench(pageBytes, true);
  sink.log = [];
  const log: RecordedCall[] = sink.log;
  const held = pages.liveBytes;
  const queue = new TxQueue({
    dma,
    descriptors: 1024,
    completionEvery: 8,
    reclaimMax,
    headObjectBytes: 1024,
    headOffsetBytes: 190,
    headerBytes: 66,
    pageFragBlockBytes,
  });
  return { queue, sink, dma, pages, log, held };
}

const isUnmap = (call: RecordedCall) => call.op === 'stuff';

describe('a transmit queue', () => {
  it('cleans eight packets at every eighth transmit, before that maps anything', () => {
    const { queue, log } = txQueue();
    const unmaps: number[] = [];
    for (let packet = 1; packet <= 33; packet++) {
      log.length = 0;
      queue.sendTso(L);
      unmaps.push(log.filter(isUnmap).length);
      // Unmaps come first: the call after the last of them maps the head.
      expect(log.findIndex((call) => !isUnmap(call))).toBe(unmaps.at(-1));
    }
    const transmits = [...unmaps.keys()].filter((i) => unmaps[i] !== 0).map((i) => i + 1);
    expect(transmits).toEqual([9, 17, 25, 33]);
    // 3 maps a packet, one fewer where the payload ended with its block.
    for (const i of [8, 16, 24, 32]) expect(unmaps[i]).toBeGreaterThanOrEqual(23);
    for (const i of [8, 16, 24, 32]) expect(unmaps[i]).toBeLessThanOrEqual(24);
  });

  it('unmaps in the order of the maps, head then payload, each piece once', () => {
    const { queue, log, sink } = txQueue(4096);
    for (let packet = 0; packet < 500; packet++) queue.sendTso(L);
    queue.close();
    const piece = (call: RecordedCall) => `${call.entry}+${call.npages}`;
    expect(log.filter(isUnmap).map(piece)).toEqual(log.filter((call) => !isUnmap(call)).map(piece));
    expect([sink.live, sink.breaches]).toEqual([0, []]);
  });

  it('walks the payload byte by byte through block after block', () => {
    const { queue, log } = txQueue();
    for (let packet = 0; packet < 400; packet++) queue.sendTso(L);
    const pieces = log.filter((call) => !isUnmap(call));
    let at = 0;
    let next = 0;
    let blockPage = -1;
    for (let packet = 0; packet < 400; packet++) {
      expect(pieces[next++]).toMatchObject({ op: 'put', npages: 1, permissions: 1 });
      for (let left = L; left > 0; ) {
        const inBlock = at % 65536;
        const bytes = Math.min(left, 65536 - inBlock);
        const firstPage = Math.floor(inBlock / 4096);
        const piece = pieces[next++];
        expect(piece?.npages).toBe(Math.floor((inBlock + bytes - 1) / 4096) - firstPage + 1);
        if (inBlock === 0) blockPage = piece?.page ?? -1;
        expect(piece?.page).toBe(blockPage + firstPage);
        at += bytes;
        left -= bytes;
      }
    }
    expect(next).toBe(pieces.length);
  });

  it('holds the blocks of packets in flight only, and none after close', () => {
    const { queue, pages, held } = txQueue();
    let peak = 0;
    for (let packet = 0; packet < 2000; packet++) {
      queue.sendTso(L);
      peak = Math.max(peak, pages.liveBytes - held);
    }
    // At most 16 packets of less than a block each, the block being filled, and a slab page of heads.
    expect(peak).toBeLessThanOrEqual(18 * 65536);
    queue.close();
    expect(pages.liveBytes).toBe(held);
  });

  it.each([
    // A completion is asked for with the packet that makes it 8 descriptors: 3, 6, 9; then 4, 7, 10; 5, 8.
    [16, [0, 0, 0, 3, 0, 0, 3, 0, 2, 0, 0, 3, 0, 0, 3, 0, 2]],
    [4, [0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
  ])(
    'cleans at most %i descriptors at a time, and packets of three descriptors whole',
    (reclaimMax, cleaned) => {
      const { queue, log } = txQueue(4096, 4096, reclaimMax);
      const unmaps = cleaned.map(() => {
        log.length = 0;
        // 17 whole blocks and the head: 18 pieces, 3 descriptors.
        queue.sendTso(17 * 4096);
        return log.filter(isUnmap).length;
      });
      expect(unmaps).toEqual(cleaned.map((packets) => 18 * packets));
    },
  );

  it('drops a packet whose pieces cannot all be mapped, and takes back those that were', () => {
    const { queue, sink, dma, pages, held } = txQueue(4096);
    queue.sendTso(L);
    const live = sink.live;
    for (const refused of [1, 2, 3]) {
      sink.resetCounts();
      sink.refuse = (call) => (call === refused ? -4 : 0);
      expect(queue.sendTso(L)).toBe(false);
      expect([sink.live, sink.calls]).toEqual([live, 2 * refused - 1]);
      sink.refuse = () => 0;
    }
    expect(dma.failedMaps).toBe(3);
    expect(queue.sendTso(L)).toBe(true);
    queue.close();
    expect([sink.live, pages.liveBytes, sink.breaches]).toEqual([0, held, []]);
  });
});

it('a packet takes as many descriptors as the spec says', () => {
  expect(txDescriptors(3, true)).toBe(1);
  expect(txDescriptors(18, true)).toBe(3);
  // A plain list of 9 addresses fills the 14 flits after the header exactly and so starts a second descriptor.
  expect([1, 8, 9, 18].map((pieces) => txDescriptors(pieces, false))).toEqual([1, 1, 2, 2]);
});

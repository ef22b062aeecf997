import { describe, expect, it } from 'vitest';
import type { RecordedCall } from '../guest/recording-sink.test-helper.js';
import { bench } from './nic-bench.test-helper.js';
import { parameter } from './nic-parameter.js';
import type { Offload, TransmitBy } from './nic-profile.js';
import { CXGB3 } from './profiles/cxgb3.js';
import { listDescriptors } from './tx-descriptors.js';
import { TxQueue } from './tx-queue.js';

const L = 65160;

type Numbers = Partial<Record<Exclude<keyof TransmitBy<'map'>, 'mechanism'>, number>>;

/** The card's transmit side with some of its numbers changed. */
function profileWith(numbers: Numbers): TransmitBy<'map'> {
  const { transmit } = CXGB3;
  if (transmit.mechanism !== 'map') throw new Error('cxgb3 maps');
  const changed = Object.entries(numbers).map(([key, value]) => [
    key,
    parameter(value, 'x', 'assumed', 'test'),
  ]);
  return { ...transmit, ...Object.fromEntries(changed) };
}

function txQueue(
  pageBytes = 65536,
  pageFragBlockBytes = Math.max(pageBytes, 32768),
  numbers: Numbers = {},
  offload: Offload = 'tso',
) {
  const { sink, dma, pages } = bench(pageBytes, true);
  sink.log = [];
  const log: RecordedCall[] = sink.log;
  const held = pages.liveBytes;
  const queue = new TxQueue({
    ...{ dma, offload, pageFragBlockBytes },
    profile: profileWith(numbers),
    segmentBytes: 1448,
    maxSkbBytes: 17 * 4096,
    headPayloadBytes: 0,
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
      queue.send(L);
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
    for (let packet = 0; packet < 500; packet++) queue.send(L);
    queue.close();
    const piece = (call: RecordedCall) => `${call.entry}+${call.npages}`;
    expect(log.filter(isUnmap).map(piece)).toEqual(log.filter((call) => !isUnmap(call)).map(piece));
    expect([sink.live, sink.breaches]).toEqual([0, []]);
  });

  it('walks the payload byte by byte through block after block', () => {
    const { queue, log } = txQueue();
    for (let packet = 0; packet < 400; packet++) queue.send(L);
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
      queue.send(L);
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
      const { queue, log } = txQueue(4096, 4096, { reclaimMax });
      const unmaps = cleaned.map(() => {
        log.length = 0;
        // 17 whole blocks and the head: 18 pieces, 3 descriptors.
        queue.send(17 * 4096);
        return log.filter(isUnmap).length;
      });
      expect(unmaps).toEqual(cleaned.map((packets) => 18 * packets));
    },
  );

  it('drops a packet whose pieces cannot all be mapped, and takes back those that were', () => {
    const { queue, sink, dma, pages, held } = txQueue(4096);
    queue.send(L);
    const live = sink.live;
    for (const refused of [1, 2, 3]) {
      sink.resetCounts();
      sink.refuse = (call) => (call === refused ? -4 : 0);
      expect(queue.send(L)).toBe(0);
      expect([sink.live, sink.calls]).toEqual([live, 2 * refused - 1]);
      sink.refuse = () => 0;
    }
    expect(dma.failedMaps).toBe(3);
    expect(queue.send(L)).toBe(45);
    queue.close();
    expect([sink.live, pages.liveBytes, sink.breaches]).toEqual([0, held, []]);
  });
});

it('a packet takes as many descriptors as the spec says', () => {
  expect(listDescriptors(3, true, 15)).toBe(1);
  expect(listDescriptors(18, true, 15)).toBe(3);
  // A plain list of 9 addresses fills the 14 flits after the header exactly and so starts a second descriptor.
  expect([1, 8, 9, 18].map((pieces) => listDescriptors(pieces, false, 15))).toEqual([1, 1, 2, 2]);
});

describe('what a driver does beside mapping head and payload', () => {
  it('a frame of up to the immediate limit maps nothing, but its payload takes its place in the stream', () => {
    const { queue, log } = txQueue();
    // Headers of 66 bytes and 38 of payload are the 104 that fit a descriptor.
    for (let i = 0; i < 100; i++) expect(queue.send(38)).toBe(1);
    expect(queue.sendFrame(66)).toBe(true);
    expect(log).toEqual([]);
    expect(queue.send(39)).toBe(1);
    expect(log).toHaveLength(2);
    // 65536 - 100 x 38 - 39: with one byte more the payload reaches into the next block.
    for (const [bytes, pieces] of [
      [65536 - 3839, 2],
      [1449, 2],
    ] as const) {
      log.length = 0;
      queue.send(bytes);
      expect(log.filter((call) => !isUnmap(call))).toHaveLength(pieces);
    }
  });

  it('an immediate frame takes a descriptor, so eight of them make the packets before them clean', () => {
    const { queue, log } = txQueue();
    queue.send(L);
    for (let i = 0; i < 7; i++) queue.sendFrame(66);
    expect(log.filter(isUnmap)).toEqual([]);
    queue.sendFrame(66);
    expect(log.filter(isUnmap)).toHaveLength(2);
  });

  it('pieces are cut at 4096 bytes, and a TSO packet ends with a piece of 4', () => {
    const numbers = { maxPieceBytes: 4096, tsoSentinelBytes: 4, flitsPerDescriptor: 0 };
    const { queue, log } = txQueue(65536, 65536, numbers);
    queue.send(12_000);
    // Head, 4096, 4096, 3804, 4: the payload begins with its block, so all but the cuts at 4096 lie in a page.
    expect(log.map(({ npages }) => npages)).toEqual([1, 1, 1, 1, 1]);
    log.length = 0;
    queue.send(1448);
    expect(log).toHaveLength(2);
    log.length = 0;
    queue.send(8_192);
    // From 13448 on: 4096, 4092 and 4, the first two over a border.
    expect(log.map(({ npages }) => npages)).toEqual([1, 2, 2, 1]);
  });

  it('the first linear packet after a TSO one is cut too, and no other', () => {
    const { queue, log } = txQueue(65536, 65536, { tsoSentinelBytes: 4, immediateMaxBytes: 0 });
    const mapsOf = (send: () => unknown) => {
      log.length = 0;
      send();
      return log.filter((call) => !isUnmap(call)).length;
    };
    expect(mapsOf(() => queue.sendFrame(66))).toBe(1);
    expect(mapsOf(() => queue.send(2000))).toBe(3);
    expect(mapsOf(() => queue.send(1000))).toBe(2);
    expect(mapsOf(() => queue.sendFrame(66))).toBe(2);
    expect(mapsOf(() => queue.sendFrame(66))).toBe(1);
  });

  it('headers of a TSO packet in the descriptor save the map of the head, no other head', () => {
    const { queue, log } = txQueue(65536, 65536, { inlineTsoHeader: 1 });
    queue.send(2000);
    expect(log).toHaveLength(1);
    queue.send(1000);
    expect(log).toHaveLength(3);
  });

  it('a table of pieces is mapped for a packet of several', () => {
    const { queue, log } = txQueue(65536, 65536, { tableBytesPerPiece: 16 });
    queue.send(2000);
    expect(log).toHaveLength(3);
    queue.sendFrame(200);
    expect(log).toHaveLength(4);
  });

  it('cleaning in the interrupt leaves nothing mapped, and a full ring is cleaned first', () => {
    const numbers = { reclaimAtTransmit: 0, flitsPerDescriptor: 0, descriptors: 32 };
    const { queue, log, sink } = txQueue(65536, 65536, numbers);
    for (let i = 0; i < 10; i++) queue.send(1000);
    expect(log.filter(isUnmap)).toEqual([]);
    queue.interrupt();
    expect(sink.live).toBe(0);
    // Two descriptors a packet: never more than the ring holds.
    for (let i = 0; i < 100; i++) {
      queue.send(1000);
      expect(sink.live).toBeLessThanOrEqual(32 + 2);
    }
    queue.close();
    expect([sink.live, sink.breaches]).toEqual([0, []]);
  });

  it('the timer cleans 64 descriptors of the packets that were reported done, every 250 ms', () => {
    const { queue, log } = txQueue(65536, 65536, { reclaimAtTransmit: 0 });
    for (let i = 0; i < 207; i++) queue.send(1000);
    const cleaned = (ns: number) => {
      log.length = 0;
      queue.elapse(ns);
      return log.length;
    };
    expect(log.filter(isUnmap)).toEqual([]);
    expect(cleaned(249e6)).toBe(0);
    // Two pieces a packet, three where the block ends within it: once in 65.
    expect(Math.floor(cleaned(1e6) / 2)).toBe(64);
    expect(Math.floor(cleaned(500e6) / 2)).toBe(129);
    // 200 packets were reported, 7 not yet.
    expect(Math.floor(cleaned(10e9) / 2)).toBe(8);
  });
});

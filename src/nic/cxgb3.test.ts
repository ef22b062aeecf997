import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DmaApi } from '../guest/dma-api.js';
import { DmaWindow } from '../papr/dma-window.js';
import { bench, cardOn } from './nic-bench.test-helper.js';

const MTU = fc.integer({ min: 81, max: 10222 });

describe('for any MTU, page size, direction and kind of call', () => {
  it('each unmap matches a map, entries never overlap, and nothing is left after close', () => {
    fc.assert(
      fc.property(
        fc.record({
          mtu: MTU,
          pageBytes: fc.constantFrom(4096, 65536),
          multiTce: fc.boolean(),
          direction: fc.constantFrom('tx' as const, 'rx' as const),
          gro: fc.boolean(),
          segmentsPerAck: fc.integer({ min: 1, max: 64 }),
          steps: fc.integer({ min: 0, max: 60 }),
        }),
        ({ pageBytes, multiTce, steps, ...card }) => {
          const { pages, sink, dma } = bench(pageBytes, multiTce);
          const heldAtStart = pages.liveBytes;
          const cxgb3 = cardOn(dma, card);
          for (let lap = 0; lap < 2; lap++) {
            cxgb3.open();
            for (let i = 0; i < steps; i++) {
              cxgb3.step();
              expect(cxgb3.unit.dropped).toBe(0);
              expect(sink.live).toBe(dma.tcesMapped - dma.tcesUnmapped);
            }
            cxgb3.close();
            expect(sink.live).toBe(0);
            expect(pages.liveBytes).toBe(heldAtStart);
          }
          expect(sink.breaches).toEqual([]);
          expect(sink.clearedEmpty).toBe(0);
          expect(sink.peakLive).toBeLessThan(262144);
          expect([dma.maps, dma.hcalls, dma.failedMaps]).toEqual([dma.unmaps, sink.calls, 0]);
          expect([sink.byPermission[0], sink.byPermission[2]]).toEqual([0, 0]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('the unit tells payload and wire bytes of whole frames, and acknowledgements add up', () => {
    fc.assert(
      fc.property(
        MTU,
        fc.constantFrom('tx' as const, 'rx' as const),
        fc.integer({ min: 1, max: 64 }),
        (mtu, direction, segmentsPerAck) => {
          const { dma } = bench(65536, true);
          const card = cardOn(dma, { direction, mtu, segmentsPerAck });
          card.open();
          let frames = 0;
          let acks = 0;
          for (let i = 0; i < 5; i++) {
            card.step();
            const { unit } = card;
            frames += unit.frames;
            acks += unit.acks;
            expect(unit.payloadBytes).toBe(unit.frames * (mtu - 52));
            expect(unit.wireBytes).toBe(unit.frames * (mtu + 38));
            if (direction === 'rx') expect(unit.frames).toBe(64);
            else expect(unit.payloadBytes).toBeLessThanOrEqual(65279);
            if (direction === 'tx') expect(unit.payloadBytes + mtu - 52).toBeGreaterThan(65279);
          }
          expect(acks).toBe(Math.floor(frames / segmentsPerAck));
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('bringing the card up', () => {
  it.each([
    [65536, 128, 32 + 128, 16, 16],
    [4096, 94, 512 + 512, 1, 2],
  ])('guest pages of %i: rings of %i TCEs, then %i maps of receive pages', (pageBytes, ringTces, rxMaps) => {
    const { sink, dma } = bench(pageBytes, true);
    sink.log = [];
    const card = cardOn(dma, { direction: 'rx' });
    card.open();
    const rings = sink.log.slice(0, 6);
    expect(rings.reduce((sum, call) => sum + call.npages, 0)).toBe(ringTces);
    for (const ring of rings) {
      expect(ring.permissions).toBe(3);
      expect(ring.entry % 2 ** Math.ceil(Math.log2(ring.npages))).toBe(0);
      expect(ring.page % 2 ** Math.ceil(Math.log2(ring.npages))).toBe(0);
    }
    expect(sink.log.length - 6).toBe(rxMaps);
    // FL0 and FL1 hold 1024 buffers of 2 KiB, and 512 of 16 KiB or, on small pages, of 8 KiB.
    expect(sink.live - ringTces).toBe(pageBytes === 65536 ? 512 + 2048 : 512 + 1024);
    card.close();
    expect([sink.live, sink.breaches]).toEqual([0, []]);
  });
});

it.each([80, 10223, 1500.5, Number.NaN])('an MTU of %d is refused with its key', (mtu) => {
  const { dma } = bench(65536, true);
  expect(() => cardOn(dma, { direction: 'tx', mtu })).toThrow(/nic\.mtu/);
});

describe('which list a received frame comes from', () => {
  it.each([
    // 10 bytes of pad and CPL, 14 of Ethernet header; FL0 takes what is below 1920.
    [1895, 65536, 2],
    [1896, 65536, 16],
    [10222, 65536, 16],
    [1895, 4096, 32],
    [1896, 4096, 64],
    // A chunk of 8 KiB holds 8064 bytes.
    [8040, 4096, 64],
    [8041, 4096, 128],
  ])('MTU %i, guest pages of %i: %i maps for 64 frames', (mtu, pageBytes, maps) => {
    const { dma } = bench(pageBytes, true);
    const card = cardOn(dma, { direction: 'rx', mtu });
    card.open();
    for (let i = 0; i < 20; i++) card.step();
    const before = dma.maps;
    for (let i = 0; i < 10; i++) card.step();
    expect(dma.maps - before).toBe(10 * maps);
  });

  it('a data frame of up to 256 bytes with pad and CPL is copied when GRO is off', () => {
    const mapsOf = (mtu: number, gro: boolean) => {
      const { dma } = bench(4096, true);
      const card = cardOn(dma, { direction: 'rx', mtu, gro });
      card.open();
      const before = dma.maps;
      for (let i = 0; i < 4; i++) card.step();
      expect(card.unit.frames).toBe(64);
      return dma.maps - before;
    };
    expect([mapsOf(232, false), mapsOf(232, true)]).toEqual([0, 128]);
    expect(mapsOf(233, false)).toBe(128);
  });
});

it('with direct mapping the traffic makes no call, and the card works as ever', () => {
  const window = new DmaWindow(16, 2 ** 43, 8192);
  const { pages, sink } = bench(65536, true, window);
  const dma = new DmaApi({ sink, store: sink, liobn: 1, window, multiTce: true, ddw: true, pages });
  for (const direction of ['tx', 'rx'] as const) {
    const card = cardOn(dma, { direction });
    card.open();
    for (let i = 0; i < 100; i++) card.step();
    expect(card.unit.payloadBytes).toBeGreaterThan(0);
    card.close();
  }
  expect([sink.calls, dma.hcalls]).toEqual([0, 0]);
  expect(dma.maps).toBe(dma.unmaps);
});

describe('when hypercalls are refused', () => {
  it.each(['tx', 'rx'] as const)(
    '%s drops frames, says so, recovers, and still drains to nothing',
    (direction) => {
      fc.assert(
        fc.property(fc.boolean(), fc.constantFrom(4096, 65536), fc.nat(), (multiTce, pageBytes, salt) => {
          const { pages, sink, dma } = bench(pageBytes, multiTce);
          const held = pages.liveBytes;
          const card = cardOn(dma, { direction, mtu: 9000 });
          card.open();
          let dropped = 0;
          // Only maps are refused: a refused unmap would leave its entry live for ever, as on the real machine.
          const putTce = sink.putTce.bind(sink);
          const putTceIndirect = sink.putTceIndirect.bind(sink);
          let calls = salt;
          let step = 0;
          // All maps for twenty steps, then two of three for a hundred, then none.
          const refuses = () => step < 20 || (step < 120 && calls++ % 3 !== 0);
          sink.putTce = (...args) => ((args[4] & 3) !== 0 && refuses() ? -4 : putTce(...args));
          sink.putTceIndirect = (...args) => (refuses() ? -4 : putTceIndirect(...args));
          for (; step < 120; step++) {
            card.step();
            dropped += card.unit.dropped;
          }
          expect(dropped).toBeGreaterThan(0);
          expect(dma.failedMaps).toBeGreaterThan(0);
          card.step();
          card.step();
          expect(card.unit.dropped).toBe(0);
          expect(card.unit.frames).toBeGreaterThan(0);
          card.close();
          expect([sink.live, sink.clearedEmpty, sink.breaches]).toEqual([0, 0, []]);
          expect(pages.liveBytes).toBe(held);
        }),
        { numRuns: 20 },
      );
    },
  );

  it('only for receive buffers, a sender goes on sending and loses its acknowledgements', () => {
    const { sink, dma } = bench(4096, true);
    const card = cardOn(dma, { direction: 'tx', segmentsPerAck: 1 });
    card.open();
    const putTce = sink.putTce.bind(sink);
    sink.putTce = (...args) => ((args[4] & 3) === 3 ? -4 : putTce(...args));
    let acks = 0;
    for (let i = 0; i < 30; i++) {
      card.step();
      expect([card.unit.frames, card.unit.acks + card.unit.dropped]).toEqual([45, 45]);
      acks += card.unit.acks;
    }
    expect(acks).toBe(1024);
  });

  it('from the first one on, open fails the scenario and leaves nothing mapped', () => {
    const { sink, dma } = bench(65536, true);
    const card = cardOn(dma, { direction: 'rx' });
    sink.refuse = (call) => (call === 4 ? -4 : 0);
    expect(() => card.open()).toThrow(/descriptor ring/);
    expect(sink.live).toBe(0);
  });
});

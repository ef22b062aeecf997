import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TcebenchError } from '../errors.js';
import { DmaWindow } from '../papr/dma-window.js';
import { bench, type CardOptions, cardOn } from './nic-bench.test-helper.js';
import { OFFLOADS } from './nic-profile.js';
import { NIC_PROFILES } from './profiles/profiles.js';

const arrival = fc.oneof(
  fc.constant('closed' as const),
  fc.record({ rate: fc.constantFrom(1, 1e3, 1e6) }),
  fc.record({ poisson: fc.constantFrom(1, 1e3, 1e6) }),
  fc.record({
    onOff: fc.record({ rate: fc.constant(1e4), onNs: fc.constant(1e6), offNs: fc.constant(3e8) }),
  }),
);

const train = fc
  .array(
    fc.record({ size: fc.integer({ min: 60, max: 70_000 }), gapNs: fc.nat(1e9), direction: fc.nat(1) }),
    { minLength: 1, maxLength: 20 },
  )
  .map((packets) => ({
    sizes: Int32Array.from([...packets.map(({ size }) => size), 1514]),
    timesNs: Float64Array.from([...packets.map(({ gapNs }) => gapNs), 0]),
    directions: Uint8Array.from([...packets.map(({ direction }) => direction), 0]),
  }));

/** Any card with any traffic that it can have. */
const scenario = fc
  .record({
    profile: fc.constantFrom(...NIC_PROFILES),
    mtuShare: fc.double({ min: 0, max: 1, noNaN: true }),
    offload: fc.constantFrom(...OFFLOADS),
    gro: fc.boolean(),
    queueSets: fc.integer({ min: 1, max: 8 }),
    headPayloadBytes: fc.constantFrom(0, 0, 1400),
    workload: fc.constantFrom('stream' as const, 'rr' as const),
    direction: fc.constantFrom('tx' as const, 'rx' as const, 'both' as const),
    flows: fc.integer({ min: 1, max: 5 }),
    segmentsPerAck: fc.oneof(fc.integer({ min: 0, max: 64 }), fc.double({ min: 0.25, max: 64, noNaN: true })),
    ownAcks: fc.option(fc.double({ min: 0.25, max: 64, noNaN: true })),
    requestBytes: fc.integer({ min: 1, max: 200_000 }),
    responseBytes: fc.integer({ min: 1, max: 200_000 }),
    sendBytes: fc.option(fc.array(fc.integer({ min: 1, max: 150_000 }), { minLength: 1, maxLength: 4 })),
    mix: fc.option(fc.constant([[64, 7] as const, [80, 4] as const, [81, 1] as const])),
    arrival,
    train: fc.option(train, { freq: 5 }),
  })
  .map(({ mtuShare, sendBytes, mix, ownAcks, train: packets, ...rest }): CardOptions => {
    const { limits, offloads } = rest.profile;
    const { mtuMin, mtuMax, queueSetsMax } = limits;
    return {
      ...rest,
      mtu: Math.floor(mtuMin.value + mtuShare ** 3 * (mtuMax.value - mtuMin.value)),
      offload: offloads.includes(rest.offload) ? rest.offload : 'linear',
      queueSets: Math.min(rest.queueSets, queueSetsMax.value),
      ...(sendBytes === null ? {} : { sendBytes }),
      ...(ownAcks === null ? {} : { segmentsPerOwnAck: ownAcks }),
      ...(mix === null ? {} : { frameMix: mix }),
      ...(packets === null ? {} : { train: packets, arrival: 'capture' as const }),
    };
  });

const guest = {
  pageBytes: fc.constantFrom(4096, 65536),
  multiTce: fc.boolean(),
  steps: fc.integer({ min: 0, max: 40 }),
};

describe('any card with any traffic', () => {
  it('never breaks a rule of the DMA API, and leaves nothing mapped', () => {
    fc.assert(
      fc.property(
        scenario,
        fc.record(guest),
        fc.integer({ min: 8, max: 18 }),
        (options, { pageBytes, multiTce, steps }, sizeLog) => {
          const window = new DmaWindow(12, 0, 2 ** sizeLog);
          const { pages, sink, dma } = bench(pageBytes, multiTce, window);
          const held = pages.liveBytes;
          const card = cardOn(dma, options);
          for (let lap = 0; lap < 2; lap++) {
            try {
              card.open();
              for (let i = 0; i < steps; i++) {
                card.step();
                expect(sink.live).toBe(dma.tcesMapped - dma.tcesUnmapped);
                expect(sink.live).toBeLessThan(window.size);
                if (card.unit.dropped > 0) expect(dma.failedMaps).toBeGreaterThan(0);
              }
            } catch (error) {
              // The rings or the first buffers found no room, in the window or in RAM: refused with the key.
              expect(error).toBeInstanceOf(TcebenchError);
              expect((error as TcebenchError).kind).toBe('input');
              expect((error as TcebenchError).message).toMatch(/guest\.(window\.bytes|ramBytes)/);
            }
            card.close();
            expect([sink.live, pages.liveBytes - held]).toEqual([0, 0]);
          }
          expect([sink.breaches, sink.clearedEmpty]).toEqual([[], 0]);
          expect(dma.maps).toBe(dma.unmaps);
          expect([sink.byPermission[0], sink.byPermission[2]]).toEqual([0, 0]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('loses nothing in a window of 1 GiB, and sends and receives what it is asked for', () => {
    fc.assert(
      fc.property(scenario, fc.record(guest), (options, { pageBytes, multiTce, steps }) => {
        const { sink, dma } = bench(pageBytes, multiTce);
        const card = cardOn(dma, { ...options, queueSets: 1 });
        card.open();
        let lastPs = 0;
        for (let i = 0; i < steps; i++) {
          card.step();
          const { unit } = card;
          expect([unit.dropped, Number.isInteger(unit.arrivalPs)]).toEqual([0, true]);
          expect(unit.arrivalPs).toBeGreaterThanOrEqual(lastPs);
          expect(unit.frames).toBeGreaterThan(0);
          expect(unit.payloadBytes).toBeGreaterThanOrEqual(0);
          lastPs = unit.arrivalPs;
        }
        card.close();
        expect([sink.live, dma.failedMaps]).toEqual([0, 0]);
      }),
      { numRuns: 150 },
    );
  });
});

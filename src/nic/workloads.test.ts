import { describe, expect, it } from 'vitest';
import { bench, type CardOptions, cardOn, longRun } from './nic-bench.test-helper.js';
import { E1000 } from './profiles/e1000.js';
import { IMIX } from './traffic.js';

function stepped(options: CardOptions, steps: number) {
  const { dma, sink } = bench(65536, true);
  const card = cardOn(dma, options);
  card.open();
  const units = Array.from({ length: steps }, () => {
    card.step();
    return { ...card.unit };
  });
  return { units, card, dma, sink };
}

describe('a TCP stream', () => {
  it('both ways moves equal data and counts the fuller wire', () => {
    const { units } = stepped({ direction: 'both', segmentsPerAck: 0 }, 3);
    for (const unit of units) {
      expect(unit).toMatchObject({ frames: 90, payloadBytes: 2 * 65160, wireBytes: 45 * 1538, acks: 0 });
    }
  });

  it('without TSO, both ways at MTU 1500, costs what the two rows of the table cost together', () => {
    const options = { direction: 'both', segmentsPerAck: 0, offload: 'swGso' } as const;
    const { maps, tces, frames, hcalls } = longRun(options, 65536, true, 2_000);
    expect(maps / (frames / 2) / (2.022 + 0.0313)).toBeCloseTo(1, 2);
    expect(tces / (frames / 2) / (2.352 + 0.5)).toBeCloseTo(1, 2);
    expect(hcalls / (frames / 2) / (4.044 + 0.0625)).toBeCloseTo(1, 2);
  });

  it('is cut into the sends that it is told, each into frames and skbs', () => {
    const { units } = stepped({ sendBytes: [300, 70_000] }, 4);
    expect(units.map(({ payloadBytes }) => payloadBytes)).toEqual([300, 65_160, 4840, 300]);
    expect(units.map(({ frames }) => frames)).toEqual([1, 45, 4, 1]);
    // 14 + 52 of headers and 24 of overhead a frame.
    expect(units.map(({ wireBytes }) => wireBytes)).toEqual([390, 69_210, 5200, 390]);
  });

  it('of small writes takes a head and a piece each, or a descriptor alone where they fit', () => {
    const mapsOf = (bytes: number) =>
      longRun({ sendBytes: [bytes], gro: false }, 65536, true, 6400).maps / 6400;
    expect(mapsOf(300)).toBeCloseTo(2 + 299 / 65536, 2);
    expect([mapsOf(38), mapsOf(1)]).toEqual([0, 0]);
  });

  it('goes over the queue sets by turns, each with rings of its own', () => {
    const { sink, dma, units } = stepped({ queueSets: 8, flows: 8 }, 64);
    expect(sink.tcesSet).toBeGreaterThan(8 * (128 + 512 + 2048));
    expect(dma.failedMaps).toBe(0);
    expect(units.reduce((sum, { frames }) => sum + frames, 0)).toBe(64 * 45);
  });

  it('at a rate has its arrivals, and time for the timer between them', () => {
    const options = { arrival: { rate: 2 }, segmentsPerAck: 0 } as const;
    const { units, sink } = stepped(options, 40);
    expect(units.map(({ arrivalPs }) => arrivalPs)).toEqual(units.map((_, i) => i * 5e11));
    // Twice 250 ms between two sends: whatever eight packets reported is cleaned before the next one.
    sink.resetCounts();
    expect(sink.live).toBeLessThan(128 + 2560 + 8 * 19);
  });

  it('received at a rate comes frame by frame', () => {
    const { units } = stepped({ direction: 'rx', arrival: { rate: 1e6 } }, 5);
    expect(units.map(({ frames, arrivalPs }) => [frames, arrivalPs])).toEqual([
      [1, 0],
      [1, 1e6],
      [1, 2e6],
      [1, 3e6],
      [1, 4e6],
    ]);
  });
});

describe('requests and responses', () => {
  it('count transactions, payload both ways, and one acknowledgement less than a stream', () => {
    const options = { workload: 'rr', requestBytes: 3000, responseBytes: 10_000, segmentsPerAck: 2 } as const;
    const { units } = stepped({ ...options, flows: 3 }, 4);
    // 3 segments in, 7 out: 1 and 3 acknowledgements beside those that the messages carry.
    for (const unit of units) {
      expect(unit).toMatchObject({ transactions: 1, payloadBytes: 13_000, frames: 10, acks: 4, dropped: 0 });
      expect(unit.wireBytes).toBe(13_000 + 10 * 90);
    }
  });

  it('of 64 bytes on an e1000 are two maps and two unmaps, whatever the connections', () => {
    for (const flows of [1, 1000]) {
      const { maps, hcalls, units } = longRun({ profile: E1000, workload: 'rr', flows }, 65536, true, 1000);
      expect([maps / units, hcalls / units]).toEqual([2, 4]);
    }
  });
});

describe('datagrams', () => {
  it('have lengths by weight, and payload without the headers', () => {
    const { units } = stepped({ frameMix: IMIX, direction: 'tx' }, 12_000);
    const share = (wire: number) => units.filter(({ wireBytes }) => wireBytes === wire).length / units.length;
    expect(share(64 + 20)).toBeCloseTo(7 / 12, 1.5);
    expect(share(594 + 20)).toBeCloseTo(4 / 12, 1.5);
    expect(share(1518 + 20)).toBeCloseTo(1 / 12, 1.5);
    expect(units.find(({ wireBytes }) => wireBytes === 84)?.payloadBytes).toBe(18);
  });

  it('are mapped once each when sent, but for those that fit a descriptor', () => {
    const run = (bytes: number) => longRun({ frameMix: [[bytes, 1]] }, 65536, true, 800);
    // A frame of 108 has 104 without FCS.
    expect([run(108).maps, run(109).maps]).toEqual([0, 800]);
  });

  it('are copied when received short, because GRO takes none of them', () => {
    const run = (bytes: number) => longRun({ frameMix: [[bytes, 1]], direction: 'rx' }, 4096, true, 8);
    // 256 stored with pad and CPL of 10, FCS not.
    expect([run(250).maps, run(251).maps]).toEqual([0, 8 * 32]);
  });

  it('longer than the MTU takes are refused with the key', () => {
    const { dma } = bench(65536, true);
    expect(() => cardOn(dma, { frameMix: [[1519, 1]] })).toThrow(/traffic\.frameMix.*1519/);
  });
});

describe('a capture', () => {
  const train = {
    sizes: Int32Array.of(66, 1514, 7306, 566),
    timesNs: Float64Array.of(1000, 1500, 1200, 4000),
    directions: Uint8Array.of(0, 1, 1, 0),
  };

  it('is played packet by packet with its times, again and again', () => {
    const { units } = stepped({ train, arrival: 'capture' }, 6);
    expect(units.map(({ arrivalPs }) => arrivalPs / 1000)).toEqual([0, 500, 500, 3000, 3000, 3500]);
    // 66 bytes are headers alone; 7306 are 7240 of payload that the card cuts into 5.
    expect(units.map(({ payloadBytes }) => payloadBytes)).toEqual([0, 1448, 7240, 500, 0, 1448]);
    expect(units.map(({ frames }) => frames)).toEqual([1, 1, 5, 1, 1, 1]);
  });

  it('as fast as it goes has no times, and one without directions goes the way of the traffic', () => {
    const { sizes, timesNs } = train;
    const sent = stepped({ train: { sizes, timesNs }, direction: 'tx' }, 4);
    const received = stepped({ train: { sizes, timesNs }, direction: 'rx' }, 4);
    expect(sent.units.map(({ arrivalPs }) => arrivalPs)).toEqual([0, 0, 0, 0]);
    expect(sent.sink.byPermission[1]).toBeGreaterThan(0);
    expect(received.sink.byPermission[1]).toBe(0);
    const payload = (units: readonly { payloadBytes: number }[]) => units.map((unit) => unit.payloadBytes);
    expect(payload(received.units)).toEqual(payload(sent.units));
  });

  it('is needed for its times', () => {
    const { dma } = bench(65536, true);
    expect(() => cardOn(dma, { arrival: 'capture' })).toThrow(/traffic\.arrival/);
  });

  it('without payload is refused', () => {
    const { dma } = bench(65536, true);
    const empty = { sizes: Int32Array.of(60), timesNs: Float64Array.of(0) };
    expect(() => cardOn(dma, { train: empty })).toThrow(/traffic\.pcap/);
  });
});

import { describe, expect, it } from 'vitest';
import { bench, type CardOptions, cardOn, longRun } from './nic-bench.test-helper.js';
import { parameter } from './nic-parameter.js';
import type { NicProfile, ReceiveProfile } from './nic-profile.js';
import { E1000 } from './profiles/e1000.js';
import { E1000E } from './profiles/e1000e.js';
import { IDEAL } from './profiles/ideal.js';
import { IXGBE } from './profiles/ixgbe.js';
import { MLX5 } from './profiles/mlx5.js';
import { RTL8139CP } from './profiles/rtl8139cp.js';
import { VIRTIO_NET, VIRTIO_NET_IOMMU } from './profiles/virtio-net.js';

/** Maps and TCEs of a received frame in the long run; no acknowledgements. */
function perFrame(profile: NicProfile, pageBytes: number, options: CardOptions = {}) {
  // 32768 frames: two rounds of 512 pages with 32 buffers each.
  const steps = 512;
  const rx = { direction: 'rx' as const, segmentsPerAck: 0 };
  const run = longRun({ ...rx, ...options, profile }, pageBytes, true, steps);
  expect([run.sink.breaches, run.dropped]).toEqual([[], 0]);
  return {
    maps: run.maps / run.frames,
    tces: run.tces / run.frames,
    hcallsPerMB: run.hcalls / run.payloadMB,
  };
}

function withReceive(profile: NicProfile, key: string, value: number): NicProfile {
  const receive = { ...profile.receive, [key]: parameter(value, 'x', 'assumed', 'test') } as ReceiveProfile;
  return { ...profile, receive };
}

describe('a buffer for each frame', () => {
  it.each([
    ['e1000', E1000],
    ['e1000e', E1000E],
    ['8139cp', RTL8139CP],
  ])('%s: one map of one TCE a frame, 1381 calls/MB at MTU 1500', (_, profile) => {
    for (const pageBytes of [4096, 65536]) {
      const { maps, tces, hcallsPerMB } = perFrame(profile, pageBytes);
      expect([maps, tces]).toEqual([1, 1]);
      expect(Math.abs(hcallsPerMB / 1381.2 - 1)).toBeLessThan(0.001);
    }
  });

  it('keeps its mapping for a short frame on e1000, is mapped anew for it on e1000e and 8139cp', () => {
    const mapsOf = (profile: NicProfile, payload: number) =>
      perFrame(profile, 65536, { sendBytes: [payload] }).maps;
    // 190 of payload and 66 of headers are the 256 of the copy-break.
    expect([mapsOf(E1000, 190), mapsOf(E1000, 191)]).toEqual([0, 1]);
    expect([mapsOf(E1000E, 1), mapsOf(RTL8139CP, 1)]).toEqual([1, 1]);
  });

  it('of a long frame is a page, or several', () => {
    const mtu = 9000;
    expect(perFrame(E1000, 65536, { mtu })).toMatchObject({ maps: 1, tces: 4 });
    expect(perFrame(E1000, 4096, { mtu })).toMatchObject({ maps: 3, tces: 3 });
    expect(perFrame(E1000E, 65536, { mtu })).toMatchObject({ maps: 1, tces: 16 });
  });

  it('of virtio with the IOMMU feature takes 1536 bytes at multiples of 512: two of eight cross a border', () => {
    const { maps, tces } = perFrame(VIRTIO_NET_IOMMU, 65536);
    expect(maps).toBeCloseTo(1, 2);
    expect(Math.abs(tces - 1.25)).toBeLessThan(0.02);
  });
});

describe('pages that are used again', () => {
  it('by halves on 4K pages: no map, but for the misses', () => {
    expect(perFrame(IXGBE, 4096).maps).toBe(0);
    expect(perFrame(withReceive(IXGBE, 'missesPerThousand', 100), 4096).maps).toBeCloseTo(0.1, 3);
  });

  it('to their end on 64K pages: a map of 16 TCEs every 32 frames, none for short ones', () => {
    const { maps, tces } = perFrame(IXGBE, 65536);
    expect([maps, tces].map((value) => Math.round(value * 1000))).toEqual([31, 500]);
    expect(perFrame(IXGBE, 65536, { sendBytes: [100] }).maps).toBe(0);
  });

  it('from a cache: no map while readers are quick enough for it, else what the cache cannot bridge', () => {
    expect(perFrame(MLX5, 65536)).toMatchObject({ maps: 0, tces: 0 });
    expect(perFrame(withReceive(MLX5, 'heldFrames', 150), 4096).maps).toBe(0);
    // A full cache waits until its head is ready, 1000 frames after it came: then 256 pages are used again.
    const { maps, tces } = perFrame(withReceive(MLX5, 'heldFrames', 1000), 65536);
    expect(Math.abs(maps - (1 - 256 / 1000))).toBeLessThan(0.03);
    expect(tces / maps).toBe(16);
  });
});

describe('what is sent', () => {
  const maps = (options: CardOptions) => {
    const run = longRun({ segmentsPerAck: 0, ...options }, 65536, true, 2000);
    return run.maps / run.units;
  };

  it('as TSO maps head and payload: whole, in pieces of 4096 with a sentinel, or without the head', () => {
    // 65160 bytes reach into a second block nearly always: 1 + 65159/65536 pieces.
    expect(maps({ profile: IXGBE })).toBeCloseTo(2.994, 2);
    expect(maps({ profile: MLX5 })).toBeCloseTo(1.994, 2);
    expect(maps({ profile: VIRTIO_NET_IOMMU })).toBeCloseTo(3.994, 2);
    // Head, pieces of 4096 whose last one is half full in each of two runs, and 4 bytes.
    expect(maps({ profile: E1000 }) / (1 + 65160 / 4096 + 2 * 0.5 + 1)).toBeCloseTo(1, 2);
    // Pieces of 24 KiB: the longest run is cut twice.
    expect(maps({ profile: E1000E })).toBeGreaterThan(4);
  });

  it('as an ACK maps one buffer where a card has no immediate data', () => {
    const acks = longRun({ profile: E1000, direction: 'rx', segmentsPerAck: 1 }, 65536, true, 100);
    expect(acks.sink.byPermission[1]).toBeGreaterThanOrEqual(acks.acks);
    expect(acks.maps).toBe(2 * acks.frames);
  });
});

describe('cards without calls', () => {
  it.each([
    ['virtio without the IOMMU feature makes none at all', VIRTIO_NET, 0],
    ['the ideal card maps two buffers of 1 MiB once', IDEAL, 2],
  ])('%s', (_, profile, atOpen) => {
    for (const direction of ['tx', 'rx', 'both'] as const) {
      const { sink, dma } = bench(65536, true);
      const card = cardOn(dma, { profile, direction });
      card.open();
      expect(sink.calls).toBe(atOpen);
      let payloadBytes = 0;
      for (let i = 0; i < 50; i++) {
        card.step();
        payloadBytes += card.unit.payloadBytes;
      }
      expect(payloadBytes).toBeGreaterThan(50 * 60_000);
      expect(sink.calls).toBe(atOpen);
      card.close();
      expect([sink.live, sink.calls]).toEqual([0, 2 * atOpen]);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { type LongRun, longRun } from './nic-bench.test-helper.js';
import type { Offload } from './nic-profile.js';

/** Within 1 % of a number that the table prints with some decimals. */
function expectNear(value: number, printed: string): void {
  const decimals = printed.split('.')[1]?.length ?? 0;
  const tolerance = Number(printed) * 0.01 + 0.5 * 10 ** -decimals;
  expect(Math.abs(value - Number(printed)), `${value} against ${printed}`).toBeLessThanOrEqual(tolerance);
}

const STEPS = 20_000;

type Shape = 'rx' | Offload;

/** How many units give a payload of which the table's last digit holds. */
function stepsOf(shape: Shape): number {
  if (shape === 'rx') return 2_000;
  return shape === 'tso' ? STEPS : 2_000;
}

/** GRO off keeps a sender's acknowledgements out of the counts. */
function rowRun(shape: Shape, mtu: number, pageBytes: number, multiTce: boolean): LongRun {
  const card = shape === 'rx' ? { direction: 'rx' as const } : { offload: shape };
  return longRun({ ...card, mtu, gro: false }, pageBytes, multiTce, stepsOf(shape));
}

describe('the long-run averages of the spec, section 4', () => {
  it.each([
    ['rx', 1500, 65536, '0.0313', '0.500', '0.0625', '1.000', '43.2', '690.6', '690.6'],
    ['rx', 1500, 4096, '0.500', '0.500', '1.000', '1.000', '690.6', '690.6', '690.6'],
    ['rx', 9000, 65536, '0.250', '4.000', '0.500', '8.000', '55.9', '894.1', '894.1'],
    ['rx', 9000, 4096, '2.000', '4.000', '4.000', '8.000', '447.0', '894.1', '894.1'],
    ['tso', 1500, 65536, '0.0665', '0.398', '0.133', '0.796', '91.9', '549.6', '549.6'],
    ['tso', 1500, 4096, '0.0886', '0.398', '0.177', '0.796', '122.4', '549.6', '549.6'],
    ['tso', 9000, 65536, '0.422', '2.470', '0.844', '4.940', '94.4', '552.1', '552.1'],
    ['tso', 9000, 4096, '0.559', '2.470', '1.118', '4.940', '124.9', '552.1', '552.1'],
    ['swGso', 1500, 65536, '2.022', '2.352', '4.044', '4.703', '2792.8', '3248.0', '3248.0'],
    ['swGso', 1500, 4096, '2.044', '2.352', '4.088', '4.703', '2823.1', '3248.0', '3248.0'],
    ['swGso', 9000, 65536, '2.137', '4.184', '4.273', '8.367', '477.5', '935.1', '935.1'],
    ['swGso', 9000, 4096, '2.273', '4.184', '4.546', '8.367', '508.0', '935.1', '935.1'],
    ['linear', 1500, 65536, '1', '1', '2', '2', '1381.2', '1381.2', '1381.2'],
    ['linear', 1500, 4096, '1', '1', '2', '2', '1381.2', '1381.2', '1381.2'],
    ['linear', 9000, 65536, '1', '3', '2', '6', '223.5', '670.5', '670.5'],
  ] as const)(
    '%s MTU %i, guest pages of %i',
    (shape, mtu, pageBytes, maps, tces, hcallsOn, hcallsOff, mbOn, mbOff, opsPerMB) => {
      const on = rowRun(shape, mtu, pageBytes, true);
      const off = rowRun(shape, mtu, pageBytes, false);
      for (const run of [on, off]) {
        expectNear(run.maps / run.frames, maps);
        expectNear(run.tces / run.frames, tces);
        expectNear((run.sink.tcesSet + run.sink.tcesCleared) / run.payloadMB, opsPerMB);
        expect([run.sink.breaches, run.dropped]).toEqual([[], 0]);
      }
      expectNear(on.hcalls / on.frames, hcallsOn);
      expectNear(off.hcalls / off.frames, hcallsOff);
      expectNear(on.hcalls / on.payloadMB, mbOn);
      expectNear(off.hcalls / off.payloadMB, mbOff);
    },
  );

  it.each([
    [1500, 65536, '2.994', '17.906', '6.0', '35.8'],
    [1500, 4096, '3.99', '17.906', '8.0', '35.8'],
    [9000, 65536, '2.96', '17.3', '5.9', '34.6'],
  ] as const)('a TSO packet of MTU %i, guest pages of %i', (mtu, pageBytes, maps, tces, on, off) => {
    const multi = rowRun('tso', mtu, pageBytes, true);
    expectNear(multi.maps / multi.units, maps);
    expectNear(multi.tces / multi.units, tces);
    expectNear(multi.hcalls / multi.units, on);
    expectNear(rowRun('tso', mtu, pageBytes, false).hcalls / STEPS, off);
  });

  it('the mix of calls for TSO, MTU 1500, guest pages of 64K, multi-TCE on', () => {
    const { sink, payloadMB } = rowRun('tso', 1500, 65536, true);
    expectNear(sink.puts / payloadMB, '17.2');
    expectNear(sink.indirects / payloadMB, '28.7');
    expectNear(sink.stuffs / payloadMB, '46.0');
    expect(sink.clears).toBe(0);
  });

  it('a TSO packet of MTU 1500 with 1.4 KB of payload in its head, as v3.10 has it', () => {
    const { tces, units } = longRun({ gro: false, headPayloadBytes: 1400 }, 65536, true, STEPS);
    expectNear(tces / units, '17.6');
  });

  it('sendfile on guest pages of 4K: a TCE for each map, so that multi-TCE saves nothing', () => {
    const run = (multiTce: boolean) => longRun({ gro: false, offload: 'sendfile' }, 4096, multiTce, 2_000);
    const on = run(true);
    expectNear(on.maps / on.units, '17.9');
    expectNear(on.hcalls / on.units, '35.8');
    expectNear(run(false).hcalls / on.units, '35.8');
    expect([on.sink.indirects, on.tces]).toEqual([0, on.maps]);
  });
});

describe('what acknowledgements add for a sender', () => {
  it.each([
    [1500, 2, '345.3', '21.6', '345.3', '345.3'],
    [1500, 45, '15.3', '1.0', '15.3', '15.3'],
    [9000, 2, '55.9', '3.5', '55.9', '55.9'],
  ] as const)('MTU %i, one for %i segments, GRO on', (mtu, segmentsPerAck, ops, on64k, on4k, off) => {
    const added = (pageBytes: number, multiTce: boolean) => {
      const with_ = longRun({ mtu, segmentsPerAck }, pageBytes, multiTce, STEPS);
      const without = rowRun('tso', mtu, pageBytes, multiTce);
      expect(with_.acks).toBe(Math.floor(with_.frames / segmentsPerAck));
      expect(with_.payloadMB).toBe(without.payloadMB);
      return {
        tceOps: (2 * (with_.tces - without.tces)) / with_.payloadMB,
        hcalls: (with_.hcalls - without.hcalls) / with_.payloadMB,
      };
    };
    for (const pageBytes of [65536, 4096]) expectNear(added(pageBytes, true).tceOps, ops);
    expectNear(added(65536, true).hcalls, on64k);
    expectNear(added(4096, true).hcalls, on4k);
    expectNear(added(65536, false).hcalls, off);
    expectNear(added(4096, false).hcalls, off);
  });

  it('is nothing with GRO off, however many come', () => {
    const few = longRun({ gro: false, segmentsPerAck: 64 }, 65536, true, 2_000);
    const many = longRun({ gro: false, segmentsPerAck: 1 }, 65536, true, 2_000);
    expect(many.acks).toBe(many.frames);
    expect([many.maps, many.hcalls]).toEqual([few.maps, few.hcalls]);
  });
});

it('a receiver sends acknowledgements without any mapping', () => {
  const few = longRun({ direction: 'rx', segmentsPerAck: 64 }, 65536, true, 500);
  const many = longRun({ direction: 'rx', segmentsPerAck: 1 }, 65536, true, 500);
  expect([few.acks, many.acks]).toEqual([500, 32_000]);
  expect([many.maps, many.hcalls, many.sink.byPermission[1]]).toEqual([few.maps, few.hcalls, 0]);
});

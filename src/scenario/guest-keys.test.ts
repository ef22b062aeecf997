import { describe, expect, it } from 'vitest';
import { runScenario } from '../experiment/run.js';
import type { ArmResult } from '../result/run-document.js';
import { resolveScenario } from './load-scenario.js';

type Keys = { readonly [key: string]: unknown };
const SHORT = { bytes: 3e6, warmup: 1e6, draws: 20 };

function arms(guest: Keys, host: Keys = { path: 'real' }, rest: Keys = {}): readonly ArmResult[] {
  const scenario = resolveScenario({ guest, host, run: SHORT, ...rest }, 'test');
  return runScenario(scenario, 'test', { trial: false }).document.arms;
}

/** What the traffic of an arm came to, whatever was done at boot. */
const traffic = ({ hcallsPerMB, tceOpsPerMB, rateBytesPerSec, dmaApi }: ArmResult) => ({
  ...{ hcallsPerMB, tceOpsPerMB, rateBytesPerSec, dmaApi },
});

describe('guest.bootClear', () => {
  it('takes 512 H_STUFF_TCE or 262144 H_PUT_TCE a GiB, apart from the traffic', () => {
    const plain = arms({});
    const cleared = arms({ bootClear: true });
    expect(cleared.map(({ id, boot }) => [id, boot.hcalls, boot.tceOps])).toEqual([
      ['single-real', 262144, 262144],
      ['multi-real', 512, 262144],
    ]);
    expect(plain.map(({ boot }) => boot)).toEqual(plain.map(() => ({ hcalls: 0, tceOps: 0, modelledNs: 0 })));
    expect(cleared.map(traffic)).toEqual(plain.map(traffic));
  });

  it('of a guest with a direct window clears the default one, then fills the other by lists of 512', () => {
    const direct = (bootClear: boolean) => arms({ bootClear, ramBytes: '2GiB' }, { path: 'direct' })[0]?.boot;
    expect(direct(false)).toMatchObject({ hcalls: 64, tceOps: 32768 });
    expect(direct(true)).toMatchObject({ hcalls: 512 + 64, tceOps: 262144 + 32768 });
  });
});

describe('guest.maxIndirectTces', () => {
  it('of 512 is what is without it, and of 1 the maps of an arm with lists take a call each TCE', () => {
    expect(arms({ maxIndirectTces: 512 })).toEqual(arms({}));
    const [single, multi] = arms({ maxIndirectTces: 1 });
    // Maps as many calls as without lists; every unmap still is one.
    const unmapsPerMB = (multi?.hcallsPerMB ?? 0) - (single?.hcallsPerMB ?? 0) / 2;
    expect(unmapsPerMB).toBeGreaterThan(0);
    expect(multi?.tceOpsPerMB).toBe(single?.tceOpsPerMB);
    // Within what the ring holds more at one end of so short a run than at the other.
    expect((arms({})[1]?.hcallsPerMB ?? 0) / (2 * unmapsPerMB)).toBeCloseTo(1, 1);
  });

  it.each([0, 513, 1.5])('refuses %d', (maxIndirectTces) => {
    expect(() => arms({ maxIndirectTces })).toThrow(/guest\.maxIndirectTces/);
  });
});

describe('guest.iovaPools and guest.iovaLockCoversTableUpdate', () => {
  it('take the lock of a pool for each map and each unmap', () => {
    for (const { dmaApi } of arms({ iovaPools: 1 })) {
      expect(dmaApi.iovaLockTakes).toBe(dmaApi.maps + dmaApi.unmaps);
      expect(dmaApi.hcallsUnderIovaLock).toBe(0);
    }
  });

  it('change no call: a wide lock holds all of them', () => {
    const narrow = arms({});
    const wide = arms({ iovaLockCoversTableUpdate: true, bootClear: true });
    expect(wide.map(({ hcallsPerMB }) => hcallsPerMB)).toEqual(narrow.map(({ hcallsPerMB }) => hcallsPerMB));
    for (const { multiTce, dmaApi } of wide) {
      // With multi-TCE every map and every unmap is one call.
      if (multiTce) expect(dmaApi.hcallsUnderIovaLock).toBe(dmaApi.maps + dmaApi.unmaps);
      else expect(dmaApi.hcallsUnderIovaLock).toBeGreaterThan(dmaApi.maps + dmaApi.unmaps);
    }
  });
});

describe('guest.unmap', () => {
  it('deferred one by one is strict', () => {
    expect(arms({ unmap: { deferred: 1 } }).map(traffic)).toEqual(arms({}).map(traffic));
  });

  it('deferred saves calls where neighbours are cleared together, never entries', () => {
    const [strict, deferred] = [arms({}), arms({ unmap: { deferred: 256 } })].map((both) => both[1]);
    expect(deferred?.hcallsPerMB).toBeLessThan((strict?.hcallsPerMB ?? 0) * 0.95);
    expect(deferred?.dmaApi.maps).toBe(strict?.dmaApi.maps);
  });

  it('reuse leaves next to no call', () => {
    const [strict, reuse] = [arms({}), arms({ unmap: { reuse: 1024 } })].map((both) => both[1]);
    expect(reuse?.hcallsPerMB).toBeLessThan((strict?.hcallsPerMB ?? 0) / 5);
    expect(reuse?.dmaApi.foundMaps).toBeGreaterThan(0);
  });

  it.each([{ unmap: 'lazy' }, { unmap: { deferred: 0 } }, { unmap: { defered: 9 } }, { iovaPools: 2 }])(
    'or another guest key as %j is refused with its key',
    (guest) => expect(() => arms(guest)).toThrow(new RegExp(`test: guest.${Object.keys(guest)[0]} `)),
  );
});

describe('guest.window', () => {
  it.each([
    [16, '1GiB'],
    [24, '8GiB'],
    [12, '256MiB'],
  ])('of pages of 2^%i bytes and %s carries the traffic', (pageShift, bytes) => {
    for (const { droppedFrames, failedHcalls } of arms({ window: { pageShift, bytes } })) {
      expect([droppedFrames, failedHcalls]).toEqual([0, 0]);
    }
  });

  it.each(['256KiB', '512KiB', '2MiB'])('of %s has no room for the rings: refused with the key', (bytes) => {
    expect(() => arms({ window: { bytes } })).toThrow(
      expect.objectContaining({ kind: 'input', message: expect.stringContaining('guest.window.bytes') }),
    );
  });

  it('that fills while the card works fails maps, which are counted and said', () => {
    const scenario = {
      guest: { window: { bytes: '8MiB' } },
      traffic: { direction: 'rx' },
      nic: { mtu: 9000 },
    };
    const { document } = runScenario(resolveScenario({ ...scenario, run: SHORT }, 'test'), 'test');
    const multi = document.arms.find(({ id }) => id === 'multi-real');
    expect(multi?.dmaApi.failedMaps).toBeGreaterThan(0);
    expect(document.warnings.join()).toContain(`multi-real: ${multi?.dmaApi.failedMaps} maps failed`);
  });
});

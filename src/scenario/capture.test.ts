import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runScenario } from '../experiment/run.js';
import type { RunDocument } from '../result/run-document.js';
import { readPcap } from '../trace/pcap.js';
import { canCapture, capturedDatagrams } from '../trace/tcpdump.test-helper.js';
import { resolveScenario } from './load-scenario.js';
import { withCapture } from './read-capture.js';

const folder = mkdtempSync(join(tmpdir(), 'tcebench-capture-'));
afterAll(() => rmSync(folder, { recursive: true }));

function resolved(traffic: object, run: object = {}) {
  const guest = { multiTce: true };
  return resolveScenario({ traffic, guest, host: { path: 'real' }, run: { draws: 20, ...run } }, 'test');
}

async function run(traffic: object, bytes: number): Promise<RunDocument> {
  const scenario = await withCapture(resolved(traffic, { bytes, warmup: 0 }));
  return runScenario(scenario, 'test', { trial: false }).document;
}

/** A capture of frames of one length, at even distances. */
function evenCapture(packets: number, frameBytes: number, gapMicros: number): string {
  const header = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');
  const records = Array.from({ length: packets }, (_, i) => {
    const record = Buffer.alloc(16);
    const micros = i * gapMicros;
    record.writeUInt32LE(Math.floor(micros / 1e6), 0);
    record.writeUInt32LE(micros % 1e6, 4);
    record.writeUInt32LE(frameBytes, 12);
    return record;
  });
  const path = join(folder, `${packets}-${frameBytes}-${gapMicros}.pcap`);
  writeFileSync(path, Buffer.concat([header, ...records]));
  return path;
}

describe('traffic.pcap', () => {
  it('lets packets come when they came, unless the arrival is set', async () => {
    const pcap = evenCapture(1000, 1066, 100);
    expect(resolved({ pcap }).scenario.traffic.arrival).toBe('capture');
    const [timed] = (await run({ pcap }, 1e6)).arms;
    // 1000 packets of 1000 bytes of payload in 99.9 ms.
    expect(timed?.durationSec).toBeCloseTo(0.0999, 3);
    const [closed] = (await run({ pcap, arrival: 'closed' }, 1e6)).arms;
    expect(closed?.durationSec).toBeLessThan(0.01);
    expect(closed?.hcallsPerMB).toBe(timed?.hcallsPerMB);
  });

  it('goes the way that the direction says', async () => {
    const pcap = evenCapture(1000, 1066, 1);
    const [tx] = (await run({ pcap, direction: 'tx' }, 1e6)).arms;
    const [rx] = (await run({ pcap, direction: 'rx' }, 1e6)).arms;
    // 32 frames to a mapped page; a packet that is sent takes a head and its payload.
    expect(rx?.hcallsPerMB).toBeCloseTo((2 * 1000) / 32, -1);
    expect(tx?.hcallsPerMB).toBeGreaterThan(2000);
  });

  it.each([
    [{ arrival: { rate: 5 } }, 'traffic.arrival'],
    [{ workload: 'rr' }, 'traffic.workload'],
    [{ direction: 'both' }, 'traffic.direction'],
    [{ sendBytes: 5 }, 'traffic.sendBytes'],
    [{ frameMix: 'imix' }, 'traffic.frameMix'],
  ])('does not go with %j', (keys, key) => {
    expect(() => resolved({ pcap: 'x.pcap', ...keys })).toThrow(new RegExp(`^test: ${key} `));
  });

  it('is what arrival capture needs, and has to be read before a run', () => {
    expect(() => resolved({ arrival: 'capture' })).toThrow(/traffic\.arrival is capture/);
    expect(() => runScenario(resolved({ pcap: 'x.pcap' }), 'test')).toThrow(/not read/);
  });

  it('that is cut is used up to there, with a warning in the result', async () => {
    const whole = evenCapture(2, 1066, 5);
    const cut = join(folder, 'cut.pcap');
    const bytes = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');
    const record = Buffer.from('00000000000000000000000000040000', 'hex');
    writeFileSync(cut, Buffer.concat([bytes, record, record.subarray(0, 7)]));
    expect((await run({ pcap: cut }, 1e4)).warnings[0]).toBe(`${cut}: cut short; used up to packet 1`);
    expect((await run({ pcap: whole }, 1e4)).warnings.join()).not.toContain('cut short');
  });

  it.skipIf(!canCapture)(
    'of real packets by tcpdump drives a run (skipped where it is not installed or not allowed)',
    async () => {
      const payloads = Array.from({ length: 100 }, (_, i) => 100 + ((i * 137) % 1300));
      const pcap = join(folder, 'lo.pcap');
      writeFileSync(pcap, await capturedDatagrams(payloads));
      const { sizes, timesNs } = await readPcap(pcap);
      expect(sizes.length).toBe(payloads.length);
      // Frames have 42 bytes of headers, which are taken for 66: all the payload once.
      const bytes = payloads.reduce((sum, payload) => sum + payload + 42 - 66, 0);
      const [arm] = (await run({ pcap }, bytes)).arms;
      const spanSec = (timesNs.at(-1) ?? 0) / 1e9;
      expect(arm?.durationSec).toBeGreaterThanOrEqual(spanSec);
      expect(arm?.packetsPerSec).toBeCloseTo(payloads.length / (arm?.durationSec ?? 0), 6);
    },
    30_000,
  );
});

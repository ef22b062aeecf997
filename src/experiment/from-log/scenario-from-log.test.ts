import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { scenarioFromLog } from './scenario-from-log.js';

const TRACES = fileURLToPath(new URL('../../../../shared/traces/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tcebench-init-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function derived(path: string, phase?: string) {
  const { keys, notShown } = await scenarioFromLog(path, phase, Readable.from([]));
  const values = Object.fromEntries(keys.map(({ key, value }) => [key, value]));
  for (const { reason } of [...keys, ...notShown]) expect(reason).not.toBe('');
  return { values, missing: notShown.map(({ key }) => key) };
}

/** What the description of the logs says of each guest. */
const GUESTS = [
  ['e1000-64k', { 'guest.pageSize': 65536, 'guest.multiTce': true, 'guest.ddw': false }],
  ['pcnet32-multitce-off', { 'guest.pageSize': 65536, 'guest.multiTce': false, 'guest.ddw': false }],
  ['8139cp-4kpages-smp2', { 'guest.pageSize': 4096, 'guest.multiTce': true, 'guest.ddw': false }],
  ['e1000e-ddw-on', { 'guest.ddw': true, 'guest.ramBytes': 2 ** 31 }],
] as const;

/** An ACK for each segment, beside the packets of the connection that reads the counters. */
const NEARLY_1 = expect.closeTo(1, 1);

/** What it says of each phase's traffic; a send size is the mean, within 3 %. */
const PHASES = [
  [
    'e1000-64k',
    'bulk-tx',
    { 'traffic.direction': 'tx', 'traffic.segmentsPerAck': NEARLY_1, 'nic.offload': 'tso' },
    null,
  ],
  ['e1000-64k', 'bulk-rx', { 'traffic.direction': 'rx' }, null],
  ['e1000-64k', 'bulk-tx-notso', { 'traffic.direction': 'tx', 'nic.offload': 'swGso' }, null],
  [
    'e1000-64k',
    'rr-64-64',
    { 'traffic.workload': 'rr', 'traffic.requestBytes': 64, 'traffic.responseBytes': 64 },
    null,
  ],
  // The card's own count: 871 packets, about ten of them of the connection that reads the counters.
  [
    '8139cp-4kpages-smp2',
    'bulk-tx',
    { 'traffic.direction': 'tx', 'traffic.segmentsPerAck': NEARLY_1 },
    16777216 / 861,
  ],
  ['8139cp-4kpages-smp2', 'bidir', { 'traffic.direction': 'both' }, null],
  ['8139cp-4kpages-smp2', 'rr-1-1', { 'traffic.workload': 'rr', 'traffic.requestBytes': 1 }, null],
  ['pcnet32-multitce-off', 'bulk-tx', { 'traffic.direction': 'tx', 'nic.offload': 'linear' }, null],
  ['pcnet32-multitce-off', 'small-writes-tx', { 'traffic.direction': 'tx', 'nic.offload': 'linear' }, 300],
] as const;

describe.skipIf(!existsSync(TRACES))('a real log', () => {
  it.each(GUESTS)('%s shows its guest', async (name, expected) => {
    const window = { start: 0, bytes: 2 ** 30, pageShift: 12 };
    const { values } = await derived(`${TRACES}${name}.log.gz`);
    expect(values).toMatchObject(expected);
    for (const [key, value] of Object.entries(window)) expect(values[`guest.window.${key}`]).toBe(value);
  });

  it.each(PHASES)('%s shows the traffic of %s', async (name, phase, expected, sendBytes) => {
    const { values, missing } = await derived(`${TRACES}${name}.log.gz`, phase);
    expect(values).toMatchObject(expected);
    expect(missing).toEqual(expect.arrayContaining(['nic.profile', 'nic.mtu']));
    if (sendBytes === null) return;
    const sends = [values['traffic.sendBytes']].flat().map(Number);
    expect(
      Math.abs(sends.reduce((sum, bytes) => sum + bytes, 0) / sends.length / sendBytes - 1),
    ).toBeLessThan(0.03);
  });

  it('shows the phase that moved most where none is named, and refuses one that is not there', async () => {
    const path = `${TRACES}e1000-64k.log.gz`;
    expect(await derived(path)).toEqual(await derived(path, 'bulk-tx'));
    const refused = expect.objectContaining({ kind: 'input', hint: 'did you mean bulk-tx?' });
    await expect(derived(path, 'bulk-xt')).rejects.toThrow(refused);
  });
});

describe('a log', () => {
  const PUT = 'spapr_iommu_pci_put liobn=0x80000000 ioba=0x1000 tce=0x5001 ret=0\n';
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('of a few calls alone shows next to nothing, and says so of each key', async () => {
    const { values, missing } = await derived(file('few.log', PUT));
    expect(values).toEqual({ 'guest.ddw': false });
    const traffic = ['traffic.direction', 'traffic.sendBytes', 'traffic.segmentsPerAck'];
    expect(missing.sort()).toEqual(
      ['guest.multiTce', 'guest.pageSize', 'guest.window', 'nic.mtu', 'nic.profile', ...traffic].sort(),
    );
  });

  it('without phases has none to choose', async () => {
    const refused = expect.objectContaining({ message: expect.stringContaining('no phases') });
    await expect(derived(file('bare.log', PUT), 'bulk-tx')).rejects.toThrow(refused);
  });

  it('that is cut has only the phases that are whole in it', async () => {
    const path = file('cut.log', PUT.repeat(3));
    const row = (name: string, from: number, to: number, payload: number) =>
      `${name}\t${from}\t${to}\t${payload}\n`;
    const rows = row('small', 1, 2, 9000) + row('cut', 3, 9, 90000) + row('beyond', 10, 12, 90000);
    file('cut.phases.tsv', `phase\tline_from\tline_to\tpayload_bytes\n${rows}`);
    expect(await derived(path)).toEqual(await derived(path, 'small'));
    const refused = (name: string) =>
      expect.objectContaining({
        kind: 'input',
        message: expect.stringContaining(`the log is cut before the end of phase ${name}`),
      });
    await expect(derived(path, 'cut')).rejects.toThrow(refused('cut'));
    await expect(derived(path, 'beyond')).rejects.toThrow(refused('beyond'));
  });

  it('without packet counters shows a direction where the other one has no room for the payload', async () => {
    const path = file('room.log', PUT.repeat(3));
    const rows = (payload: number) => `phase\tline_from\tline_to\tpayload_bytes\nwork\t1\t3\t${payload}\n`;
    file('room.phases.tsv', rows(9000));
    const { values, missing } = await derived(path);
    expect([values['traffic.direction'], missing.includes('traffic.segmentsPerAck')]).toEqual(['tx', true]);
    file('room.phases.tsv', rows(20000));
    expect((await derived(path)).missing).toContain('traffic.direction');
  });
});

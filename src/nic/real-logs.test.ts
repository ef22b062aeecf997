import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { RecordedCall } from '../guest/recording-sink.test-helper.js';
import { bench, type CardOptions, cardOn } from './nic-bench.test-helper.js';
import { E1000 } from './profiles/e1000.js';
import { PCNET32 } from './profiles/pcnet32.js';
import { RTL8139CP } from './profiles/rtl8139cp.js';

const TRACES = new URL('../../../shared/traces/', import.meta.url);
const isThere = existsSync(TRACES);

/** Calls per MB of payload, by kind and by TCEs: `put 1`, `indirect 2`, `stuff 2` and so on. */
type Mix = ReadonlyMap<string, number>;

function mixOf(kinds: Iterable<string>, payloadBytes: number): Mix {
  const mix = new Map<string, number>();
  for (const kind of kinds) mix.set(kind, (mix.get(kind) ?? 0) + 1e6 / payloadBytes);
  return mix;
}

function total(mix: Mix, kind = ''): number {
  let sum = 0;
  for (const [key, calls] of mix) if (key.startsWith(kind)) sum += calls;
  return sum;
}

/** A phase of a log as its lines have it, read here by the words of the trace format alone. */
function loggedMix(log: string, phase: string): Mix {
  const lines = gunzipSync(readFileSync(new URL(`${log}.log.gz`, TRACES)))
    .toString('latin1')
    .split('\n');
  const row = readFileSync(new URL(`${log}.phases.tsv`, TRACES), 'utf8')
    .split('\n')
    .map((text) => text.split('\t'))
    .find(([name]) => name === phase);
  if (row === undefined) throw new Error(`no phase ${phase}`);
  const kinds = lines.slice(Number(row[1]) - 1, Number(row[2])).map((line) => {
    const indirect = /iobaN=0x([0-9a-f]+)/.exec(line)?.[1];
    if (indirect !== undefined) return `indirect ${Number.parseInt(indirect, 16) + 1}`;
    const stuff = /npages=(\d+)/.exec(line)?.[1];
    if (stuff !== undefined) return `stuff ${stuff}`;
    return /tce=0x0\b/.test(line) ? 'clear 1' : 'put 1';
  });
  return mixOf(kinds, Number(row[5]));
}

/** What the card does for about that much payload, after a warm-up. */
function modelledMix(options: CardOptions, pageBytes: number, multiTce: boolean, payloadBytes: number): Mix {
  const { sink, dma } = bench(pageBytes, multiTce);
  const card = cardOn(dma, options);
  card.open();
  for (let i = 0; i < 100; i++) card.step();
  const log: RecordedCall[] = [];
  sink.log = log;
  let done = 0;
  while (done < payloadBytes) {
    card.step();
    done += card.unit.payloadBytes;
  }
  return mixOf(
    log.map(({ op, npages, permissions }) =>
      op === 'put' && permissions === 0 ? 'clear 1' : `${op} ${npages}`,
    ),
    done,
  );
}

function expectWithin(share: number, modelled: Mix, logged: Mix): void {
  const ratio = total(modelled) / total(logged);
  expect(Math.abs(ratio - 1), `calls/MB ${total(modelled)} of ${total(logged)}`).toBeLessThan(share);
  for (const kind of ['put', 'clear', 'indirect', 'stuff']) {
    const [model, log] = [total(modelled, kind), total(logged, kind)];
    // A kind is judged by its share of all calls: one that is rare may be off by more of itself.
    expect(Math.abs(model - log) / total(logged), `${kind} ${model} of ${log}`).toBeLessThan(share / 2);
  }
}

/** TCEs per call of a kind. */
function tcesPerCall(mix: Mix, kind: string): number {
  let tces = 0;
  for (const [key, calls] of mix) if (key.startsWith(kind)) tces += Number(key.split(' ')[1]) * calls;
  return total(mix, kind) === 0 ? 0 : tces / total(mix, kind);
}

/**
 * Inputs are what the log itself shows of its traffic, nothing else: payload by heads of packets is the send size,
 * data packets by ACK packets the ACK ratio.
 */
const SENDFILE_SENDS: readonly number[] = [
  // By pieces of a packet: 121 of one, 16 of two, 35 of three, 158 of four, 21 of five, 166 of seven, 33 of eight, 52
  // of nine, as whole segments of 1448 bytes that need so many.
  ...[21_720, 10_136, 1448, 21_720, 10_136, 1448, 28_960, 21_720, 10_136, 1448, 21_720, 5792],
  ...[21_720, 10_136, 1448, 26_064, 21_720, 10_136, 1448, 28_960, 10_136, 1448, 21_720, 14_480],
  ...[10_136, 1448, 21_720, 10_136, 28_960, 2896, 21_720, 10_136, 26_064, 5792, 21_720],
];

const E1000_PHASES: readonly (readonly [string, CardOptions])[] = [
  ['bulk-tx', { direction: 'tx', sendBytes: [12_736], segmentsPerAck: 1 }],
  ['bulk-rx', { direction: 'rx', segmentsPerAck: 34 }],
  ['bulk-tx-notso', { direction: 'tx', offload: 'swGso', segmentsPerAck: 1 }],
  ['sendfile-tx', { direction: 'tx', offload: 'sendfile', sendBytes: SENDFILE_SENDS, segmentsPerAck: 1 }],
  ['rr-64-64', { workload: 'rr', requestBytes: 64, responseBytes: 64 }],
];

describe.skipIf(!isThere)('the e1000 profile against the log of a real guest', () => {
  it.each(E1000_PHASES)('%s: calls, kinds and TCEs within 10 %%', (phase, options) => {
    const logged = loggedMix('e1000-64k', phase);
    const modelled = modelledMix(
      { profile: E1000, ...options },
      65536,
      true,
      8e6 / (phase === 'rr-64-64' ? 20 : 1),
    );
    expectWithin(0.1, modelled, logged);
    for (const [key, calls] of logged) {
      expect(
        Math.abs((modelled.get(key) ?? 0) / calls - 1),
        `${key}: ${modelled.get(key)} of ${calls}`,
      ).toBeLessThan(0.1);
    }
    expect([...modelled.keys()].sort()).toEqual([...logged.keys()].sort());
    for (const kind of ['put', 'indirect', 'stuff']) {
      const log = tcesPerCall(logged, kind);
      expect(Math.abs(tcesPerCall(modelled, kind) - log)).toBeLessThanOrEqual(0.1 * log);
    }
  });
});

describe.skipIf(!isThere)('cards whose logs were used for nothing but their rings', () => {
  it.each([
    // 871 packets sent 16.8 MB, an ACK came for each segment.
    ['8139cp-4kpages-smp2', 'bulk-tx', { direction: 'tx', sendBytes: [19_262], segmentsPerAck: 1 }],
    ['8139cp-4kpages-smp2', 'bulk-rx', { direction: 'rx', segmentsPerAck: 18 }],
    ['8139cp-4kpages-smp2', 'rr-1-1', { workload: 'rr', requestBytes: 1, responseBytes: 1 }],
  ] as const)('%s %s: within 15 %%', (log, phase, options) => {
    const card = { profile: RTL8139CP, ...options };
    expectWithin(0.15, modelledMix(card, 4096, true, phase === 'rr-1-1' ? 3000 : 4e6), loggedMix(log, phase));
  });

  it.each([
    ['bulk-tx', { direction: 'tx', segmentsPerAck: 1 }, 4e6],
    ['rr-128-1024', { workload: 'rr', requestBytes: 128, responseBytes: 1024 }, 1e6],
    ['small-writes-tx', { direction: 'tx', sendBytes: [300], segmentsPerAck: 1 }, 5e5],
  ] as const)('pcnet32-multitce-off %s: within 15 %%', (phase, options, payload) => {
    const card = { profile: PCNET32, offload: 'linear' as const, ...options };
    expectWithin(0.15, modelledMix(card, 65536, false, payload), loggedMix('pcnet32-multitce-off', phase));
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CXGB3 } from '../nic/profiles/cxgb3.js';
import { documentText } from '../result/provenance.js';
import type { ArmResult, RunDocument } from '../result/run-document.js';
import { resolveScenario } from '../scenario/load-scenario.js';
import { runScenario } from './run.js';

const SHORT = { bytes: 4e6, warmup: 1e6, draws: 20 };
const FREE = { otherWork: { nsPerPacket: 0, nsPerByte: 0, nsPerTransaction: 0 } };

function run(scenario: { readonly [key: string]: object }): RunDocument {
  const host = { path: 'real', cost: 'zero', ...scenario.host };
  const guest = { multiTce: true, ...FREE, ...scenario.guest };
  const input = { ...scenario, host, guest, run: { ...SHORT, ...scenario.run } };
  return runScenario(resolveScenario(input, 'test'), 'test').document;
}

function only({ arms }: RunDocument): ArmResult {
  expect(arms).toHaveLength(1);
  return arms[0] as ArmResult;
}

describe('traffic of a scenario', () => {
  it('that arrives at a rate goes at that rate, however free everything is', () => {
    // 1448 bytes, 10 000 times a second, on a wire that could carry 80 times as much.
    for (const arrival of [{ rate: 10_000 }, { poisson: 10_000 }]) {
      const arm = only(run({ traffic: { arrival, sendBytes: 1448 } }));
      expect(arm.rateBytesPerSec / 14.48e6).toBeCloseTo(1, 1.2);
    }
    const onOff = { rate: 20_000, onNs: 1e6, offNs: 1e6 };
    expect(
      only(run({ traffic: { arrival: { onOff }, sendBytes: 1448 } })).rateBytesPerSec / 14.48e6,
    ).toBeCloseTo(1, 1.2);
  });

  it('that arrives faster than the wire is held by the wire', () => {
    const arm = only(run({ traffic: { arrival: { rate: 1e7 }, sendBytes: 1448 } }));
    expect(arm.rateBytesPerSec / ((1448 / 1538) * 1.25e9)).toBeCloseTo(1, 2);
  });

  it('of requests tells transactions a second', () => {
    const traffic = { workload: 'rr', requestBytes: 100, responseBytes: 400, arrival: { rate: 5000 } };
    const arm = only(run({ traffic }));
    expect((arm.transactionsPerSec ?? 0) / 5000).toBeCloseTo(1, 2);
    expect(arm.rateBytesPerSec / (arm.transactionsPerSec ?? 0)).toBeCloseTo(500, 6);
    expect(arm.direction).toBe('both');
    expect(only(run({ traffic: {} })).transactionsPerSec).toBeNull();
  });

  it('of a mix gives the same bytes for a seed, and others for another', () => {
    const document = (seed: number) => run({ traffic: { frameMix: 'imix' }, run: { seed } });
    expect(documentText(document(1))).toBe(documentText(document(1)));
    expect(only(document(1)).fingerprint).not.toBe(only(document(2)).fingerprint);
  });

  it('both ways doubles what the wire carries', () => {
    const arm = only(run({ traffic: { direction: 'both' } }));
    expect(arm.rateBytesPerSec / (2 * (1448 / 1538) * 1.25e9)).toBeCloseTo(1, 2);
  });
});

describe('a card from a file', () => {
  it('is used, and stands in the document', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tcebench-'));
    try {
      const profile = join(folder, 'mine.json');
      const mine = structuredClone(CXGB3) as { id: string; receive: { smallChunkBytes: { value: number } } };
      mine.id = 'mine';
      mine.receive.smallChunkBytes.value = 4096;
      writeFileSync(profile, JSON.stringify(mine));
      const traffic = { direction: 'rx' };
      const own = run({ nic: { profile }, traffic });
      const builtIn = run({ traffic });
      // Half as many buffers in a page: twice the calls.
      expect(only(own).hcallsPerMB / only(builtIn).hcallsPerMB).toBeCloseTo(2, 1);
      expect(own.nic).toEqual(mine);
      expect(builtIn).not.toHaveProperty('nic');
      writeFileSync(profile, '{');
      expect(() => run({ nic: { profile } })).toThrow(/mine\.json is no JSON/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

it.each([
  [128, /guest\.window\.bytes: the card could not map a descriptor ring/],
  [256, /guest\.window\.bytes: the card could not map any receive buffer/],
])('a window of %i TCEs is too small for the card: an input error that says so', (entries, expected) => {
  let message = '';
  try {
    run({ guest: { window: { bytes: entries * 4096 } } });
  } catch (error) {
    message = `${(error as { kind?: string }).kind}: ${(error as Error).message}`;
  }
  expect(message).toMatch(/^input: /);
  expect(message).toMatch(expected);
});

it('a window that fills later loses frames, counts them and says so', () => {
  // On 4K pages rings and receive buffers leave a quarter of 2048 TCEs, in pieces, for what is sent.
  const small = { pageSize: 4096, window: { bytes: 2048 * 4096 } };
  const document = run({ guest: small, nic: { offload: 'swGso' } });
  const arm = only(document);
  expect(arm.droppedFrames).toBeGreaterThan(0);
  expect(arm.rateBytesPerSec).toBeGreaterThan(0);
  expect(document.warnings.join()).toMatch(/frames were lost for want of a mapping/);
  expect(only(run({ guest: { pageSize: 4096 }, nic: { offload: 'swGso' } })).droppedFrames).toBe(0);
});

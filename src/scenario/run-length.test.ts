import { describe, expect, it } from 'vitest';
import { resolveScenario } from './load-scenario.js';

const runOf = (scenario: object) => resolveScenario(scenario).scenario.run;

describe('the length of a run that is not given', () => {
  it('is 64 MB of a stream, with a thousand draws', () => {
    expect(runOf({})).toMatchObject({ bytes: 64e6, warmup: 8e6, draws: 1000 });
  });

  it('is a number of transactions, at most as much as of a stream', () => {
    const rr = (keys: object) => runOf({ traffic: { workload: 'rr', ...keys } });
    expect(rr({})).toMatchObject({ bytes: 8000 * 128, warmup: 1000 * 128, draws: 1000 });
    expect(rr({ requestBytes: 1, responseBytes: 999 })).toMatchObject({ bytes: 8e6, warmup: 1e6 });
    expect(rr({ responseBytes: 1e6 })).toMatchObject({ bytes: 64e6, warmup: 8e6 });
  });

  it('has fewer draws where each is a run: with several vCPUs at work', () => {
    expect(runOf({ guest: { vcpus: 4 } }).draws).toBe(100);
    expect(runOf({ guest: { vcpus: 4 }, traffic: { flows: 1 } }).draws).toBe(1000);
  });

  it('is what the line carries in the seconds that are given instead of bytes', () => {
    expect(runOf({ run: { seconds: 0.05 } })).toEqual(runOf({ run: { bytes: 62.5e6 } }));
    expect(runOf({ run: { seconds: 1 }, link: { bitsPerSec: '40Gb/s' } }).bytes).toBe(5e9);
    expect(() => runOf({ run: { seconds: 1, bytes: 1 } })).toThrow(/run\.seconds and run\.bytes/);
    expect(() => runOf({ run: { seconds: 0 } })).toThrow(/run\.seconds/);
  });

  it('is what is given, where it is', () => {
    const run = { bytes: 5e6, warmup: 2e6, draws: 300 };
    expect(runOf({ run, traffic: { workload: 'rr' }, guest: { vcpus: 4 } })).toMatchObject(run);
  });
});

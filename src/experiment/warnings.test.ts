import { describe, expect, it } from 'vitest';
import { resolveScenario } from '../scenario/load-scenario.js';
import { warningsOf } from './warnings.js';

function warned(scenario: object): string {
  return warningsOf([], resolveScenario(scenario, 'test')).join('\n');
}

describe('what a run assumes, where the claim states nothing', () => {
  it.each(['tx', 'rx', 'both'])('is the direction of a stream: %s', (direction) => {
    expect(warned({ traffic: { direction } })).toContain(
      `this run assumes power7-2013, ${direction}, MTU 1500`,
    );
  });

  it('is no direction of requests and responses, which go both ways', () => {
    const text = warned({ traffic: { workload: 'rr' } });
    expect(text).toContain('this run assumes power7-2013, requests and responses, MTU 1500');
    expect(text).not.toMatch(/\b[tr]x\b/);
  });
});

describe('the range of the other work, made for 10 Gb/s, MTU 1500 and transmit', () => {
  const made = 'one assumed range per byte, made for 10 Gb/s, MTU 1500 and transmit';

  it('needs no word where it was made for', () => {
    expect(warned({})).not.toContain(made);
  });

  it.each([
    { link: { bitsPerSec: 40e9 } },
    { nic: { mtu: 9000 } },
    { traffic: { direction: 'rx' } },
    { traffic: { workload: 'rr' } },
  ])('is named in %j', (scenario) => {
    expect(warned(scenario)).toContain(made);
  });

  it('has nothing for a transaction', () => {
    expect(warned({ traffic: { workload: 'rr' } })).toContain('.nsPerTransaction');
    expect(warned({ traffic: { direction: 'rx' } })).not.toContain('.nsPerTransaction');
  });
});

import { describe, expect, it } from 'vitest';
import { TcebenchError } from '../errors.js';
import { resolveScenario } from './load-scenario.js';

function refusal(scenario: unknown): string {
  try {
    resolveScenario(scenario, 'here');
  } catch (error) {
    if (error instanceof TcebenchError) return `${error.kind}: ${error.message}; ${error.hint}`;
    throw error;
  }
  return 'accepted';
}

describe('a scenario that cannot be', () => {
  it.each([
    ['an unknown key', { nix: {} }, /unknown key nix; did you mean nic/],
    ['an unknown inner key', { nic: { mtuu: 1 } }, /unknown key nic\.mtuu; did you mean mtu/],
    [
      'an unknown constant',
      { cost: { exitToUserNs: 1 } },
      /cost\.exitToUserNs.*did you mean exitToUserspaceNs/,
    ],
    ['no vCPU', { guest: { vcpus: 0 } }, /guest\.vcpus is 0/],
    [
      'a window that is no power of two',
      { guest: { window: { bytes: 3e8 } } },
      /guest\.window\.bytes.*power of two/,
    ],
    ['an MTU of 0', { nic: { mtu: 0 } }, /nic\.mtu is 0/],
    ["an MTU above the card's", { nic: { mtu: 10223 } }, /nic\.mtu is 10223.*cxgb3 takes 81 to 10222/],
    ['an unknown card', { nic: { profile: 'cxgb4' } }, /nic\.profile "cxgb4".*did you mean cxgb3/],
    ['a card that is no file', { nic: { profile: 'none.json' } }, /none\.json: there is no such file/],
    ['an unknown offload', { nic: { offload: 'lro' } }, /nic\.offload.*swGso/],
    [
      'an offload that the card lacks',
      { nic: { profile: 'pcnet32', offload: 'tso' } },
      /nic\.offload is tso, which pcnet32 cannot do; known: linear/,
    ],
    ['too many queue sets', { nic: { queueSets: 9 } }, /nic\.queueSets is 9; cxgb3 has 1 to 8/],
    ['a bus of 0 bytes', { nic: { pcie: { bytesPerSec: 0 } } }, /nic\.pcie\.bytesPerSec is 0/],
    [
      'an unknown key of the bus',
      { nic: { pcie: { bytes: 1 } } },
      /nic\.pcie\.bytes; did you mean bytesPerSec/,
    ],
    [
      'an unknown arrival',
      { traffic: { arrival: { poison: 1 } } },
      /traffic\.arrival must be closed.*poisson/,
    ],
    [
      'a mix without frames',
      { traffic: { frameMix: [] } },
      /traffic\.frameMix must have at least 1 value, not 0/,
    ],
    ['sends of 0', { traffic: { sendBytes: [1448, 0] } }, /traffic\.sendBytes is 0/],
    ['requests of a stream', { traffic: { requestBytes: 1 } }, /traffic\.requestBytes is for workload rr/],
    [
      'sends of requests',
      { traffic: { workload: 'rr', sendBytes: 1 } },
      /traffic\.sendBytes is for workload stream/,
    ],
    [
      'sends in a mix of frames',
      { traffic: { frameMix: 'imix', sendBytes: 1 } },
      /traffic\.frameMix and traffic\.sendBytes/,
    ],
    ['an unknown path', { host: { path: 'fast' } }, /host\.path.*real/],
    ['an unknown revision', { host: { revision: 'v33' } }, /host\.revision "v33".*did you mean v3/],
    ['an unknown cost profile', { host: { cost: 'power7' } }, /host\.cost "power7".*power7-2013/],
    ['an unreadable size', { run: { bytes: 'many' } }, /run\.bytes.*"many"/],
    ['a negative cost', { cost: { tceExchangeNs: -1 } }, /cost\.tceExchangeNs/],
    ['no object at all', 5, /here: the scenario must be an object with link, nic, /],
  ])('is refused in one sentence: %s', (_, scenario, expected) => {
    const text = refusal(scenario);
    expect(text).toMatch(/^input: here: /);
    expect(text).toMatch(expected);
    expect(text).not.toContain('\n');
  });
});

describe('quantities of a scenario', () => {
  it('may carry units', () => {
    const { scenario } = resolveScenario(
      {
        link: { bitsPerSec: '25Gb/s' },
        guest: { window: { bytes: '2GiB' }, pageSize: '4k' },
        cost: { exitToUserspaceNs: '3us' },
        claim: { slow: '220MB/s' },
      },
      'here',
    );
    expect(scenario.link.bitsPerSec).toBe(25e9);
    expect(scenario.guest.window.bytes).toBe(2 ** 31);
    expect(scenario.guest.pageSize).toBe(4096);
    expect(scenario.cost.exitToUserspaceNs).toBe(3000);
    expect(scenario.claim.slow).toBe(220e6);
  });
});

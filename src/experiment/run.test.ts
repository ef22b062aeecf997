import { describe, expect, it } from 'vitest';
import { COST_UNITS, type CostKey } from '../cost/cost-profile.js';
import { documentText } from '../result/provenance.js';
import type { ArmId, ArmResult, RunDocument } from '../result/run-document.js';
import { resolveScenario } from '../scenario/load-scenario.js';
import { runScenario } from './run.js';

const SHORT = { bytes: 8e6, warmup: 2e6, draws: 40 };
const WIRE_MTU_1500 = (1448 / 1538) * (10e9 / 8);

function run(scenario: { readonly [key: string]: object } = {}): RunDocument {
  return runScenario(resolveScenario({ ...scenario, run: { ...SHORT, ...scenario.run } }, 'test'), 'test', {
    trial: false,
  }).document;
}

function arm({ arms }: RunDocument, id: ArmId): ArmResult {
  const found = arms.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no arm ${id}`);
  return found;
}

const NO_OTHER_WORK = { otherWork: { nsPerPacket: 0, nsPerByte: 0, nsPerTransaction: 0 } };
const DIRECTIONS = ['tx', 'rx'] as const;

describe('a revision', () => {
  it('that merged the patch serves every arm as the patch does, update for update', () => {
    const endings = (revision: string) =>
      run({ host: { revision } }).arms.map(({ id, endedIn, hcallsPerMB, tceOpsPerMB }) => ({
        ...{ id, endedIn, hcallsPerMB, tceOpsPerMB },
      }));
    expect(endings('v4.12')).toEqual(endings('v3'));
    expect(endings('v4.12+npages')).toEqual(endings('v3'));
  });

  it('is named in the result', () => {
    const { arms } = run({ host: { revision: 'v4.12' } });
    expect(arms.map(({ revision, evidence }) => [revision, evidence])).toEqual(
      arms.map(() => ['v4.12', 'vectors']),
    );
  });
});

describe('the claim preset', () => {
  const document = run();

  it('has the seven arms', () => {
    expect(document.arms.map(({ id }) => id).sort()).toEqual(
      [
        'single-userspace',
        'single-virtual',
        'single-real',
        'multi-userspace',
        'multi-virtual',
        'multi-real',
        'direct',
      ].sort(),
    );
  });

  it.each(['single', 'multi'] as const)(
    'orders the paths: userspace < virtual < real <= direct (%s)',
    (batch) => {
      const rates = (['userspace', 'virtual', 'real'] as const).map((path) =>
        arm(document, `${batch}-${path}`),
      );
      const [userspace, virtual, real] = rates as [ArmResult, ArmResult, ArmResult];
      expect(userspace.rateBytesPerSec).toBeLessThan(virtual.rateBytesPerSec);
      expect(virtual.boundBy === 'wire' || virtual.rateBytesPerSec < real.rateBytesPerSec).toBe(true);
      expect(real.rateBytesPerSec).toBeLessThanOrEqual(arm(document, 'direct').rateBytesPerSec);
    },
  );

  it('lets the direct window reach the wire without a hypercall', () => {
    const direct = arm(document, 'direct');
    expect(direct.rateBytesPerSec / WIRE_MTU_1500).toBeCloseTo(1, 2);
    expect(direct).toMatchObject({ hcallsPerMB: 0, basis: 'control' });
  });

  it('goes to userspace once on the in-kernel paths: the first map', () => {
    expect(arm(document, 'single-real').endedIn.userspace).toBe(1);
    expect(arm(document, 'multi-virtual').endedIn.userspace).toBe(1);
    expect(arm(document, 'single-userspace').endedIn).toMatchObject({ real: 0, virtual: 0 });
  });

  it('brackets every rate by its draws', () => {
    for (const { rateLow, rateHigh, rateBytesPerSec } of document.arms) {
      expect(rateLow).toBeLessThanOrEqual(rateBytesPerSec);
      expect(rateHigh).toBeGreaterThanOrEqual(rateBytesPerSec);
    }
  });
});

describe.each(DIRECTIONS)('limits of the model (%s)', (direction) => {
  const traffic = { direction };

  it('every path reaches the wire when everything is free', () => {
    const free = run({ host: { cost: 'zero' }, guest: NO_OTHER_WORK, traffic });
    for (const { rateBytesPerSec, id } of free.arms) {
      expect(rateBytesPerSec / WIRE_MTU_1500, id).toBeCloseTo(1, 2);
    }
  });

  it.each([1, 10])('an exit to userspace that costs %i x 2 us gives what the closed form gives', (factor) => {
    const exitNs = factor * 2000;
    const cost = { exitToUserspaceNs: exitNs };
    const { arms } = run({ host: { cost: 'zero' }, guest: NO_OTHER_WORK, cost, traffic });
    for (const id of ['single-userspace', 'multi-userspace'] as const) {
      const { exitsPerMB, rateBytesPerSec } = arms.find((candidate) => candidate.id === id) as ArmResult;
      const closedForm = Math.min(WIRE_MTU_1500, 1e6 / (exitsPerMB * exitNs * 1e-9));
      expect(rateBytesPerSec / closedForm, id).toBeGreaterThan(0.99);
      expect(rateBytesPerSec / closedForm, id).toBeLessThan(1.01);
    }
  });

  it('other work alone gives its own rate on every path', () => {
    const otherWork = { ...NO_OTHER_WORK.otherWork, nsPerByte: 4 };
    for (const { rateBytesPerSec } of run({ host: { cost: 'zero' }, guest: { otherWork }, traffic }).arms) {
      expect(rateBytesPerSec).toBeCloseTo(250e6, -5);
    }
  });
});

describe('a run', () => {
  it('gives the same bytes for the same seed, and other draws for another', () => {
    const once = documentText(run());
    expect(documentText(run())).toBe(once);
    expect(documentText(run({ run: { seed: 2 } }))).not.toBe(once);
  });

  it('keeps only the arms that the scenario leaves', () => {
    const { arms } = run({ host: { path: 'real' }, guest: { multiTce: true } });
    expect(arms.map(({ id }) => id)).toEqual(['multi-real']);
  });

  it.each(DIRECTIONS)('uses the same hypercalls on every path of one batching mode (%s)', (direction) => {
    const document = run({ traffic: { direction } });
    for (const batch of ['single', 'multi'] as const) {
      const per = (path: 'userspace' | 'virtual' | 'real') => arm(document, `${batch}-${path}`);
      expect(per('virtual').hcallsPerMB).toBe(per('real').hcallsPerMB);
      expect(per('userspace').tceOpsPerMB).toBe(per('real').tceOpsPerMB);
    }
  });

  it('gives a constant set by hand no interval', () => {
    const fixed = Object.fromEntries(
      Object.keys(run().cost.constants)
        .filter((key) => !key.startsWith('otherWork'))
        .map((key) => [key, COST_UNITS[key as CostKey] === 'share' ? 0.5 : 100]),
    );
    const { arms } = run({ cost: fixed, guest: { otherWork: { nsPerByte: 1 } } });
    for (const { rateLow, rateHigh } of arms) expect(rateLow).toBe(rateHigh);
  });
});

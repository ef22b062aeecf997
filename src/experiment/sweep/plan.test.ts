import { describe, expect, it } from 'vitest';
import type { SweepAxis } from '../../result/sweep-document.js';
import { jobScenario, jobText, jobValues, makePlan, type PlanInput } from './plan.js';
import { parsePlan, planText } from './plan-file.js';

const AXES: readonly SweepAxis[] = [
  { key: 'host.revision', values: ['v3', 'v4.12'] },
  { key: 'nic.mtu', values: [1500, 4000, 9000] },
  { key: 'guest.unmap', values: ['strict', { deferred: 8 }] },
];
const INPUT: PlanInput = {
  name: 'claim',
  base: { nic: { offload: 'swGso' } },
  axes: AXES,
  mode: 'cartesian',
  version: '1.2.3',
};

describe('a plan', () => {
  it('has the jobs of nested loops, the last axis innermost', async () => {
    const plan = await makePlan(INPUT);
    const expected: object[] = [];
    for (const revision of ['v3', 'v4.12']) {
      for (const mtu of [1500, 4000, 9000]) {
        for (const unmap of ['strict', { deferred: 8 }]) {
          expected.push({ nic: { offload: 'swGso', mtu }, host: { revision }, guest: { unmap } });
        }
      }
    }
    expect(plan.jobs).toBe(12);
    expect(Array.from({ length: 12 }, (_, job) => jobScenario(plan, job))).toEqual(expected);
    expect(jobText(plan, 3)).toBe('host.revision=v3 nic.mtu=4000 guest.unmap={"deferred":8}');
  });

  it('steps all axes together with zip', async () => {
    const axes = [
      { key: 'nic.mtu', values: [1500, 1500, 9000] },
      { key: 'host.groups', values: [1, 2, 4] },
    ];
    const plan = await makePlan({ ...INPUT, axes, mode: 'zip' });
    expect(Array.from({ length: plan.jobs }, (_, job) => jobValues(plan, job))).toEqual([
      [1500, 1],
      [1500, 2],
      [9000, 4],
    ]);
  });

  it('gives its jobs nothing that a job could change for another', async () => {
    const plan = await makePlan(INPUT);
    const scenario = jobScenario(plan, 1) as {
      nic: { offload: string };
      guest: { unmap: { deferred: number } };
    };
    scenario.nic.offload = 'tso';
    scenario.guest.unmap.deferred = 1;
    expect(jobScenario(plan, 1)).toMatchObject({
      nic: { offload: 'swGso' },
      guest: { unmap: { deferred: 8 } },
    });
  });

  it('has another hash where anything differs', async () => {
    const others: Partial<PlanInput>[] = [
      {},
      { name: 'other' },
      { base: {} },
      { version: '1.2.4' },
      { axes: AXES.toReversed() },
      { axes: AXES.slice(1) },
    ];
    const plans = await Promise.all(others.map((other) => makePlan({ ...INPUT, ...other })));
    expect(new Set(plans.map(({ hash }) => hash)).size).toBe(others.length);
    expect((await makePlan(INPUT)).hash).toBe(plans[0]?.hash);
  });

  it('survives its file, and is refused when that was changed', async () => {
    const plan = await makePlan(INPUT);
    const text = planText(plan);
    expect(parsePlan(text, 'plan.json')).toEqual(plan);
    const changes: [string, string][] = [
      ['9000', '8000'],
      ['"cartesian"', '"zip"'],
      ['"jobs": 12', '"jobs": 6'],
      ['"name": "claim"', '"name": "../claim"'],
      ['"axes"', '"axis"'],
    ];
    for (const [from, to] of changes) {
      expect(text).toContain(from);
      expect(() => parsePlan(text.replace(from, to), 'plan.json')).toThrow(/plan\.json/);
    }
  });

  const refused: [string, Partial<PlanInput>, RegExp][] = [
    ['nothing that varies', { axes: [] }, /nothing is varied/],
    ['a key twice', { axes: [AXES[1] as SweepAxis, AXES[1] as SweepAxis] }, /vary the same/],
    ['a key within another', { axes: [AXES[1] as SweepAxis, { key: 'nic', values: [{}] }] }, /vary the same/],
    ['a value twice', { axes: [{ key: 'nic.mtu', values: [1500, 9000, 1500] }] }, /1500 twice/],
    ['axes of other lengths with zip', { mode: 'zip' }, /--zip: host\.revision has 2 values, nic\.mtu 3/],
    ['a file that is not there', { base: { traffic: { pcap: 'absent.pcap' } } }, /absent\.pcap/],
    [
      'too many jobs',
      {
        axes: ['nic.mtu', 'run.seed'].map((key) => ({
          key,
          values: Array.from({ length: 2000 }, (_, i) => i),
        })),
      },
      /4000000 jobs/,
    ],
  ];
  it.each(refused)('is refused with %s', async (_, other, message) => {
    await expect(makePlan({ ...INPUT, ...other })).rejects.toThrow(message);
  });
});

import { describe, expect, it } from 'vitest';
import { POWER8_2017 } from '../../cost/profiles/power8-2017.js';
import { POWER9_2021 } from '../../cost/profiles/power9-2021.js';
import { V5_19 } from '../../path/revisions/v4-20.js';
import type { PublishedRole } from '../../result/published-document.js';
import { resolveScenario } from '../../scenario/load-scenario.js';
import { callOnBusyCoreNs } from './busy-core.js';
import { emptyEntryNs } from './empty-walk.js';
import { judgeResults, tallyOf } from './judged-results.js';
import { nullCallNs } from './null-call.js';
import { PRESETS, presetName } from './presets.js';
import type { Interval, PublishedResult } from './published-result.js';
import { PUBLISHED_RESULTS } from './results.js';
import { fillWindow } from './window-fill.js';

function result(role: PublishedRole, published: Interval, model: Interval): PublishedResult {
  const figure = { what: 'x', role, unit: 's', published, how: '', model: () => model };
  return { id: 'C0', name: 'test', source: '', mark: 'A', scenario: {}, figures: [figure] };
}
const between = (low: number, high: number): Interval => ({ low, high });

describe('the verdict on a published figure', () => {
  it.each([
    ['predicted', between(9, 11), between(11, 20), 'inside', 1],
    ['predicted', between(16, 16), between(2, 8), 'missed', 2],
    ['predicted', between(2, 8), between(16, 20), 'missed', 2],
    ['limit', between(1, 2), between(1, 1.5), 'inside', 1],
    ['limit', between(1, 2), between(0.5, 1.5), 'missed', 2],
    ['limit', between(1, 2), between(1.5, 6), 'missed', 3],
    ['limit', between(0, 0), between(0, 0), 'inside', 1],
    ['input', between(1, 1), between(5, 5), 'told', 5],
    ['calibrated', between(1, 1), between(1, 1), 'told', 1],
  ] as const)('of role %s, published %j, modelled %j: %s', (role, published, model, verdict, missedBy) => {
    expect(judgeResults([result(role, published, model)])).toMatchObject([{ verdict, missedBy }]);
  });

  it('counts only what is predicted or a limit', () => {
    const rows = judgeResults([
      ...(['input', 'calibrated', 'predicted', 'limit'] as const).map((role) =>
        result(role, between(1, 1), between(1, 1)),
      ),
      result('predicted', between(3, 3), between(1, 1)),
    ]);
    expect(tallyOf(rows)).toEqual({ evidence: 3, inside: 2, missed: 1, notCounted: 2 });
  });
});

describe('the published results', () => {
  it('are C7, C11, C12, C13, C14, C16, C18 and C26, each with a name and a source of its own', () => {
    const ids = PUBLISHED_RESULTS.map(({ id }) => id);
    expect(ids).toEqual(['C7', 'C11', 'C12', 'C13', 'C14', 'C16', 'C18', 'C26']);
    expect(new Set(PUBLISHED_RESULTS.flatMap(({ name, source }) => [name, source])).size).toBe(16);
  });

  it.each([...PRESETS.keys()])('preset %s is a scenario that can be', (name) => {
    expect(() => resolveScenario(PRESETS.get(name), name)).not.toThrow();
  });

  it('are found by the name of their preset and by their id', () => {
    expect(PUBLISHED_RESULTS.map(({ id }) => presetName(id.toLowerCase()))).toEqual(
      [...PRESETS.keys()].slice(1),
    );
    expect(['C1', 'claim', 'mine.json'].map(presetName)).toEqual(['claim', 'claim', 'mine.json']);
  });

  it('have the roles of their publication: costs of POWER9 are inputs, the busy core is predicted, counts are limits', () => {
    const roles = Object.fromEntries(
      PUBLISHED_RESULTS.map(({ id, figures }) => [id, [...new Set(figures.map(({ role }) => role))].join()]),
    );
    expect(roles).toEqual({
      ...{ C7: 'limit', C11: 'calibrated', C12: 'calibrated', C13: 'input' },
      ...{ C14: 'input,predicted', C16: 'limit', C18: 'limit', C26: 'limit,calibrated' },
    });
  });

  const rows = judgeResults(PUBLISHED_RESULTS);
  const modelled = (id: string) =>
    rows.filter((row) => row.id === id).map(({ modelLow, modelHigh }) => [modelLow, modelHigh]);

  it('C7: 64 KiB in pages of 4 KiB are 16 calls, the packet alone is 1', () => {
    expect(modelled('C7')).toEqual([
      [16, 16],
      [1, 1],
    ]);
  });

  it('C11: 511 of 512 invalidations of 1,638,400 or 26,214,400 entries are 10 s by either reading', () => {
    for (const [i, [entries, priceNs]] of [
      [1_638_400, 6100] as const,
      [26_214_400, 380] as const,
    ].entries()) {
      expect(modelled('C11')[i]?.[0]).toBeCloseTo((entries * (511 / 512) * priceNs) / 1e9, 6);
    }
  });

  it('C14: misses the published 16 us, with the quiet legs and at most one exit leg more', () => {
    const [legs, after] = modelled('C14') as [number[], number[]];
    expect(legs[0]).toBeCloseTo(7.2242, 4);
    expect(legs[1]).toBeCloseTo(7.9491, 4);
    expect(after[0]).toBeCloseTo(7.22, 1);
    expect(after[1]).toBeCloseTo(7.9491 * (1 + 4244.1 / 7304.2), 1);
    expect(rows.filter(({ id }) => id === 'C14').map(({ verdict }) => verdict)).toEqual([
      ...['told', 'missed', 'missed'],
    ]);
  });

  it('C7, C16, C18 and C26 are limits that are kept', () => {
    const limits = rows.filter(({ role }) => role === 'limit');
    expect(limits.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      ...['C7 inside', 'C7 inside', 'C16 inside', 'C18 inside', 'C26 inside'],
    ]);
  });

  it('C26: a full wire is told, for no draw of the other work is slower than the wire', () => {
    const wireNsPerByte = (1538 * 8) / 10 / 1448;
    expect(POWER9_2021.constants.otherWorkNsPerByte.high).toBeLessThan(1.001 * wireNsPerByte);
    expect(rows.filter(({ id }) => id === 'C26').map(({ verdict }) => verdict)).toEqual(['inside', 'told']);
  });
});

describe('the kinds of published figures', () => {
  it('a null call is the exit and nothing else', () => {
    const { realModeHcallNs, exitToVirtualNs } = POWER9_2021.constants;
    const real = nullCallNs(POWER9_2021, 'real');
    expect(real.low).toBeCloseTo(realModeHcallNs.low, 2);
    expect(real.high).toBeCloseTo(realModeHcallNs.high, 2);
    expect(nullCallNs(POWER9_2021, 'virtual').high).toBeCloseTo(exitToVirtualNs.high, 2);
  });

  it('on POWER9 a busy core changes nothing, whatever the threads', () => {
    const { low, high } = POWER9_2021.constants.exitToVirtualNs;
    for (const threads of [1, 2, 8]) {
      const busy = callOnBusyCoreNs(POWER9_2021, threads);
      expect(busy.low / low).toBeCloseTo(1, 2);
      expect(busy.high / high).toBeCloseTo(1, 2);
    }
  });

  it('a core of one thread is a quiet one', () => {
    const { high } = POWER8_2017.constants.exitToVirtualNs;
    expect(callOnBusyCoreNs(POWER8_2017, 1).high / high).toBeCloseTo(1, 2);
  });

  it('a window filled on v5.19 has every entry exchanged and invalidated once', () => {
    expect(fillWindow(V5_19, 16)).toEqual({ exchanges: 1, invalidates: 1 });
  });

  it('an empty entry is an exchange and, in kernels without batches, an invalidation', () => {
    const { tceExchangeNs, tceInvalidateNs } = POWER8_2017.constants;
    const batched = emptyEntryNs(POWER8_2017, V5_19);
    expect([batched.low, batched.high]).toEqual([tceExchangeNs.low, tceExchangeNs.high]);
    expect(tceInvalidateNs.low).toBeGreaterThan(0);
  });
});

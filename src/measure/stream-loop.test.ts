import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FoundStream, streamFromLog, streamFromScenario } from '../experiment/call-stream.js';
import { TCE_PERMISSIONS } from '../papr/tce.js';
import { buildMachine, type Machine } from '../path/machine.js';
import { V3 } from '../path/revisions/v3.js';
import { resolveScenario } from '../scenario/load-scenario.js';
import { machineOf, streamOf } from './arm-machine.js';
import { type ArmSpec, streamArms, vcpuArms } from './arms.js';
import { StreamLoop } from './stream-loop.js';

const LOG = fileURLToPath(new URL('../../results/traces/e1000-64k.log.gz', import.meta.url));

async function* nothing(): AsyncGenerator<Uint8Array> {}

function validEntries({ tables }: Pick<Machine, 'tables'>): number {
  let valid = 0;
  for (const { hardware } of tables) {
    for (let entry = 0; entry < hardware.entries.size; entry++) {
      if ((hardware.entries.lo(entry) & TCE_PERMISSIONS) !== 0) valid++;
    }
  }
  return valid;
}

describe.each(['log', 'card'] as const)('the stream of a %s', (from) => {
  let found: FoundStream;
  beforeAll(async () => {
    const scenario = { host: { path: 'real' }, guest: { multiTce: true }, run: { bytes: 2e6, draws: 20 } };
    found =
      from === 'log'
        ? await streamFromLog(LOG, 'bulk-rx', nothing())
        : await streamFromScenario(resolveScenario(scenario), 'test');
  });

  it('goes round on every path: each call succeeds, and all that was mapped is unmapped in the end', () => {
    const { stream } = found;
    for (const path of ['real', 'userspace']) {
      const spec = streamArms(stream).find((arm) => arm.path === path) as ArmSpec;
      const machine = buildMachine(machineOf(spec), V3);
      const loop = new StreamLoop(stream, 1, machine.ladder, machine.host);
      let most = 0;
      for (let round = 0; round < 2; round++) {
        for (let call = 0; call < stream.calls; call++) {
          loop.step();
          if (call % 1000 === 0) most = Math.max(most, machine.region.mapped);
        }
        expect(validEntries(machine)).toBe(0);
        expect(machine.region.mapped).toBe(1);
      }
      expect(most).toBeGreaterThan(1);
    }
  });

  it('gives each vCPU windows and a region of its own', () => {
    const { stream } = found;
    const spec = vcpuArms(2, stream).find(
      ({ vcpus, sharesRegion }) => vcpus === 2 && !sharesRegion,
    ) as ArmSpec;
    const machine = buildMachine(machineOf(spec), V3);
    const loop = new StreamLoop(streamOf(spec, stream, 1), 1, machine.ladder, machine.host);
    let touched = 0;
    for (let call = 0; call < 2000 && touched === 0; call++) {
      loop.step();
      touched = validEntries(machine);
    }
    const own = machine.tables.slice(stream.windows.length);
    expect(machine.tables).toHaveLength(2 * stream.windows.length);
    expect(touched).toBeGreaterThan(0);
    expect(validEntries({ tables: own })).toBe(touched);
    // The first region counts what vCPU 0 has mapped: nothing.
    expect(machine.region.mapped).toBe(1);
  });
});

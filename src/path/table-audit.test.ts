import { describe, expect, it } from 'vitest';
import type { Machine, MachineTables } from './machine.js';
import { buildMachine } from './machine.js';
import { V3 } from './revisions/v3.js';
import { auditTables, type ExpectedEntries } from './table-audit.js';

const LIOBN = 0x80000000;
const WORDS = new Map([
  [3, 0x5003],
  [9, 0x7001],
]);

/** The account of a guest that mapped the entries of {@link WORDS}. */
const EXPECTED: ExpectedEntries = {
  live: WORDS.size,
  next: (entry) => [...WORDS.keys()].find((key) => key >= entry) ?? -1,
  tceHi: () => 0,
  tceLo: (entry) => WORDS.get(entry) ?? 0,
};

function machineWithEntries(): { machine: Machine; tables: MachineTables } {
  const window = { liobn: LIOBN, pageShift: 12, offset: 0, size: 16 };
  const machine = buildMachine({ ramBytes: 2 ** 24, windows: [window], path: 'real' }, V3);
  for (const [entry, word] of WORDS) machine.ladder.putTce(LIOBN, 0, entry << 12, 0, word);
  const tables = machine.tables[0];
  if (tables === undefined) throw new Error('no window');
  return { machine, tables };
}

describe('an audit of the tables', () => {
  it('agrees with an account that is right', () => {
    const { machine } = machineWithEntries();
    expect(auditTables(machine, () => EXPECTED)).toBeNull();
  });

  const damages: [string, RegExp, (made: ReturnType<typeof machineWithEntries>) => void][] = [
    [
      'another word in the guest view',
      /entry 3 .* 0x6003 in the guest view/,
      ({ tables }) => tables.guestView.store(3, 0, 0x6003),
    ],
    [
      'another high half in the guest view',
      /entry 9 .* guest view/,
      ({ tables }) => tables.guestView.store(9, 1, 0x7001),
    ],
    [
      'another page in hardware',
      /entry 9 .* in hardware/,
      ({ tables }) => tables.hardware.entries.store(9, 0, 0x1001),
    ],
    [
      'a lost hardware entry',
      /entry 3 .* in hardware/,
      ({ tables }) => tables.hardware.entries.store(3, 0, 0),
    ],
    [
      'another user address',
      /entry 3 .* user address/,
      ({ tables }) => {
        tables.hardware.userspaceView[3] = 4096;
      },
    ],
    ['a stale hardware entry', /entry 4 .* not live/, ({ tables }) => tables.hardware.entries.store(4, 5, 0)],
    ['a stale guest view entry', /entry 4 .* not live/, ({ tables }) => tables.guestView.store(4, 0, 0x5001)],
    [
      'a stale user address',
      /entry 15 .* not live/,
      ({ tables }) => {
        tables.hardware.userspaceView[15] = 4096;
      },
    ],
    [
      'a mapping counted once too often',
      /3 mappings are counted, 2 entries are live/,
      ({ machine }) => machine.region.mappedInc(),
    ],
  ];
  it.each(damages)('finds %s', (_, message, damage) => {
    const made = machineWithEntries();
    damage(made);
    expect(auditTables(made.machine, () => EXPECTED)).toMatch(message);
  });

  it('finds entries that nobody expects at all', () => {
    const { machine } = machineWithEntries();
    expect(auditTables(machine, () => null)).toMatch(/entry 3 .* not live/);
  });

  it('takes poison in the guest view for no setting', () => {
    const { machine, tables } = machineWithEntries();
    tables.guestView.store(5, 0, 0x9000);
    expect(auditTables(machine, () => EXPECTED)).toBeNull();
  });
});

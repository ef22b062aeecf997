import { COST_KEYS, COST_UNITS, type CostKey } from '../../cost/cost-profile.js';
import { POWER9_2021 } from '../../cost/profiles/power9-2021.js';
import { nullCallNs } from './null-call.js';
import type { Interval, PublishedResult } from './published-result.js';

/** The clock of the machine is not stated. */
const CLOCK_GHZ = { low: 3.0, high: 3.8 };

const EXITS: readonly CostKey[] = ['realModeHcallNs', 'exitToVirtualNs'];
const FREE = COST_KEYS.filter((key) => !EXITS.includes(key) && COST_UNITS[key] === 'ns');

const nsOf = (fewest: number, most: number): Interval => ({
  low: fewest / CLOCK_GHZ.high,
  high: most / CLOCK_GHZ.low,
});

/** Hypercalls that do nothing, on POWER9. */
export const C13: PublishedResult = {
  id: 'C13',
  name: 'null-hcall',
  source: 'N. Piggin, 2021-04-26, "Guest entry/exit performance work and observations"',
  mark: 'A',
  remark: 'published in cycles; at 3.0 to 3.8 GHz',
  // All but these two is free, so that every hypercall of the arms is a null one.
  scenario: {
    host: { cost: 'power9-2021' },
    guest: { ddw: false, multiTce: false, otherWork: { nsPerByte: 0 } },
    cost: Object.fromEntries(FREE.map((key) => [key, 0])),
  },
  figures: [
    {
      what: 'null hypercall in real mode, 509 cycles',
      role: 'input',
      unit: 'ns',
      published: nsOf(509, 509),
      how: 'a call that the handler refuses at its first check, over the range of power9-2021',
      model: () => nullCallNs(POWER9_2021, 'real'),
    },
    {
      what: 'null hypercall in virtual mode, 9587 cycles, later 5754',
      role: 'input',
      unit: 'ns',
      published: nsOf(5754, 9587),
      how: 'the same call, handed down to virtual mode',
      model: () => nullCallNs(POWER9_2021, 'virtual'),
    },
  ],
};

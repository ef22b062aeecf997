import { TCE_EXCHANGES, TCE_INVALIDATES } from '../../cost/operations.js';
import { buildMachine } from '../../path/machine.js';
import type { Revision } from '../../path/revisions/revision.js';
import { ARMS } from '../../scenario/arms.js';
import { resolveScenario } from '../../scenario/load-scenario.js';
import { MeteredSink } from '../../sim/metered-sink.js';
import { bootGuest, directWindow } from '../arm-guest.js';

const RAM_BYTES = 2 ** 30;

/** What one entry of a window took that a guest filled whole, with multi-TCE calls as large as they may be. */
export interface FilledEntry {
  readonly exchanges: number;
  readonly invalidates: number;
}

/** Fills a direct window over 1 GiB of RAM on one kernel revision; what it takes grows with its entries. */
export function fillWindow(revision: Revision, pageShift: number): FilledEntry {
  const arm = ARMS.find(({ path }) => path === 'direct') as (typeof ARMS)[number];
  const { scenario } = resolveScenario({ guest: { ramBytes: RAM_BYTES } }, 'a filled window');
  const window = directWindow(RAM_BYTES, pageShift);
  const machine = buildMachine({ ramBytes: RAM_BYTES, windows: [window], path: 'real' }, revision);
  const { counts } = machine.host;
  const sink = new MeteredSink(machine.ladder, counts);
  const { boot } = bootGuest(arm, scenario, { sink, store: machine.host, counts }, [window]);
  const each = (operation: number) => (boot.counts[operation] as number) / window.size;
  return { exchanges: each(TCE_EXCHANGES), invalidates: each(TCE_INVALIDATES) };
}

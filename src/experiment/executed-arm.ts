import type { EndedIn } from '../path/ladder.js';
import type { DmaApiUse } from '../result/run-document.js';
import type { Arm } from '../scenario/arms.js';
import type { MeteredCalls } from '../sim/metered-sink.js';
import type { BootedGuest } from './arm-guest.js';

/** What one arm did on tables of its own, whichever clock times it. */
export interface ExecutedArm {
  readonly arm: Arm;
  /** Of what was done while it was measured; the history is of everything. */
  readonly calls: MeteredCalls;
  /** Which rung answered, set-up and warm-up included, the final clean-up not. */
  readonly endedIn: Readonly<EndedIn>;
  readonly hostFaults: number;
  readonly dmaApi: DmaApiUse;
  readonly boot: BootedGuest['boot'];
}

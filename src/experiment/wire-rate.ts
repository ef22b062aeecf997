import type { Link } from '../sim/link.js';
import { PICOSECONDS_PER_SEC } from '../units.js';
import type { ArmRun } from './arm-run.js';
import type { TimedArm } from './timed-arm.js';

/** Payload rate of a full wire: the share of payload in what the frames take of it. */
export function wireRate(runs: readonly ArmRun[], link: Link): number {
  const units = runs[0]?.run.units;
  if (units === undefined) return 0;
  let payload = 0;
  let wire = 0;
  for (let i = 0; i < units.size; i++) {
    payload += units.payloadBytes[i] as number;
    wire += units.wireBytes[i] as number;
  }
  return wire === 0 ? 0 : ((payload / wire) * link.bitsPerSec) / 8;
}

/** The same where only what was measured is known of a run: its payload over its time on the wire. */
export function wireRateOfTimed(timed: TimedArm | undefined): number {
  if (timed === undefined || timed.timing.wireBusyPs === 0) return 0;
  return (timed.timing.payloadBytes * PICOSECONDS_PER_SEC) / timed.timing.wireBusyPs;
}

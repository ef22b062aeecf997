import type { OperationCounts } from '../cost/operations.js';
import type { Card } from '../nic/card.js';
import { CostClasses } from './cost-classes.js';
import { idleCardError, MAX_IDLE_UNITS } from './idle-card.js';
import type { MeteredSink } from './metered-sink.js';
import { UnitLog } from './unit-log.js';

/** A finished run without any time in it: what was done, in order. */
export interface FunctionalRun {
  readonly units: UnitLog;
  /** Units before this one are warm-up and excluded from the rate. */
  readonly firstMeasured: number;
  readonly unitClasses: CostClasses;
  /** Frames lost for want of a mapping, in the measured part. */
  readonly dropped: number;
  /** Where units begin: `tx`: at the processor, `rx`: on the wire. */
  readonly direction: 'tx' | 'rx';
  /** Units that may be between the processor and the wire at once: the card's ring. */
  readonly ringUnits: number;
  /** The bus of the card, each way; absent where it never binds. */
  readonly pcieBytesPerSec?: number;
}

/** How much of a card's work to carry out. */
export interface RunLength {
  /** Payload before the measured part. */
  readonly warmupBytes: number;
  /** Payload of the measured part, at least. */
  readonly measuredBytes: number;
  /** Called where the warm-up and where the measured part begins. */
  readonly onPart?: (part: 'warm-up' | 'measured') => void;
}

/**
 * Carries out a card's work without any clock: every hypercall is executed, every unit noted with its operations.
 * The card is opened first, which counts as warm-up, and left open.
 */
export function runCard(
  card: Card,
  meter: MeteredSink,
  counts: OperationCounts,
  length: RunLength,
): FunctionalRun {
  const units = new UnitLog();
  const unitClasses = new CostClasses();
  const before = counts.slice();
  let dropped = 0;
  let costClass = -1;
  const stepUntil = (bytes: number): void => {
    let done = 0;
    let idle = 0;
    while (done < bytes) {
      card.step();
      const { payloadBytes, wireBytes, frames, dropped: lost, transactions, arrivalPs } = card.unit;
      costClass = unitClasses.classify(before, counts, costClass);
      units.add(costClass, payloadBytes, wireBytes, frames, transactions, arrivalPs);
      dropped += lost;
      done += payloadBytes;
      idle = payloadBytes === 0 ? idle + 1 : 0;
      if (idle === MAX_IDLE_UNITS) throw idleCardError();
    }
  };
  card.open();
  before.set(counts);
  length.onPart?.('warm-up');
  stepUntil(length.warmupBytes);
  const firstMeasured = units.size;
  meter.startMeasuring();
  dropped = 0;
  length.onPart?.('measured');
  stepUntil(length.measuredBytes);
  const { pipeline, ringUnits } = card;
  return { units, firstMeasured, unitClasses, dropped, direction: pipeline, ringUnits };
}

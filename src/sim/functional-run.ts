import type { OperationCounts } from '../cost/operations.js';
import { TcebenchError } from '../errors.js';
import type { Card } from '../nic/card.js';
import type { FunctionalRun } from './closed-loop.js';
import { CostClasses, copyOf } from './cost-classes.js';
import type { MeteredSink } from './metered-sink.js';
import { UnitLog } from './unit-log.js';

/** How much of a card's work to carry out. */
export interface RunLength {
  /** Payload before the measured part. */
  readonly warmupBytes: number;
  /** Payload of the measured part, at least. */
  readonly measuredBytes: number;
  /** Called where the warm-up and where the measured part begins. */
  readonly onPart?: (part: 'warm-up' | 'measured') => void;
}

/** Units without payload after which a run is given up: the card cannot get a buffer mapped any more. */
const MAX_IDLE_UNITS = 10_000;

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
  const before = copyOf(counts);
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
      if (idle === MAX_IDLE_UNITS) {
        throw new TcebenchError(
          'scenario',
          'the card cannot get any buffer mapped',
          'give it a larger window',
        );
      }
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

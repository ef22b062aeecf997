import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** Where the latencies of a paced slice go, in whole nanoseconds. */
export interface PacedHistograms {
  /** From when the work really began. */
  readonly service: RecordableHistogram;
  /** From when it was meant to begin. */
  readonly response: RecordableHistogram;
}

/** The distributions of an arm in nanoseconds: of whole samples, and of single paced steps. */
export interface ArmHistograms extends PacedHistograms {
  readonly samples: RecordableHistogram;
}

/** Empty histograms for one arm. */
export function newArmHistograms(): ArmHistograms {
  return { samples: createHistogram(), service: createHistogram(), response: createHistogram() };
}

import type { RecordableHistogram } from 'node:perf_hooks';
import type {
  MeasureDocument,
  MeasuredArm,
  MeasuredSlice,
  PacedLatency,
  Percentiles,
} from '../result/measure-document.js';
import { randomStream } from '../sim/streams.js';
import { medianInterval } from '../stats/median-interval.js';
import { median, sortSamples } from '../stats/quantile.js';
import { newArmHistograms } from './arm-histograms.js';
import { type ArmSpec, callsPerSample, MEASURED_ARMS } from './arms.js';
import { additivityOf, comparisonsOf, detectabilityOf, lockBoundsOf } from './comparisons.js';
import { CALLS_PER_SEC, CONFIDENCE, hasForkUnits, unitsOf } from './fork-medians.js';
import { type MeasuredForks, measureForks } from './forks.js';
import type { MeasureOptions } from './options.js';
import { warningsOf } from './warnings.js';

/** A measurement with the slices that it was made of. */
export interface Measurement {
  readonly document: MeasureDocument;
  readonly slices: readonly MeasuredSlice[];
  /** One sentence on what went wrong, where a worker was lost; the document holds what was complete. */
  readonly failure: string | null;
}

/**
 * Times the arms on real threads, one worker for each vCPU of each arm. Wall time of this machine; never mixed with
 * modelled time.
 */
export async function measure(options: MeasureOptions): Promise<Measurement> {
  const arms = options.arms ?? MEASURED_ARMS;
  const forks = await measureForks(arms, options);
  return { document: documentOf(arms, forks, options), slices: forks.slices, failure: forks.failure };
}

function documentOf(
  arms: readonly ArmSpec[],
  measured: MeasuredForks,
  options: MeasureOptions,
): MeasureDocument {
  const { slices, forks, endedBy } = measured;
  const random = randomStream(options.seed, 0, 'measure/bootstrap').nextUnit;
  const done = forks === 0 ? [] : arms;
  const found = detectabilityOf(arms, slices, random);
  return {
    schema: 'tcebench.measure/1',
    clock: 'measured',
    version: options.version,
    stream: options.stream ?? null,
    arms: done.map((spec) => armOf(spec, measured, options)),
    confidence: CONFIDENCE,
    unit: hasForkUnits(slices) ? 'fork' : 'slice',
    forks,
    comparisons: comparisonsOf(done, slices, random),
    noiseFloor: found?.noiseFloor ?? null,
    smallestDetectableChange: found?.smallestDetectableChange ?? null,
    additivity: additivityOf(done, slices),
    lockBounds: lockBoundsOf(done, slices),
    endedBy,
    partial: endedBy === 'interrupt' || endedBy === 'lostWorker',
    warnings: warningsOf(done, measured, options),
  };
}

function armOf(
  spec: ArmSpec,
  measured: MeasuredForks,
  { callsPerSec: intended }: MeasureOptions,
): MeasuredArm {
  const own = measured.slices.filter(({ armId }) => armId === spec.id);
  const interval = medianInterval(sortSamples(own.map(({ medianNs }) => medianNs)));
  const { samples, service, response } = measured.histograms.get(spec.id) ?? newArmHistograms();
  const { calls, lateCalls } = measured.paced.get(spec.id) ?? { calls: 0, lateCalls: 0 };
  const paced: PacedLatency | null =
    intended === undefined
      ? null
      : {
          callsPerSec: intended,
          calls,
          lateShare: lateCalls / calls,
          serviceNs: percentilesOf(service, 1),
          responseNs: percentilesOf(response, 1),
        };
  return {
    id: spec.id,
    clock: 'measured',
    path: spec.path,
    multiTce: spec.multiTce,
    exit: spec.exit,
    part: spec.part,
    vcpus: spec.vcpus,
    sharesRegion: spec.sharesRegion,
    tcesPerCall: spec.tcesPerCall,
    callsPerSample: callsPerSample(spec),
    slices: own.length,
    calls: own.reduce((sum, slice) => sum + slice.calls, 0),
    nsPerCall: { ...interval, p99: median(own.map(({ p99Ns }) => p99Ns)) },
    callsPerSec: median(unitsOf(measured.slices, spec.id, CALLS_PER_SEC)),
    sampleNsPerCall: percentilesOf(samples, callsPerSample(spec)),
    paced,
  };
}

function percentilesOf(histogram: RecordableHistogram, divisor: number): Percentiles {
  const at = (percent: number) => histogram.percentile(percent) / divisor;
  return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: histogram.max / divisor };
}

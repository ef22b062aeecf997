import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { MeasureDocument, MeasuredArm, MeasuredSlice } from '../result/measure-document.js';
import { randomStream } from '../sim/streams.js';
import { MIN_SAMPLES_FOR_INTERVAL, medianInterval } from '../stats/median-interval.js';
import { quantile, sortSamples } from '../stats/quantile.js';
import { type ArmSpec, MEASURED_ARMS } from './arms.js';
import type { SliceReply, SliceRequest } from './protocol.js';

/** How long and in which order to measure. */
export interface MeasureOptions {
  readonly seed: number;
  /** Slices of each arm that count; two more come before them as warm-up. */
  readonly slices: number;
  readonly sliceMilliseconds: number;
  readonly version: string;
  /** Ends the measurement after the slice that is under way; complete rounds are kept and marked. */
  readonly signal?: AbortSignal;
  /** Told after each round how many of all rounds are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A measurement with the slices that it was made of. */
export interface Measurement {
  readonly document: MeasureDocument;
  readonly slices: readonly MeasuredSlice[];
}

const WARM_UP_ROUNDS = 2;

interface RunningArm {
  readonly spec: ArmSpec;
  readonly worker: Worker;
  /** Resolves when the worker has ended, for whatever reason. */
  readonly ended: Promise<void>;
}

/**
 * Times every arm in a worker of its own, one slice of one arm at a time, the arms of each round in seeded random
 * order: what disturbs the machine for a while then disturbs every arm alike. Wall time; never mixed with
 * modelled time.
 */
export async function measure(options: MeasureOptions): Promise<Measurement> {
  const arms = MEASURED_ARMS.map((spec): RunningArm => {
    const worker = new Worker(new URL('../../dist/measure/arm-worker.js', import.meta.url), {
      workerData: spec,
    });
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    return { spec, worker, ended };
  });
  try {
    const slices = await measureRounds(arms, options);
    return { document: documentOf(slices, options), slices };
  } finally {
    await Promise.all(arms.map(stop));
  }
}

async function measureRounds(arms: readonly RunningArm[], options: MeasureOptions): Promise<MeasuredSlice[]> {
  const random = randomStream(options.seed, 0, 'measure/order');
  const slices: MeasuredSlice[] = [];
  const rounds = WARM_UP_ROUNDS + options.slices;
  for (let round = 0; round < rounds && !isAborted(options); round++) {
    const complete: MeasuredSlice[] = [];
    for (const { spec, worker } of shuffled(arms, () => random.nextUnit())) {
      const reply = await slice(worker, options.sliceMilliseconds);
      complete.push({ armId: spec.id, slice: round - WARM_UP_ROUNDS, ...reply });
      if (isAborted(options) && complete.length < arms.length) return slices;
    }
    if (round >= WARM_UP_ROUNDS) slices.push(...complete);
    options.onProgress?.(round + 1, rounds);
  }
  return slices;
}

function isAborted({ signal }: MeasureOptions): boolean {
  return signal?.aborted === true;
}

async function slice(worker: Worker, milliseconds: number): Promise<SliceReply> {
  const request: SliceRequest = { kind: 'slice', milliseconds };
  worker.postMessage(request);
  const [reply] = await once(worker, 'message');
  return reply as SliceReply;
}

async function stop({ worker, ended }: RunningArm): Promise<void> {
  const request: SliceRequest = { kind: 'stop' };
  worker.postMessage(request);
  await ended;
}

function documentOf(slices: readonly MeasuredSlice[], options: MeasureOptions): MeasureDocument {
  const measured = MEASURED_ARMS.filter(({ id }) => slices.some(({ armId }) => armId === id));
  const arms = measured.map((spec) => armOf(spec, slices));
  const done = arms[0]?.slices ?? 0;
  const warnings = [
    ...(done < options.slices ? [`interrupted after ${done} of ${options.slices} slices`] : []),
    ...(done < MIN_SAMPLES_FOR_INTERVAL
      ? [`${done} slices are too few for an interval of the median; shown is their whole range`]
      : []),
  ];
  return { schema: 'tcebench.measure/1', clock: 'measured', version: options.version, arms, warnings };
}

function armOf(spec: ArmSpec, slices: readonly MeasuredSlice[]): MeasuredArm {
  const own = slices.filter(({ armId }) => armId === spec.id);
  const interval = medianInterval(sortSamples(own.map(({ medianNs }) => medianNs)));
  return {
    id: spec.id,
    path: spec.path,
    multiTce: spec.multiTce,
    exit: spec.exit,
    vcpus: 1,
    tcesPerCall: spec.tcesPerMap,
    callsPerSample: 2 * spec.mapsPerSample,
    slices: own.length,
    calls: own.reduce((sum, { calls }) => sum + calls, 0),
    nsPerCall: { ...interval, p99: quantile(sortSamples(own.map(({ p99Ns }) => p99Ns)), 0.5) },
  };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}

import { performance } from 'node:perf_hooks';
import { TcebenchError } from '../errors.js';
import type { EndedBy, MeasuredSlice } from '../result/measure-document.js';
import { randomStream } from '../sim/streams.js';
import { type ArmHistograms, newArmHistograms } from './arm-histograms.js';
import type { ArmSpec } from './arms.js';
import { widestInterval } from './fork-medians.js';
import type { MeasureOptions } from './options.js';
import { RunningArm } from './running-arm.js';
import { warmUp } from './warm-up.js';

/** Length of a slice at a fixed rate, in ordinary slices. */
const PACED_SLICES = 20;

/** Length of a slice of several vCPUs, in ordinary ones: they never begin quite together. */
const JOINT_SLICES = 4;

/** What was measured, complete forks only. */
export interface MeasuredForks {
  readonly slices: MeasuredSlice[];
  readonly histograms: ReadonlyMap<string, ArmHistograms>;
  /** Late calls and all calls of the slices at a fixed rate, by arm. */
  readonly paced: ReadonlyMap<string, { calls: number; lateCalls: number }>;
  /** Workers that were not steady when their slices began, by arm. */
  readonly unsteady: ReadonlyMap<string, number>;
  readonly forks: number;
  readonly endedBy: EndedBy;
  /** What happened, where a worker was lost. */
  readonly failure: string | null;
}

/**
 * Measures fork after fork: all arms start anew, warm up, and are timed one slice of one arm at a time, the arms of
 * each round in seeded random order. What disturbs the machine for a while then disturbs every arm alike.
 */
export async function measureForks(
  arms: readonly ArmSpec[],
  options: MeasureOptions,
): Promise<MeasuredForks> {
  const random = randomStream(options.seed, 0, 'measure/order').nextUnit;
  const slices: MeasuredSlice[] = [];
  const histograms = new Map(arms.map(({ id }) => [id, newArmHistograms()]));
  const paced = new Map(arms.map(({ id }) => [id, { calls: 0, lateCalls: 0 }]));
  const unsteady = new Map(arms.map(({ id }) => [id, 0]));
  const began = performance.now();
  let forks = 0;
  const ended = (endedBy: EndedBy, failure: string | null = null): MeasuredForks => {
    return { slices, histograms, paced, unsteady, forks, endedBy, failure };
  };
  for (;;) {
    const fork = new Fork(forks, options);
    try {
      await fork.start(arms);
      await fork.run(random);
      if (options.signal?.aborted === true) await fork.kill();
      else await fork.stop(histograms);
    } catch (error) {
      await fork.kill();
      if (error instanceof TcebenchError && error.kind === 'scenario')
        return ended('lostWorker', error.message);
      throw error;
    }
    if (options.signal?.aborted === true) return ended('interrupt');
    slices.push(...fork.slices);
    for (const id of fork.unsteady) unsteady.set(id, (unsteady.get(id) ?? 0) + 1);
    for (const { id, calls, lateCalls } of fork.paced) {
      const all = paced.get(id) ?? { calls: 0, lateCalls: 0 };
      paced.set(id, { calls: all.calls + calls, lateCalls: all.lateCalls + lateCalls });
    }
    forks++;
    options.onProgress?.(forks, options.forks);
    const seconds = (performance.now() - began) / 1000;
    const isEnough = forks >= options.forks;
    if (isEnough && options.until === undefined) return ended('forks');
    if (isEnough && widestInterval(slices) <= (options.until ?? 0)) return ended('until');
    if (options.maxSeconds !== undefined && seconds >= options.maxSeconds) return ended('maxTime');
  }
}

/** One generation of workers. */
class Fork {
  readonly slices: MeasuredSlice[] = [];
  readonly unsteady: string[] = [];
  readonly paced: { id: string; calls: number; lateCalls: number }[] = [];
  readonly #number: number;
  readonly #options: MeasureOptions;
  #arms: RunningArm[] = [];

  constructor(number: number, options: MeasureOptions) {
    this.#number = number;
    this.#options = options;
  }

  async start(arms: readonly ArmSpec[]): Promise<void> {
    const started = await Promise.allSettled(
      arms.map((spec) => RunningArm.start(spec, this.#options.onWorker)),
    );
    this.#arms = started.flatMap((arm) => (arm.status === 'fulfilled' ? [arm.value] : []));
    for (const arm of started) if (arm.status === 'rejected') throw arm.reason;
  }

  async run(random: () => number): Promise<void> {
    const { sliceMilliseconds, slices, callsPerSec } = this.#options;
    for (const arm of shuffled(this.#arms, random)) {
      if (this.#isAborted()) return;
      if (!(await warmUp(arm))) this.unsteady.push(arm.spec.id);
    }
    for (let round = 0; round < slices; round++) {
      for (const arm of shuffled(this.#arms, random)) {
        if (this.#isAborted()) return;
        const milliseconds = sliceMilliseconds * (arm.spec.vcpus > 1 ? JOINT_SLICES : 1);
        const timed = await arm.slice(milliseconds, true);
        const slice = this.#number * slices + round;
        this.slices.push({ armId: arm.spec.id, fork: this.#number, slice, ...timed });
      }
    }
    if (callsPerSec === undefined) return;
    for (const arm of shuffled(this.#arms, random)) {
      if (this.#isAborted()) return;
      const reply = await arm.paced(PACED_SLICES * sliceMilliseconds, callsPerSec);
      this.paced.push({ id: arm.spec.id, ...reply });
    }
  }

  async stop(histograms: ReadonlyMap<string, ArmHistograms>): Promise<void> {
    await Promise.all(this.#arms.map((arm) => arm.stop(histograms.get(arm.spec.id) ?? newArmHistograms())));
  }

  async kill(): Promise<void> {
    await Promise.all(this.#arms.map((arm) => arm.kill()));
  }

  #isAborted(): boolean {
    return this.#options.signal?.aborted === true;
  }
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}

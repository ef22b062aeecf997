import type { ArmId, ArmResult } from '../../result/run-document.js';
import { ARMS } from '../../scenario/arms.js';

const INDEX = new Map(ARMS.map(({ id }, i) => [id, i]));

/** The rate of every arm of every job, 56 bytes a job: all that is kept of the rows of a sweep. */
export class SweepRates {
  readonly #rates: Float64Array;

  constructor(jobs: number) {
    this.#rates = new Float64Array(jobs * ARMS.length).fill(Number.NaN);
  }

  /** Keeps the rates of a job. */
  put(job: number, arms: readonly ArmResult[]): void {
    for (const { id, rateBytesPerSec } of arms) this.#rates[this.#at(job, id)] = rateBytesPerSec;
  }

  /** Bytes per second; NaN where the job or the arm has none. */
  of(job: number, arm: ArmId): number {
    return this.#rates[this.#at(job, arm)] as number;
  }

  #at(job: number, arm: ArmId): number {
    return job * ARMS.length + (INDEX.get(arm) as number);
  }
}

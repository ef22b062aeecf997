import type { Crossover, SweepDocument, SweepJob, SweepPlan } from '../../result/sweep-document.js';
import { crossoverAxis, crossoversOf } from './crossovers.js';
import { SweepRates } from './sweep-rates.js';

/** Different warnings that are kept; what is beyond is counted. */
const MAX_WARNINGS = 50;

/**
 * What stays of the jobs of a sweep while they pass by: the rates, which jobs are missing or failed, and warnings that
 * differ in more than their numbers, 50 at most. Jobs are told in their order.
 */
export class SweepTally {
  readonly rates: SweepRates;
  readonly missing: number[] = [];
  readonly failed: { readonly job: number; readonly reason: string }[] = [];
  readonly #plan: SweepPlan;
  /** By their text without numbers. */
  readonly #warnings = new Map<string, { readonly first: string; isAlike: boolean; jobs: number }>();
  #unkeptWarnings = 0;

  constructor(plan: SweepPlan) {
    this.#plan = plan;
    this.rates = new SweepRates(plan.jobs);
  }

  /** Takes the result of a job, or null where there is none. */
  take(job: number, result: SweepJob | null): void {
    if (result === null) this.missing.push(job);
    else if (result.failed !== null) this.failed.push({ job, reason: result.failed });
    else this.rates.put(job, result.arms);
    for (const text of result?.warnings ?? []) {
      const kind = text.replace(/\d+(\.\d+)?/g, '#');
      const known = this.#warnings.get(kind);
      if (known !== undefined) {
        known.jobs++;
        known.isAlike &&= text === known.first;
      } else if (this.#warnings.size < MAX_WARNINGS) {
        this.#warnings.set(kind, { first: text, isAlike: true, jobs: 1 });
      } else this.#unkeptWarnings++;
    }
  }

  /** The crossovers, made one after another; call it when all jobs are told. */
  crossovers(): Iterable<Crossover> {
    return crossoversOf(this.#plan, this.rates);
  }

  /** The warnings, each with the number of jobs that have it unless all do. */
  warnings(): SweepDocument['warnings'] {
    const { jobs } = this.#plan;
    const partial = this.missing.length + this.failed.length;
    return [
      ...(this.missing.length > 0
        ? [`interrupted: ${this.missing.length} of ${jobs} jobs have no result; go on with --resume`]
        : []),
      ...(this.failed.length > 0 ? [`${this.failed.length} of ${jobs} jobs failed`] : []),
      ...(partial > 0 && crossoverAxis(this.#plan) !== -1
        ? ['no crossover is told of a line with a job that is missing or failed']
        : []),
      ...Array.from(this.#warnings.values(), ({ first, isAlike, jobs: count }) => {
        const others = isAlike ? '' : 'with other numbers too, ';
        return isAlike && count === jobs ? first : `${first} (${others}in ${count} of ${jobs} jobs)`;
      }),
      ...(this.#unkeptWarnings > 0
        ? [`${this.#unkeptWarnings} further warnings of jobs are in their files`]
        : []),
    ];
  }
}

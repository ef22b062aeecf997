import type { SweepDocument, SweepJob, SweepPlan, SweepRow } from '../../result/sweep-document.js';
import { readJob } from './job-files.js';
import { SweepTally } from './sweep-tally.js';

/** The folder that holds the result of a job. */
export type FolderOfJob = (job: number) => string;

/** The results of a sweep, read from their files one after another, so that memory does not grow with them. */
export class SweepResults {
  readonly plan: SweepPlan;
  /** The folder that holds the result of a job. */
  readonly folderOf: FolderOfJob;

  constructor(plan: SweepPlan, folder: string | FolderOfJob) {
    this.plan = plan;
    this.folderOf = typeof folder === 'string' ? () => folder : folder;
  }

  /** Every job that has a result; `tally` is told of the others as well. */
  async *jobs(tally?: SweepTally): AsyncGenerator<SweepJob> {
    for (let job = 0; job < this.plan.jobs; job++) {
      const found = readJob(this.folderOf(job), this.plan, job);
      const result = found.kind === 'result' ? found.result : null;
      tally?.take(job, result);
      if (result !== null) yield result;
    }
  }

  /** All that is kept of the results. */
  async tally(): Promise<SweepTally> {
    const tally = new SweepTally(this.plan);
    for await (const _ of this.jobs(tally));
    return tally;
  }

  /** The text of the document, piece by piece; `tally` is complete when it ends. */
  async *documentText(tally = new SweepTally(this.plan)): AsyncGenerator<string> {
    const { plan } = this;
    const head = { schema: 'tcebench.sweep/1', clock: 'modelled', version: plan.version, plan };
    yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "rows": [`;
    let separator = '\n    ';
    for await (const { job, values, arms } of this.jobs(tally)) {
      let text = '';
      for (const arm of arms) {
        text += separator + JSON.stringify({ job, values, arm } satisfies SweepRow);
        separator = ',\n    ';
      }
      if (text !== '') yield text;
    }
    yield `\n  ],\n  "missing": ${JSON.stringify(tally.missing)}`;
    yield `,\n  "failed": ${JSON.stringify(tally.failed)},\n  "crossovers": [`;
    separator = '\n    ';
    for (const crossover of tally.crossovers()) {
      yield separator + JSON.stringify(crossover);
      separator = ',\n    ';
    }
    yield `\n  ],\n  "warnings": ${JSON.stringify(tally.warnings())}\n}\n`;
  }

  /** The whole document; for programs that have the memory. */
  async document(): Promise<SweepDocument> {
    const pieces: string[] = [];
    for await (const piece of this.documentText()) pieces.push(piece);
    return JSON.parse(pieces.join('')) as SweepDocument;
  }
}

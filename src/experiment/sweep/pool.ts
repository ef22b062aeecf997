import { randomBytes } from 'node:crypto';
import { Piscina } from 'piscina';
import { TcebenchError } from '../../errors.js';
import type { SweepPlan } from '../../result/sweep-document.js';
import { readJob, removeTemporaries } from './job-files.js';
import { DONE, FAILED, type SweepWorkerData } from './sweep-worker.js';

/** How far a sweep is. */
export interface SweepProgress {
  /** Jobs that have a result, of those that this call runs. */
  readonly done: number;
  readonly failed: number;
  readonly total: number;
}

/** Where and how jobs are run. */
export interface PoolOptions {
  readonly folder: string;
  /** Threads; the results are the same for any number. */
  readonly workers: number;
  readonly onProgress?: ((progress: SweepProgress) => void) | undefined;
  /** Stops the workers at once; results that are whole stay. */
  readonly signal?: AbortSignal | undefined;
}

/** What became of the jobs of a pool. */
export interface PoolOutcome {
  /** Jobs whose result is that they failed. */
  readonly failed: number;
  readonly interrupted: boolean;
  /** Jobs in which a worker died; they have no result. */
  readonly crashed: readonly { readonly job: number; readonly reason: string }[];
}

/** Jobs of one message at most: few enough that the last ones keep all workers busy. */
const MAX_BATCH = 32;
const BATCHES_PER_WORKER = 16;
const PROGRESS_EVERY_MS = 200;
/** Of each worker; V8 would let it grow late in a long sweep, without a gain in speed. */
const YOUNG_MB = 24;

/** Runs jobs of a plan on threads, each of which writes the results of its own jobs into the folder. */
export async function runOnPool(
  plan: SweepPlan,
  jobs: readonly number[],
  { folder, workers, onProgress, signal }: PoolOptions,
): Promise<PoolOutcome> {
  const counters = new Int32Array(new SharedArrayBuffer(8));
  const mark = randomBytes(4).toString('hex');
  const threads = Math.max(1, Math.min(workers, jobs.length));
  const pool = new Piscina<readonly number[], string | null>({
    filename: new URL('../../../dist/experiment/sweep/sweep-worker.js', import.meta.url).href,
    name: 'runJobs',
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    recordTiming: false,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    workerData: { plan, folder, mark, counters } satisfies SweepWorkerData,
  });
  const tell = () =>
    onProgress?.({
      done: Atomics.load(counters, DONE),
      failed: Atomics.load(counters, FAILED),
      total: jobs.length,
    });
  const timer = setInterval(tell, PROGRESS_EVERY_MS);
  const stop = () => void pool.destroy();
  signal?.addEventListener('abort', stop);
  try {
    const died = signal?.aborted === true ? [] : await runBatches(pool, batchesOf(jobs, threads), signal);
    const crashed = await runAlone(pool, withoutResult(folder, plan, died), signal);
    return { failed: Atomics.load(counters, FAILED), interrupted: signal?.aborted === true, crashed };
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', stop);
    await pool.destroy();
    await removeTemporaries(folder, mark);
    tell();
  }
}

function batchesOf(jobs: readonly number[], threads: number): readonly (readonly number[])[] {
  const size = Math.min(MAX_BATCH, Math.ceil(jobs.length / (threads * BATCHES_PER_WORKER)));
  return Array.from({ length: Math.ceil(jobs.length / size) }, (_, i) =>
    jobs.slice(i * size, (i + 1) * size),
  );
}

type Pool = Piscina<readonly number[], string | null>;

/** Runs all batches; returns the jobs of those in which a worker died. */
async function runBatches(
  pool: Pool,
  batches: readonly (readonly number[])[],
  signal: AbortSignal | undefined,
): Promise<readonly number[]> {
  let unwritable: string | null = null;
  const outcomes = await Promise.allSettled(
    batches.map(async (batch) => {
      const problem = await pool.run(batch);
      if (problem === null || unwritable !== null) return;
      unwritable = problem;
      await pool.destroy();
    }),
  );
  if (unwritable !== null && signal?.aborted !== true) throw cannotWrite(unwritable);
  return outcomes.flatMap(({ status }, i) => (status === 'rejected' ? (batches[i] ?? []) : []));
}

/** A file alone says nothing: what a job was to replace, cut or of another plan, still has its name. */
function withoutResult(folder: string, plan: SweepPlan, jobs: readonly number[]): readonly number[] {
  return jobs.filter((job) => readJob(folder, plan, job).kind !== 'result');
}

/** Runs jobs again, each on its own, and tells those in which the worker dies again. */
async function runAlone(
  pool: Pool,
  jobs: readonly number[],
  signal: AbortSignal | undefined,
): Promise<PoolOutcome['crashed']> {
  const isStopped = () => signal?.aborted === true;
  const crashed: { job: number; reason: string }[] = [];
  for (const job of jobs) {
    if (isStopped()) break;
    try {
      const problem = await pool.run([job]);
      if (problem !== null) throw cannotWrite(problem);
    } catch (error) {
      if (error instanceof TcebenchError) throw error;
      if (!isStopped()) crashed.push({ job, reason: (error as Error).message });
    }
  }
  return crashed;
}

function cannotWrite(what: string): TcebenchError {
  return new TcebenchError(
    'output',
    `cannot write ${what}`,
    'make room or name another folder, then --resume',
  );
}

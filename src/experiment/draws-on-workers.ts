import { Worker } from 'node:worker_threads';
import { type ErrorKind, TcebenchError } from '../errors.js';
import type { ArmId } from '../result/run-document.js';
import { armsOf } from '../scenario/arms.js';
import { resolveScenario } from '../scenario/load-scenario.js';
import type { OnProgress } from './run-progress.js';

/** What a worker of the draws is told: the scenario as the user gave it, and which draws are its. */
export interface DrawWorkerData {
  readonly value: unknown;
  readonly place: string;
  /** The draws `worker`, `worker + of`, `worker + 2 of` and so on. */
  readonly worker: number;
  readonly of: number;
}

/** What it answers: how far it is, the rates of its draws for each arm, or the user's mistake. */
export type DrawWorkerReply =
  | { readonly kind: 'progress'; readonly share: number; readonly simulatedPs: number }
  | { readonly kind: 'done'; readonly rates: readonly Float64Array[] }
  | { readonly kind: 'failed'; readonly error: ErrorKind; readonly message: string; readonly hint: string };

/**
 * The rates of every arm in every draw of a scenario with several vCPUs, worked out by so many threads. A draw is a run
 * of its own and depends on nothing but its prices, so the rates are the same for any number of threads.
 */
export async function drawOnWorkers(
  { value, place }: { readonly value: unknown; readonly place: string },
  workers: number,
  onProgress?: OnProgress,
): Promise<ReadonlyMap<ArmId, Float64Array>> {
  const resolved = resolveScenario(value, place);
  const { draws } = resolved.scenario.run;
  const of = Math.min(workers, draws);
  const shares = new Float64Array(of);
  const parts = await Promise.all(
    Array.from({ length: of }, (_, worker) =>
      ratesOf({ value, place, worker, of }, ({ share, simulatedPs }) => {
        shares[worker] = share;
        onProgress?.({ share: shares.reduce((sum, each) => sum + each, 0) / of, simulatedPs });
      }),
    ),
  );
  return new Map(
    armsOf(resolved).map(({ id }, arm) => [
      id,
      Float64Array.from({ length: draws }, (_, i) => parts[i % of]?.[arm]?.[Math.floor(i / of)] as number),
    ]),
  );
}

async function ratesOf(data: DrawWorkerData, onProgress: OnProgress): Promise<readonly Float64Array[]> {
  const worker = new Worker(new URL('../../dist/experiment/draw-worker.js', import.meta.url), {
    workerData: data,
  });
  return await new Promise((resolve, reject) => {
    worker.on('message', (reply: DrawWorkerReply) => {
      if (reply.kind === 'progress') onProgress(reply);
      else if (reply.kind === 'done') resolve(reply.rates);
      else reject(new TcebenchError(reply.error, reply.message, reply.hint));
    });
    worker.once('error', reject);
  });
}

import { parentPort, workerData } from 'node:worker_threads';
import { assert, TcebenchError } from '../errors.js';
import { armsOf } from '../scenario/arms.js';
import { resolveScenario } from '../scenario/load-scenario.js';
import { rateBytesPerSec } from '../sim/closed-loop.js';
import { runContendedArm } from './contended-arm.js';
import { drawModels } from './draws.js';
import type { DrawWorkerData, DrawWorkerReply } from './draws-on-workers.js';

/** The thread of a share of the draws: it runs every arm in each of them and answers with the rates. */
const port = parentPort;
assert(port !== null, 'draw-worker runs as a worker');
const tell = (reply: DrawWorkerReply) => port.postMessage(reply);
try {
  tell({ kind: 'done', rates: ratesOf(workerData as DrawWorkerData) });
} catch (error) {
  if (!(error instanceof TcebenchError)) throw error;
  tell({ kind: 'failed', error: error.kind, message: error.message, hint: error.hint });
}

function ratesOf({ value, place, worker, of }: DrawWorkerData): Float64Array[] {
  const resolved = resolveScenario(value, place);
  const { scenario, profile } = resolved;
  const own = drawModels(profile, scenario.run).filter((_, draw) => draw % of === worker);
  const arms = armsOf(resolved);
  return arms.map((arm, i) =>
    Float64Array.from(own, (cost, draw) => {
      const { done } = runContendedArm(arm, resolved, cost);
      const share = (i + (draw + 1) / own.length) / arms.length;
      tell({ kind: 'progress', share, simulatedPs: done.durationPs });
      return rateBytesPerSec(done);
    }),
  );
}

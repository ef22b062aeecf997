import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePlan } from '../experiment/sweep/plan.js';
import { runSweep } from '../experiment/sweep/run-sweep.js';
import { SweepResults } from '../experiment/sweep/sweep-results.js';
import { programVersion } from '../program-version.js';
import type { SettingObject, SettingValue, SweepDocument } from '../result/sweep-document.js';
import type { ScenarioInput } from '../scenario/scenario.js';

/** What a caller of {@link sweep} chooses. */
export interface SweepChoices {
  /** What lies under every job; without it: the claim. */
  readonly scenario?: ScenarioInput;
  /** The values of each varied key; the last key turns fastest. */
  readonly vary: Readonly<Record<string, readonly SettingValue[]>>;
  /** Whether all keys step together instead of being combined. */
  readonly zip?: boolean;
  /** Threads; without it: one a processor. */
  readonly workers?: number;
  /** Where the results of the jobs stay; without it they are removed at the end. */
  readonly folder?: string;
  /** Stops the sweep; what is done then stays in the document, the rest is `missing`. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a scenario once for every combination of the values that are varied, on threads of its own. A job that fails is in
 * `failed` of the document, one without a result in `missing`. Calls share nothing, unless their folder is the same.
 *
 * @throws TcebenchError where a scenario of it cannot be, before any is run
 */
export async function sweep({
  scenario = {},
  vary,
  zip = false,
  workers = availableParallelism(),
  folder,
  signal = new AbortController().signal,
}: SweepChoices): Promise<SweepDocument> {
  const plan = await makePlan({
    name: 'sweep',
    base: scenario as SettingObject,
    axes: Object.entries(vary).map(([key, values]) => ({ key, values })),
    mode: zip ? 'zip' : 'cartesian',
    version: programVersion(),
  });
  const results = folder ?? mkdtempSync(join(tmpdir(), 'tcebench-sweep-'));
  try {
    await runSweep(plan, { folder: results, workers, signal });
    return await new SweepResults(plan, results).document();
  } finally {
    if (folder === undefined) rmSync(results, { recursive: true, force: true });
  }
}

import { type ModelledRun, runScenario } from '../experiment/run.js';
import { programVersion } from '../program-version.js';
import type { RunDocument } from '../result/run-document.js';
import { resolveScenario } from '../scenario/load-scenario.js';
import { withCapture } from '../scenario/read-capture.js';
import type { ScenarioInput } from '../scenario/scenario.js';

/** What a caller of {@link run} may choose. */
export interface RunChoices {
  /** Whether the claim is tried as well: many more runs. Without it: no. */
  readonly trial?: boolean;
}

/**
 * Runs every arm of a scenario on the modelled clock; without a scenario the claim's. Equal scenarios give equal
 * documents. Runs on the thread of the caller; calls share nothing.
 *
 * @throws TcebenchError where a key or a value of the scenario cannot be
 */
export async function run(scenario: ScenarioInput = {}, choices: RunChoices = {}): Promise<RunDocument> {
  return (await runWithDraws(scenario, choices)).document;
}

/** As {@link run}, with the rate of every arm in every draw of the costs, which the raw CSV is made of. */
export async function runWithDraws(
  scenario: ScenarioInput = {},
  { trial = false }: RunChoices = {},
): Promise<ModelledRun> {
  return runScenario(await withCapture(resolveScenario(scenario)), programVersion(), { trial });
}

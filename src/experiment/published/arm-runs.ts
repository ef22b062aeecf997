import type { ArmResult } from '../../result/run-document.js';
import { resolveScenario } from '../../scenario/load-scenario.js';
import { runScenario } from '../run.js';
import type { ScenarioSettings } from './published-result.js';

/** Enough for a steady state, and for kept mappings to be there before it is measured. */
const RUN = { bytes: 8e6, warmup: 64e6, draws: 20 };

/** The arms of a scenario, at the chosen value of every constant. */
export function armsRun(scenario: ScenarioSettings): {
  readonly arms: readonly ArmResult[];
  readonly wireBytesPerSec: number;
} {
  const resolved = resolveScenario({ ...scenario, run: RUN }, 'a published result');
  return runScenario(resolved, '', { trial: false }).document;
}

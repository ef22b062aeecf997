import type { SweepPlan } from '../../result/sweep-document.js';
import { settingText } from '../../result/sweep-document.js';
import { resolveScenario } from '../../scenario/load-scenario.js';
import { withCapture } from '../../scenario/read-capture.js';
import { setKey } from '../../scenario/scenario-key.js';
import { checkFiles } from './named-files.js';
import { jobPlace, jobScenario } from './plan.js';

/** Up to so many jobs each scenario is checked before any runs. */
const MAX_CHECKED_JOBS = 10_000;

/**
 * Refuses a plan that has a scenario which cannot be: all of them, or in a plan of more than 10,000 jobs each value of
 * each axis on its own. Reads every capture once.
 */
export async function checkPlan(plan: SweepPlan): Promise<void> {
  await checkFiles(plan);
  const captures = new Set<string>();
  for (const [scenario, place] of scenariosToCheck(plan)) {
    const resolved = resolveScenario(scenario, place);
    const { pcap } = resolved.scenario.traffic;
    if (pcap === undefined || captures.has(pcap)) continue;
    captures.add(pcap);
    await withCapture(resolved);
  }
}

function* scenariosToCheck(plan: SweepPlan): Generator<[scenario: unknown, place: string]> {
  if (plan.jobs <= MAX_CHECKED_JOBS) {
    for (let job = 0; job < plan.jobs; job++) yield [jobScenario(plan, job), jobPlace(plan, job)];
    return;
  }
  for (const { key, values } of plan.axes) {
    for (const value of values) {
      const scenario = jobScenario(plan, 0);
      setKey(scenario, key, structuredClone(value));
      yield [scenario, `--vary ${key}=${settingText(value)}`];
    }
  }
}

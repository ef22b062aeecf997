import { inputError } from '../errors.js';
import { knownHint } from '../nearest.js';
import { type ArmRun, runArm } from './arm-run.js';
import { armsOf } from './arms.js';
import type { ResolvedScenario } from './load-scenario.js';
import { mayBeRecosted } from './vcpu-shares.js';

/** Runs the one arm of a scenario that was asked for; an input error names those that there are. */
export function runOneArm(resolved: ResolvedScenario, id: string): ArmRun {
  if (!mayBeRecosted(resolved)) {
    throw inputError(
      `guest.vcpus: with ${resolved.scenario.guest.vcpus} vCPUs the order of calls depends on time, so a finished run cannot be priced anew`,
      'use run, which repeats it for each draw, or set guest.vcpus to 1',
    );
  }
  const arms = armsOf(resolved.scenario, resolved.revision, resolved.profile);
  const arm = arms.find((candidate) => candidate.id === id);
  if (arm !== undefined) return runArm(arm, resolved);
  const known = arms.map((candidate) => candidate.id);
  throw inputError(`--arm ${id}: the scenario has no such arm`, knownHint(id, known));
}

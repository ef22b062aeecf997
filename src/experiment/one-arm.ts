import { inputError } from '../errors.js';
import { knownHint } from '../nearest.js';
import { ARMS, type Arm, armsOf } from '../scenario/arms.js';
import type { ResolvedScenario } from '../scenario/load-scenario.js';
import { mayBeRecosted } from '../scenario/vcpu-shares.js';
import { type ArmRun, runArm } from './arm-run.js';

/** Runs the one arm of a scenario that was asked for; an input error names those that there are. */
export function runOneArm(resolved: ResolvedScenario, id: string): ArmRun {
  if (!mayBeRecosted(resolved)) {
    throw inputError(
      `guest.vcpus: with ${resolved.scenario.guest.vcpus} vCPUs the order of calls depends on time, so a finished run cannot be priced anew`,
      'use run or solve, which repeat it, or set guest.vcpus to 1',
    );
  }
  return runArm(armNamed(resolved, id), resolved);
}

/** The arm of a scenario that was asked for; an input error names those that there are. */
export function armNamed(resolved: ResolvedScenario, id: string): Arm {
  const arms = armsOf(resolved);
  const arm = arms.find((candidate) => candidate.id === id);
  if (arm !== undefined) return arm;
  const absent = ARMS.find((candidate) => candidate.id === id);
  if (absent?.path === 'real' && !arms.some(({ path }) => path === 'real')) {
    const { revision, profile } = resolved;
    if (revision.real === null || !profile.hasRealMode) {
      throw inputError(
        `--arm ${id}: ${revision.real === null ? `revision ${revision.id}` : `cost profile ${profile.id}`} has no real mode`,
        `choose another arm: ${arms.map((candidate) => candidate.id).join(', ')}`,
      );
    }
  }
  const known = arms.map((candidate) => candidate.id);
  throw inputError(`--arm ${id}: the scenario has no such arm`, knownHint(id, known));
}

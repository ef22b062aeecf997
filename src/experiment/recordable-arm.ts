import { inputError } from '../errors.js';
import { type Arm, armsOf } from '../scenario/arms.js';
import type { ResolvedScenario } from '../scenario/load-scenario.js';
import { mayBeRecosted } from '../scenario/vcpu-shares.js';

/**
 * The one arm of a scenario whose hypercalls can be written down.
 *
 * @throws TcebenchError where several vCPUs have work, or several arms are left
 */
export function recordableArm(resolved: ResolvedScenario): Arm {
  if (!mayBeRecosted(resolved)) {
    throw inputError('calls can be recorded where one vCPU has work', 'set guest.vcpus to 1');
  }
  const arms = armsOf(resolved);
  const [arm] = arms;
  if (arm !== undefined && arms.length === 1) return arm;
  throw inputError(
    `the calls of one arm can be recorded, and this scenario has ${arms.length}: ${arms.map(({ id }) => id).join(', ')}`,
    'choose one, for example with --set host.path=real --set guest.multiTce=true',
  );
}

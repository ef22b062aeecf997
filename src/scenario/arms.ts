import type { CostProfile } from '../cost/cost-profile.js';
import type { Revision } from '../path/revisions/revision.js';
import type { ArmId } from '../result/run-document.js';
import type { Scenario } from './scenario.js';

/** The switches that one arm sets: batching, and the path that serves the calls. */
export interface Arm {
  readonly id: ArmId;
  readonly path: 'userspace' | 'virtual' | 'real' | 'direct';
  readonly multiTce: boolean;
}

/** The seven arms of the claim, slowest path first; `direct` maps all of RAM once and then makes no call. */
export const ARMS: readonly Arm[] = [
  { id: 'single-userspace', path: 'userspace', multiTce: false },
  { id: 'single-virtual', path: 'virtual', multiTce: false },
  { id: 'single-real', path: 'real', multiTce: false },
  { id: 'multi-userspace', path: 'userspace', multiTce: true },
  { id: 'multi-virtual', path: 'virtual', multiTce: true },
  { id: 'multi-real', path: 'real', multiTce: true },
  { id: 'direct', path: 'direct', multiTce: true },
];

/** What decides the arms: a scenario with the kernel and the costs that it names. */
interface ArmsSource {
  readonly scenario: Scenario;
  readonly revision: Revision;
  readonly profile: CostProfile;
}

/** The arms that a scenario leaves: what it fixes is not varied, and a rung that kernel or machine lack has no arm. */
export function armsOf({ scenario, revision, profile }: ArmsSource): readonly Arm[] {
  const { guest, host } = scenario;
  const hasRealMode = revision.real !== null && profile.hasRealMode;
  return ARMS.filter((arm) => {
    const isDirect = arm.path === 'direct';
    if (arm.path === 'real' && !hasRealMode) return false;
    if (host.path !== undefined && host.path !== arm.path) return false;
    if (guest.ddw !== undefined && guest.ddw !== isDirect) return false;
    return isDirect || guest.multiTce === undefined || guest.multiTce === arm.multiTce;
  });
}

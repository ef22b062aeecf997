import type { CostProfile } from '../cost-profile.js';
import { POWER7_2013 } from './power7-2013.js';
import { POWER8_2017 } from './power8-2017.js';
import { POWER9_2021 } from './power9-2021.js';
import { X86_EMULATED } from './x86-emulated.js';
import { ZERO } from './zero.js';

/** Every cost profile that ships; adding one is adding a file and its line here. */
export const COST_PROFILES: readonly CostProfile[] = [
  POWER7_2013,
  POWER8_2017,
  POWER9_2021,
  X86_EMULATED,
  ZERO,
];

/** The profile of that name. */
export function findCostProfile(id: string): CostProfile | undefined {
  return COST_PROFILES.find((profile) => profile.id === id);
}

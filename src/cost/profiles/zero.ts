import { exactly } from '../constant.js';
import { COST_KEYS, type CostKey, type CostProfile } from '../cost-profile.js';

const NOTHING = exactly(0, 'given', 'zero by definition');

/** Everything is free: a control under which every path must reach the wire. */
export const ZERO: CostProfile = {
  id: 'zero',
  title: 'every operation free, a control',
  constants: Object.fromEntries(COST_KEYS.map((key) => [key, NOTHING])) as Record<CostKey, typeof NOTHING>,
};

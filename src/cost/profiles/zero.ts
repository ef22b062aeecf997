import { type Constant, exactly } from '../constant.js';
import { COST_KEYS, COST_UNITS, type CostKey, type CostProfile } from '../cost-profile.js';

/** Everything is free: a control under which every path must reach the wire. */
export const ZERO: CostProfile = {
  id: 'zero',
  title: 'every operation free, a control',
  hasRealMode: true,
  threadsLeaveTogether: false,
  constants: Object.fromEntries(
    COST_KEYS.map((key) => [key, exactly(0, 'given', 'zero by definition', COST_UNITS[key])]),
  ) as Record<CostKey, Constant>,
};

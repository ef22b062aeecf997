import type { Constant } from '../cost/constant.js';

/** Which rung answered how many calls. */
export interface EndedInCounts {
  readonly real: number;
  readonly virtual: number;
  readonly userspace: number;
}

/** The costs that a modelled document was priced with. */
export interface DocumentCost {
  readonly profile: string;
  readonly title: string;
  readonly constants: Readonly<Record<string, Constant>>;
}

import type { Revision } from '../path/revisions/revision.js';
import { allBut, LIOBN, machineOps, PlayedScenario, userMap } from './played-scenario.test-helper.js';

/** One of the minimal vectors of the specification: what is done, and what each revision gives. */
export interface ConformanceCase {
  readonly id: string;
  readonly title: string;
  readonly play: (revision: Revision) => unknown;
  /** The expectation and the ids of the revisions that it is said of. */
  readonly expected: readonly (readonly [ids: readonly string[], value: unknown])[];
}

export const V3_CODED = ['v3', 'v3+C5', 'v3+C11', 'v3+C13'];
export const V3S = [...V3_CODED, 'v3+codes'];
export const INTERIMS = ['interim', 'interim-fixed'];
export const V412S = ['v4.12', 'v4.12+npages'];
export const OLDER = [...V3S, ...INTERIMS];
export const LATER = ['v4.20', 'v5.4', 'v5.19'];
export const ALL = allBut();
export const IN_REAL = allBut('v5.19');

/** A machine whose userspace view exists, with a page mapped at entry 0. */
export function ready(revision: Revision, groups = 1): PlayedScenario {
  const made = new PlayedScenario(revision, machineOps(groups));
  made.play(userMap('0x0', 0));
  made.play({ op: 'userTce', liobn: LIOBN, index: '0x0', tce: '0x3' });
  return made;
}

import type { Revision } from './revision.js';
import { V3 } from './v3.js';

/** Every kernel revision that this version executes; adding one is adding a file and its name here. */
export const REVISIONS: readonly Revision[] = [V3];

/** The revision of that name. */
export function findRevision(id: string): Revision | undefined {
  return REVISIONS.find((revision) => revision.id === id);
}

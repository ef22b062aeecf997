import type { Revision } from './revision.js';
import { V3 } from './v3.js';
import { V4_12, V4_12_NPAGES } from './v4-12.js';

/** Every kernel revision that this version executes; adding one is adding a file and its name here. */
export const REVISIONS: readonly Revision[] = [V3, V4_12, V4_12_NPAGES];

/** The revision of that name. */
export function findRevision(id: string): Revision | undefined {
  return REVISIONS.find((revision) => revision.id === id);
}

import { INTERIM, INTERIM_FIXED } from './interim.js';
import type { Revision } from './revision.js';
import { V3 } from './v3.js';
import { V3_C5, V3_C11, V3_C13, V3_CODES } from './v3-review.js';
import { V4_12, V4_12_NPAGES } from './v4-12.js';
import { V4_20, V5_4, V5_19 } from './v4-20.js';

/** Every kernel revision that this version executes; adding one is adding a file and its name here. */
export const REVISIONS: readonly Revision[] = [
  V3,
  V3_C5,
  V3_C11,
  V3_C13,
  V3_CODES,
  INTERIM,
  INTERIM_FIXED,
  V4_12,
  V4_12_NPAGES,
  V4_20,
  V5_4,
  V5_19,
];

/** The revision of that name. */
export function findRevision(id: string): Revision | undefined {
  return REVISIONS.find((revision) => revision.id === id);
}

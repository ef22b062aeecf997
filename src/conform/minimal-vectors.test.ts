import { describe, expect, it } from 'vitest';
import { findRevision, REVISIONS } from '../path/revisions/revisions.js';
import { ATTACH_CASES } from './attach-cases.test-helper.js';
import { HCALL_CASES } from './hcall-cases.test-helper.js';
import { HOST_CASES } from './host-cases.test-helper.js';
import { IOCTL_CASES } from './ioctl-cases.test-helper.js';

describe('the minimal vectors of the specification', () => {
  it.each([...HCALL_CASES, ...HOST_CASES, ...IOCTL_CASES, ...ATTACH_CASES])(
    '$id: $title',
    ({ play, expected }) => {
      const named = expected.flatMap(([ids]) => ids);
      expect([...named].sort()).toEqual(REVISIONS.map(({ id }) => id).sort());
      for (const [ids, value] of expected) {
        for (const id of ids) {
          const revision = findRevision(id);
          expect([id, revision && play(revision)]).toEqual([id, value]);
        }
      }
    },
  );
});

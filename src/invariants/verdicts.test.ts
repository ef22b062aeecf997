import { describe, expect, it } from 'vitest';
import { REVISIONS } from '../path/revisions/revisions.js';
import { INVARIANTS } from './invariants.js';
import { VERDICTS } from './verdicts.js';

function broken(revision: string): readonly string[] {
  return INVARIANTS.map(({ id }) => id).filter(
    (id) => VERDICTS.get(id)?.get(revision)?.outcome === 'violated',
  );
}

describe('the table of verdicts', () => {
  it('has a row for each rule and a column for each revision; I15 compares v3 with v3+C5 only', () => {
    expect([...VERDICTS.keys()]).toEqual(INVARIANTS.map(({ id }) => id));
    for (const [id, verdicts] of VERDICTS) {
      const columns = id.startsWith('I15') ? ['v3+C5'] : REVISIONS.map((revision) => revision.id);
      expect([...verdicts.keys()]).toEqual(columns);
      for (const { outcome, source } of verdicts.values()) {
        expect(outcome).toBeDefined();
        expect(source).toBeDefined();
      }
    }
  });

  it('tells the interim revision from the one with its defect mended by hardware, range and ladder', () => {
    const fixed = broken('interim-fixed');
    const found = broken('interim').filter((id) => !fixed.includes(id));
    expect(found).toEqual(['I8r', 'I11', 'I14']);
  });
});

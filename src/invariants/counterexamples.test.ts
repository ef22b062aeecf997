import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkScenario } from '../conform/scenario-check.js';
import { REVISIONS } from '../path/revisions/revisions.js';
import { findCounterexample, violationOfRecords } from './counterexample.test-helper.js';
import { scenarioText } from './counterexample-text.test-helper.js';
import { HINTS } from './hints.test-helper.js';
import { INVARIANTS } from './invariants.js';
import { documentOf, fileOf, type ToldCounterexample } from './invariants-document.test-helper.js';
import { USUAL } from './plan.test-helper.js';
import { VERDICTS } from './verdicts.js';

const ROOT = new URL('../../', import.meta.url);
const SEARCH = { seed: 5, runs: 3000 };
const QUICK_SEARCH = { seed: 6, runs: 100 };

const cells = INVARIANTS.flatMap((invariant) =>
  REVISIONS.map((revision) => {
    const verdict = VERDICTS.get(invariant.id)?.get(revision.id);
    return [invariant.id, revision.id, verdict?.outcome, invariant, revision] as const;
  }),
);

describe('what is expected to be broken', () => {
  const told: ToldCounterexample[] = [];

  it.each(cells.filter(([, , outcome]) => outcome === 'violated'))(
    '%s in %s',
    async (id, name, _, rule, revision) => {
      const found = findCounterexample(rule, revision, { ...SEARCH, kinds: HINTS[id] ?? USUAL });
      if (found === null) throw new Error(`no scenario breaks ${id} in ${name}`);
      expect(violationOfRecords(rule, found.records, revision)).toBe(found.violation);
      const text = scenarioText(id, found, revision);
      expect(checkScenario(text, fileOf(id, name), REVISIONS).mismatches).toEqual([]);
      told.push({ id, revision: name, violation: found.violation, text });
      await expect(text).toMatchFileSnapshot(fileURLToPath(new URL(fileOf(id, name), ROOT)));
    },
  );

  it('stands in docs/INVARIANTS.md', async () => {
    const document = fileURLToPath(new URL('docs/INVARIANTS.md', ROOT));
    await expect(documentOf(INVARIANTS, told)).toMatchFileSnapshot(document);
  });
});

describe('what is expected to hold, sought where other revisions break it', () => {
  const hinted = cells.filter(([id, , outcome]) => outcome === 'holds' && HINTS[id] !== undefined);

  it.each(hinted)('%s in %s', (id, _name, _outcome, rule, revision) => {
    expect(findCounterexample(rule, revision, { ...QUICK_SEARCH, kinds: HINTS[id] ?? USUAL })).toBeNull();
  });
});

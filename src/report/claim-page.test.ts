import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judgeResults, tallyOf } from '../experiment/published/judged-results.js';
import { PUBLISHED_RESULTS } from '../experiment/published/results.js';
import type { RunDocument } from '../result/run-document.js';
import { claimPage } from './claim-page.js';

const file = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const run = JSON.parse(file('results/claim/claim.json')) as RunDocument;

describe('docs/CLAIM.md', () => {
  const rows = judgeResults(PUBLISHED_RESULTS);
  const page = claimPage(run, rows, tallyOf(rows));

  it('is what scripts/update-claim.mjs writes today', () => {
    expect(file('docs/CLAIM.md')).toBe(page);
  });

  it('has a row with its role for every published figure, and counts only predictions and limits', () => {
    const cells = page
      .split('\n')
      .filter((line) => /^\| C\d+ \|/.test(line))
      .map((line) => line.split(' | '));
    expect(cells).toHaveLength(3 + rows.length);
    const evidence = cells.filter(([, , role]) => role === 'predicted' || role === 'limit');
    expect(page).toContain(`Evidence: ${evidence.length} figures,`);
    const told = cells.filter(([, , role]) => role === 'input' || role === 'calibrated');
    expect(page).toContain(`Not counted: ${told.length} that the model was told.`);
    expect(told.every((row) => row.at(-1) === 'told |')).toBe(true);
  });

  it('shows what was missed', () => {
    expect(page).toMatch(/^\| C14 \| H_PROD .* \| \*\*missed by \d\.\d\dx\*\* \|$/m);
  });
});

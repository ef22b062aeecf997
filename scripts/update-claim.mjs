// Writes docs/CLAIM.md anew from the reference run of the claim and the published results beside the model. Needs the build.
import { readFileSync, writeFileSync } from 'node:fs';
import { judgeResults, tallyOf } from '../dist/experiment/published/judged-results.js';
import { PUBLISHED_RESULTS } from '../dist/experiment/published/results.js';
import { claimPage } from '../dist/report/claim-page.js';

const run = JSON.parse(readFileSync(new URL('../results/claim/claim.json', import.meta.url), 'utf8'));
const rows = judgeResults(PUBLISHED_RESULTS);
writeFileSync(new URL('../docs/CLAIM.md', import.meta.url), claimPage(run, rows, tallyOf(rows)));

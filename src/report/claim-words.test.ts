import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RunDocument } from '../result/run-document.js';
import { verdictText } from './claim-words.js';

const RUN = JSON.parse(
  readFileSync(new URL('../../results/claim/claim.json', import.meta.url), 'utf8'),
) as RunDocument;

describe('the verdict', () => {
  it('is no test of hypercalls where the control, which makes none, is in the band too', () => {
    const { claim } = RUN;
    if (claim === null) throw new Error('the reference has no trial');
    expect(verdictText(claim)).not.toContain('no test');
    const control = { ...claim.arms[0], id: 'direct', verdict: 'inside', rateBytesPerSec: 847e6 } as const;
    const capped = verdictText({ ...claim, arms: [...claim.arms, control] as typeof claim.arms });
    expect(capped).toMatch(/no test of the hypercalls: direct, which makes none, gives 847 MB\/s/);
  });
});

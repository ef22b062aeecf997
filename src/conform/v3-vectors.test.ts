import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { REVISIONS } from '../path/revisions/revisions.js';
import { checkScenario } from './scenario-check.js';

const VECTORS = new URL('../../../shared/vectors/', import.meta.url);
const isPresent = existsSync(VECTORS);
const files = isPresent ? readdirSync(VECTORS).filter((file) => /^v3-.*\.jsonl$/.test(file)) : [];

describe('v3 gives what the real kernel code gave', () => {
  it.skipIf(!isPresent)('in all of its vector files (skipped where ../shared/vectors is absent)', () => {
    expect(files.length).toBeGreaterThanOrEqual(19);
  });

  it.skipIf(!isPresent).each(files)('%s', (file) => {
    const text = readFileSync(new URL(file, VECTORS), 'utf8');
    const report = checkScenario(text, file, REVISIONS);
    expect(report.mismatches).toEqual([]);
    expect(report.truncated).toBe(false);
    const operations = text.split('\n').filter((line) => line !== '' && !/"op":"(config|note)"/.test(line));
    expect(report.operations).toBe(operations.length);
  });
});

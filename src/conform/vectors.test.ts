import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { REVISIONS } from '../path/revisions/revisions.js';
import { checkScenario } from './scenario-check.js';

const VECTORS = new URL('../../../shared/vectors/', import.meta.url);
const isPresent = existsSync(VECTORS);
const files = isPresent ? readdirSync(VECTORS).filter((file) => file.endsWith('.jsonl')) : [];

/** The kernel that a file is of, by its name. */
function kernelOf(file: string): string {
  if (file.startsWith('v3-')) return 'v3-patch';
  return file.includes('.npages-check.') ? 'v4.12+npages' : 'v4.12';
}

describe('each revision gives what the real kernel code gave', () => {
  it.skipIf(!isPresent)('in all vector files (skipped where ../shared/vectors is absent)', () => {
    const count = (kernel: string) => files.filter((file) => kernelOf(file) === kernel).length;
    expect(count('v3-patch')).toBeGreaterThanOrEqual(19);
    expect(count('v4.12')).toBeGreaterThanOrEqual(18);
    expect(count('v4.12+npages')).toBeGreaterThanOrEqual(2);
  });

  it.skipIf(!isPresent).each(files)('%s', (file) => {
    const text = readFileSync(new URL(file, VECTORS), 'utf8');
    const report = checkScenario(text, file, REVISIONS);
    expect(report.mismatches).toEqual([]);
    expect(report.truncated).toBe(false);
    expect(report.kernel).toBe(kernelOf(file));
    const operations = text.split('\n').filter((line) => line !== '' && !/"op":"(config|note)"/.test(line));
    expect(report.operations).toBe(operations.length);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const MAIN = fileURLToPath(new URL('dist/cli/main.js', ROOT));
const folder = mkdtempSync(join(tmpdir(), 'tcebench-compare-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the documents that docs/COMPARE.md compares', () => {
  it.each(['v3', 'v4.12'])('%s is what the program gives today', (revision) => {
    const out = join(folder, revision);
    const settings = [
      ...[`host.revision=${revision}`, 'host.path=real', 'run.bytes=8MB', 'run.warmup=1MB', 'run.draws=100'],
    ].flatMap((setting) => ['--set', setting]);
    expect(spawnSync(process.execPath, [MAIN, 'run', '--out', out, ...settings]).status).toBe(0);
    for (const suffix of ['.json', '-raw.csv']) {
      const kept = readFileSync(new URL(`results/compare/${revision}${suffix}`, ROOT), 'utf8');
      expect(readFileSync(join(out, `claim${suffix}`), 'utf8')).toBe(kept);
    }
  });
});

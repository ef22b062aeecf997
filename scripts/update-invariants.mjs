// Writes docs/INVARIANTS.md and results/counterexamples anew, as the tests of the invariants find them today.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
rmSync(new URL('results/counterexamples', root), { recursive: true, force: true });
execFileSync('npx', ['vitest', 'run', 'src/invariants/counterexamples.test.ts', '--update'], {
  cwd: fileURLToPath(root),
  stdio: 'inherit',
});

// Changes every field of the policies of some revisions, one at a time, and asks whether any check of the model sees it.
// node scripts/mutate-policies.mjs [revision...]: v3 and v4.12 if none is named, every one with `all`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = new URL('../', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'tcebench-mutants-'));
try {
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n');
  const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root));
  const options = ['-p', 'tsconfig.test.json', '--noEmit', 'false', '--outDir', folder];
  execFileSync(process.execPath, [compiler, ...options], { cwd: fileURLToPath(root), stdio: 'inherit' });
  const load = (file) => import(pathToFileURL(join(folder, 'src', `${file}.js`)).href);
  const { REVISIONS } = await load('path/revisions/revisions');
  const { tryMutants } = await load('conform/mutant-trial.test-helper');
  const named = process.argv.slice(2);
  const ids = named.length === 0 ? ['v3', 'v4.12'] : named;
  for (const revision of REVISIONS.filter(({ id }) => ids.includes(id) || ids.includes('all'))) {
    const { summary, wrong } = tryMutants(revision, new URL('../shared/vectors/', root));
    console.log(summary);
    for (const line of wrong) console.log(`  ${line}`);
    if (wrong.length > 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}

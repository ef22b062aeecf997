// Changes every field of the policies of some revisions, one at a time, and asks whether any check of the model sees it.
// node scripts/mutate-policies.mjs [--record] [revision...]: v3 and v4.12 if none is named, every one with `all`. With
// --record the summary goes to results/mutation/policies.txt.
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withCompiledTests } from './compiled-tests.mjs';

const root = new URL('../', import.meta.url);
const { values, positionals } = parseArgs({
  options: { record: { type: 'boolean' } },
  allowPositionals: true,
});
const ids = positionals.length === 0 ? ['v3', 'v4.12'] : positionals;

await withCompiledTests(async (load) => {
  const { REVISIONS } = await load('path/revisions/revisions');
  const { tryMutants } = await load('conform/mutant-trial.test-helper');
  const lines = ['Changes of single fields of the policies (node scripts/mutate-policies.mjs)'];
  for (const revision of REVISIONS.filter(({ id }) => ids.includes(id) || ids.includes('all'))) {
    const { summary, wrong } = tryMutants(revision, new URL('../shared/vectors/', root));
    lines.push(summary, ...wrong.map((line) => `  ${line}`));
    if (wrong.length > 0) process.exitCode = 1;
  }
  const text = `${lines.join('\n')}\n`;
  console.log(text);
  if (values.record !== true) return;
  mkdirSync(new URL('results/mutation/', root), { recursive: true });
  writeFileSync(new URL('results/mutation/policies.txt', root), text);
});

// Rewrites what stands below each `$ npx tcebench ...` line in the documents with what the command prints today.
// A block with a line `[...]` that no longer fits is left alone and named: only a person knows what to leave out.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { documentNames, isShortened, isShown, withOutputs, wordsOf } from './document-examples.mjs';

const root = new URL('../', import.meta.url);
const main = fileURLToPath(new URL('dist/cli/main.js', root));
for (const name of documentNames()) {
  const file = new URL(name, root);
  const text = readFileSync(file, 'utf8');
  const updated = withOutputs(text, (command, shown) => {
    const output = execFileSync(process.execPath, [main, ...wordsOf(command)], {
      cwd: fileURLToPath(root),
      encoding: 'utf8',
    });
    if (!isShortened(shown)) return output;
    if (!isShown(shown, output)) {
      console.error(`${name}: shorten the output of ${command} anew; it is now\n${output}`);
      process.exitCode = 1;
    }
    return shown;
  });
  if (updated !== text) writeFileSync(file, updated);
}

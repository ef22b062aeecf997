// Rewrites what stands below each `$ npx tcebench ...` line in the documents with what the command prints today.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const main = fileURLToPath(new URL('dist/cli/main.js', root));
const documents = [
  'README.md',
  ...readdirSync(new URL('docs/', root))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
for (const name of documents) {
  const file = new URL(name, root);
  const text = readFileSync(file, 'utf8');
  const updated = text.replace(/```\n\$ npx tcebench (.*)\n[\s\S]*?```/g, (_, command) => {
    // What stands in single quotes is one word, as in a shell.
    const words = command.match(/(?:'[^']*'|[^\s'])+/g).map((word) => word.replaceAll("'", ''));
    const output = execFileSync(process.execPath, [main, ...words], {
      cwd: fileURLToPath(root),
      encoding: 'utf8',
    });
    return `\`\`\`\n$ npx tcebench ${command}\n${output}\`\`\``;
  });
  if (updated !== text) writeFileSync(file, updated);
}

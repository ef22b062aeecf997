// The `$ npx tcebench ...` blocks of the documents: found, and compared with what the commands print.
import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);

/** A line that stands for any lines of the output, none included. */
const ELISION = '[...]';

const BLOCK = /```\n\$ npx tcebench (.*)\n([\s\S]*?)```/g;

/** The documents that show commands, as paths from the top of the repository. */
export function documentNames() {
  const docs = readdirSync(new URL('docs/', root)).filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.map((name) => `docs/${name}`)];
}

/** Every block of every document: where it stands, the command and the output that it shows. */
export function documentExamples() {
  return documentNames().flatMap((place) =>
    [...readFileSync(new URL(place, root), 'utf8').matchAll(BLOCK)].map(([, command, shown]) => ({
      place,
      command,
      shown,
    })),
  );
}

/** A document with the output of each block put in anew by `render`, which gets the command and what is shown now. */
export function withOutputs(text, render) {
  return text.replace(
    BLOCK,
    (_, command, shown) => `\`\`\`\n$ npx tcebench ${command}\n${render(command, shown)}\`\`\``,
  );
}

/** The words of a command as a shell takes them: what stands in single quotes is one. */
export function wordsOf(command) {
  return (command.match(/(?:'[^']*'|[^\s'])+/g) ?? []).map((word) => word.replaceAll("'", ''));
}

/** Whether a block has a line that stands for any lines. */
export function isShortened(shown) {
  return shown.split('\n').includes(ELISION);
}

/** Whether an output is what a block shows: the same lines, but where a line `[...]` stands for any. */
export function isShown(shown, output) {
  const parts = [[]];
  for (const line of shown.split('\n')) {
    if (line === ELISION) parts.push([]);
    else parts.at(-1).push(line);
  }
  const lines = output.split('\n');
  const stands = (part, at) => part.every((line, index) => lines[at + index] === line);
  const [first, ...rest] = parts;
  if (!stands(first, 0)) return false;
  if (rest.length === 0) return lines.length === first.length;
  let at = first.length;
  const last = rest.pop();
  for (const part of rest) {
    while (at <= lines.length && !stands(part, at)) at++;
    if (at > lines.length) return false;
    at += part.length;
  }
  return lines.length - last.length >= at && stands(last, lines.length - last.length);
}

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const MAIN = fileURLToPath(new URL('dist/cli/main.js', ROOT));

/** Every `$ npx tcebench ...` block of the documents, with the output that it shows. */
function examples(): { place: string; command: string; shown: string }[] {
  const docs = readdirSync(new URL('docs/', ROOT)).filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.map((name) => `docs/${name}`)].flatMap((name) => {
    const text = readFileSync(new URL(name, ROOT), 'utf8');
    return [...text.matchAll(/```\n\$ npx tcebench (.*)\n([\s\S]*?)```/g)].map(
      ([, command = '', shown = '']) => ({
        place: name,
        command,
        shown,
      }),
    );
  });
}

/** The words of a command as a shell takes them: what stands in single quotes is one. */
function wordsOf(command: string): string[] {
  return (command.match(/(?:'[^']*'|[^\s'])+/g) ?? []).map((word) => word.replaceAll("'", ''));
}

describe('the documents', () => {
  it('show at least the claim and a replay', () => {
    expect(examples().map(({ command }) => command.split(' ')[0])).toEqual(
      expect.arrayContaining(['run', 'replay']),
    );
  });

  it.each(examples())('$place shows what `tcebench $command` prints', ({ command, shown }) => {
    const { status, stdout } = spawnSync(process.execPath, [MAIN, ...wordsOf(command)], {
      cwd: fileURLToPath(ROOT),
      encoding: 'utf8',
      env: { ...process.env, FORCE_COLOR: undefined },
    });
    expect(status).toBe(0);
    expect(stdout).toBe(shown);
  });
});

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGE = readFileSync(join(ROOT, 'docs/CONTRIBUTING.md'), 'utf8');
const copy = mkdtempSync(join(tmpdir(), 'tcebench-contributing-'));
afterAll(() => rmSync(copy, { recursive: true }));

/** The blocks of a kind in a part of the page. */
function blocks(kind: string, part = PAGE): string[] {
  return [...part.matchAll(new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text = '']) => text,
  );
}

/** Writes a block to the file that its first line names. */
function writeFile(block: string): string {
  const [first = '', ...rest] = block.split('\n');
  const file = first.replace('// ', '');
  if (existsSync(join(copy, file))) throw new Error(`${file} is there already`);
  writeFileSync(join(copy, file), rest.join('\n'));
  return file;
}

/** Puts the lines with `+` below the line above them, which the file must have once. */
function edit(block: string): string {
  const [first = '', ...rest] = block.trimEnd().split('\n');
  const file = join(copy, first.trim());
  let lines = readFileSync(file, 'utf8').split('\n');
  let at = -1;
  for (const line of rest) {
    const text = line.slice(2);
    if (line.startsWith('+ ')) lines = lines.toSpliced(++at, 0, text);
    else {
      at = lines.indexOf(text);
      if (at < 0 || lines.indexOf(text, at + 1) >= 0)
        throw new Error(`${first.trim()} has no one line ${text}`);
    }
  }
  writeFileSync(file, lines.join('\n'));
  return first.trim();
}

const parts = new Map(
  (PAGE.split('## Worked examples\n')[1] ?? '')
    .split('\n## ')[0]
    ?.split('\n### ')
    .slice(1)
    .map((part) => [part.split('\n')[0] ?? '', part]),
);

describe('docs/CONTRIBUTING.md', () => {
  it('names files that are there in its map', () => {
    const rows = [...PAGE.matchAll(/^\| (`\w[^|]*) \| [^|]* \| ([^|]*) \|$/gm)];
    expect(rows.length).toBeGreaterThan(8);
    for (const [, folders = '', files = ''] of rows) {
      const inside = [...folders.matchAll(/`([^`]+)`/g)].map(([, folder]) => `src/${folder}`);
      for (const [, file] of files.matchAll(/`([^`]+)`/g)) {
        const found = inside.some((folder) => existsSync(join(ROOT, folder, file ?? '')));
        expect([file, found]).toEqual([file, true]);
      }
      for (const folder of inside) expect([folder, existsSync(join(ROOT, folder))]).toEqual([folder, true]);
    }
  });
});

describe('the worked examples', () => {
  beforeAll(() => {
    cpSync(join(ROOT, 'src'), join(copy, 'src'), {
      recursive: true,
      filter: (name) => !/\.test(-helper)?\.ts$/.test(name),
    });
    for (const name of ['package.json', 'tsconfig.json', 'biome.json']) {
      cpSync(join(ROOT, name), join(copy, name));
    }
    for (const name of ['node_modules', 'results']) symlinkSync(join(ROOT, name), join(copy, name));
    const changed = [...blocks('ts').map(writeFile), ...blocks('diff').map(edit)];
    const bin = join(ROOT, 'node_modules/.bin');
    const run = (tool: string, ...args: string[]) =>
      spawnSync(join(bin, tool), args, { cwd: copy, encoding: 'utf8' });
    expect(run('tsc', '-p', '.').stdout).toBe('');
    const { status, stdout, stderr } = run('biome', 'format', '--vcs-enabled=false', ...changed);
    expect([status, status === 0 ? '' : stdout + stderr]).toEqual([0, '']);
  });

  it('are of a card, a cost profile, a revision and a command', () => {
    expect([...parts.keys()]).toEqual(['A card', 'A cost profile', 'A kernel revision', 'A command']);
  });

  it.each([...parts])('%s: what is written runs', (title, part) => {
    const commands = blocks('sh', part).flatMap((block) => block.trim().split('\n'));
    expect(commands.length).toBeGreaterThan(0);
    const outputs = commands.map((command) => {
      const [, name, ...args] = command.split(' ');
      expect(name).toBe('tcebench');
      const main = join(copy, 'dist/cli/main.js');
      const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
        cwd: copy,
        encoding: 'utf8',
      });
      expect([command, status, stderr]).toEqual([command, 0, '']);
      return stdout;
    });
    const shown: Readonly<Record<string, RegExp>> = {
      'A card': /my-card/,
      'A cost profile': /POWER9 with a measured exit/,
      'A kernel revision': /C17: a bad address, real mode +H_PARAMETER +H_TOO_HARD|kernel revision my-kernel/,
      'A command': /realModeHcallNs 0 ns[\s\S]*price/,
    };
    expect(outputs.join('')).toMatch(shown[title] ?? /nothing/);
  });
});

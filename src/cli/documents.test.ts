import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { documentExamples, documentNames, isShown, wordsOf } from '../../scripts/document-examples.mjs';

const ROOT = new URL('../../', import.meta.url);
const MAIN = fileURLToPath(new URL('dist/cli/main.js', ROOT));

describe('the documents', () => {
  it('show at least the claim and a replay', () => {
    expect(documentExamples().map(({ command }) => command.split(' ')[0])).toEqual(
      expect.arrayContaining(['run', 'replay']),
    );
  });

  it('have a README of two screens', () => {
    const lines = readFileSync(new URL('README.md', ROOT), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(90);
    // The output of a command is as wide as it is.
    const prose = lines
      .join('\n')
      .replace(/```\n\$[\s\S]*?```/g, '')
      .split('\n');
    expect(prose.filter((line) => line.length > 110)).toEqual([]);
  });

  it.each(['update-cli-reference', 'update-keys'])(
    'have the pages that %s writes as it writes them',
    (name) => {
      const script = fileURLToPath(new URL(`scripts/${name}.mjs`, ROOT));
      const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
    },
  );

  it('link to files that are there', () => {
    const broken = documentNames().flatMap((name) => {
      const text = readFileSync(new URL(name, ROOT), 'utf8');
      return [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(new URL(target, new URL(name, ROOT))))
        .map((target) => `${name}: ${target}`);
    });
    expect(broken).toEqual([]);
  });

  it.each(documentExamples())('$place shows what `tcebench $command` prints', ({ command, shown }) => {
    const { status, stdout } = spawnSync(process.execPath, [MAIN, ...wordsOf(command)], {
      cwd: fileURLToPath(ROOT),
      encoding: 'utf8',
      env: { ...process.env, FORCE_COLOR: undefined },
    });
    expect(status).toBe(0);
    // The second form shows the difference where there is one.
    if (!isShown(shown, stdout)) expect(stdout).toBe(shown);
  });
});

describe('a line [...] in an output', () => {
  const output = 'a\nb\nc\nd\n';

  it('stands for any lines, and for none', () => {
    for (const shown of [
      output,
      'a\n[...]\nd\n',
      '[...]\nb\n[...]\nd\n',
      'a\n[...]\nb\nc\nd\n',
      'a\n[...]\n',
    ]) {
      expect([shown, isShown(shown, output)]).toEqual([shown, true]);
    }
  });

  it('hides no other change', () => {
    for (const shown of [
      'a\nb\nc\n',
      'a\n[...]\nx\n',
      'b\n[...]\nd\n',
      'a\n[...]\nc\n',
      'a\nb\nb\n[...]\nd\n',
    ]) {
      expect([shown, isShown(shown, output)]).toEqual([shown, false]);
    }
    expect(isShown('a\n[...]\nc\n[...]\nb\n[...]\n', output)).toBe(false);
  });
});

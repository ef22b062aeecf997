import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tcebench-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));

function tcebench(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
}

/** What is offered, and the bits that end the answer. */
function offered(...words: string[]): { values: string[]; directive: string | undefined } {
  const lines = tcebench('complete', '--', ...words)
    .stdout.trim()
    .split('\n');
  return { directive: lines.pop(), values: lines.map((line) => line.split('\t')[0] ?? '') };
}

const hasBash = spawnSync('bash', ['--version']).status === 0;

describe('completion', () => {
  it('offers commands, options, presets, keys of a scenario and values of options', () => {
    expect(offered('s').values.sort()).toEqual(['sensitivity', 'solve', 'sweep']);
    expect(offered('run', '--csv').values).toEqual(['--csv', '--csv-raw']);
    expect(offered('run', 'clai')).toEqual({ values: ['claim'], directive: ':4' });
    expect(offered('explain', '--arm', 'multi-r').values).toEqual(['multi-real']);
    expect(offered('replay', '--revision', 'v4.12').values).toEqual(['v4.12', 'v4.12+npages']);
    expect(offered('list', 'pr').values.sort()).toEqual(['presets', 'profiles']);
  });

  it('offers a key of --set up to its equals sign, without a space after it', () => {
    expect(offered('run', '--set', 'nic.mt')).toEqual({ values: ['nic.mtu='], directive: ':6' });
    expect(offered('sweep', '--vary', 'cost.exitToU').values).toEqual(['cost.exitToUserspaceNs=']);
  });

  it('leaves the shell to offer files where no word of ours fits', () => {
    expect(offered('replay', 'my')).toEqual({ values: [], directive: ':0' });
    expect(offered('run', 'mine.js')).toEqual({ values: [], directive: ':0' });
  });

  it('offers the shells that it has scripts for, and hides what only the shell calls', () => {
    expect(offered('comp').values).toEqual(['compare', 'completion']);
    expect(offered('completion', '').values.sort()).toEqual(['bash', 'fish', 'powershell', 'zsh']);
    expect(tcebench('--help').stdout).not.toMatch(/^ {2}complete /m);
  });

  it.each(['bash', 'zsh', 'fish', 'powershell'])('prints a script for %s', (shell) => {
    const { status, stdout, stderr } = tcebench('completion', shell);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/tcebench complete '?--'? /);
  });

  it('refuses another shell with the ones that there are', () => {
    const { status, stderr } = tcebench('completion', 'nushell');
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/no completion for nushell; known: bash, zsh, fish, powershell/),
    ]);
  });

  // The function that the script wants comes with the package bash-completion; this is the part of it that is used.
  it.skipIf(!hasBash)('completes a subcommand in bash', () => {
    const program = join(folder, 'tcebench');
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
    chmodSync(program, 0o755);
    const script = `
      _get_comp_words_by_ref() { words=("\${COMP_WORDS[@]}"); cword=$COMP_CWORD; cur="\${words[cword]}"; }
      source <(tcebench completion bash)
      complete -p tcebench | sed 's/.*-F \\([^ ]*\\).*/\\1/' > "$TMP_OUT"
      COMP_WORDS=(tcebench sens); COMP_CWORD=1; COMP_LINE='tcebench sens'; COMP_POINT=13
      "$(cat "$TMP_OUT")"
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync('bash', ['--norc', '-c', script], {
      encoding: 'utf8',
      env: { PATH: `${folder}:${process.env.PATH}`, TMP_OUT: join(folder, 'name') },
    });
    expect(stdout.trim()).toBe('sensitivity');
  });
});

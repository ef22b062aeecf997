import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const file = (path: string) => fileURLToPath(new URL(path, ROOT));
const folder = mkdtempSync(join(tmpdir(), 'tcebench-light-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A loader that notes every package of which a module is loaded, beside what it does. */
const HOOK = `import { appendFileSync } from 'node:fs';
export async function load(url, context, next) {
  const found = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url);
  if (found) appendFileSync(process.env.LOADED, found[1] + '\\n');
  return next(url, context);
}`;

/** The same for what is required, which no loader of modules sees. */
const REQUIRES = `import { appendFileSync } from 'node:fs';
import Module, { register } from 'node:module';
const load = Module._load;
Module._load = (request, parent, isMain) => {
  if (/^[^./]/.test(request) && !Module.isBuiltin(request)) appendFileSync(process.env.LOADED, request + '\\n');
  return load(request, parent, isMain);
};
`;

/** The packages that a program loads. */
function loadedBy(...args: string[]): readonly string[] {
  const [hook, register, loaded] = ['hook.mjs', 'register.mjs', 'loaded'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  writeFileSync(loaded, '');
  writeFileSync(hook, HOOK);
  writeFileSync(register, `${REQUIRES}register(${JSON.stringify(pathToFileURL(hook).href)});`);
  execFileSync(process.execPath, ['--import', pathToFileURL(register).href, ...args], {
    cwd: folder,
    env: { ...process.env, LOADED: loaded },
    stdio: 'ignore',
  });
  return [...new Set(readFileSync(loaded, 'utf8').split('\n').filter(Boolean))].sort();
}

const MAIN = file('dist/cli/main.js');
/** Charts, pictures, threads, timing and completion: what most commands never use. */
const HEAVY = ['vega', 'vega-lite', '@resvg/resvg-js', 'piscina', 'tinybench', '@bomb.sh/tab'];

describe('heavy packages', () => {
  it('are not loaded for --help, nor is anything but the parser of arguments, and nothing for --version', () => {
    expect(loadedBy(MAIN, '--version')).toEqual([]);
    expect(loadedBy(MAIN, 'run', '--help')).toEqual(['commander']);
  });

  it.each([
    ['run', ['--set', 'run.bytes=1MB', '--set', 'run.draws=20']],
    ['replay', [file('results/traces/e1000e-ddw-on.log.gz'), '--draws', '20']],
    ['list', ['costs']],
  ])('are not loaded by %s without files to write', (command, args) => {
    const loaded = loadedBy(MAIN, command, ...args);
    expect(loaded).toContain('commander');
    expect(loaded.filter((name) => HEAVY.includes(name))).toEqual([]);
  });

  it('are loaded where they are used', () => {
    const chart = ['--svg', 'chart.svg', '--set', 'run.bytes=1MB', '--set', 'run.draws=20'];
    expect(loadedBy(MAIN, 'run', ...chart)).toEqual(expect.arrayContaining(['vega', 'vega-lite']));
    expect(loadedBy(MAIN, 'completion', 'bash')).toContain('@bomb.sh/tab');
  });

  it('of charts are not loaded by the import of the package', () => {
    const loaded = loadedBy('-e', `import(${JSON.stringify(new URL('dist/index.js', ROOT).href)})`);
    expect(loaded).toContain('zod');
    expect(loaded.filter((name) => /vega|resvg|cli-table|commander/.test(name))).toEqual([]);
  });
});

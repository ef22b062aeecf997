// Packs the package, installs it into an empty project, and uses it there as a newcomer does: the commands of the README
// that make a chart of an own card, a replay, a typed program. With --record it writes what it found to results/package/summary.txt.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tcebench-package-'));
const MAX_UNPACKED_BYTES = 5e6;
/** What a user needs; everything else is too much. */
const MAY_HOLD =
  /^(package\.json|README\.md|LICENSE|dist\/.*\.(js|d\.ts)|docs\/.*\.(md|jsonl|mjs)|schemas\/[\w-]+\.schema\.json|results\/(claim\/claim\.svg|(traces|review|compare)\/[^/]+))$/;
const MUST_HOLD = [
  ...['package.json', 'README.md', 'LICENSE', 'dist/cli/main.js', 'dist/index.js', 'dist/index.d.ts'],
  ...['schemas/scenario.schema.json', 'results/claim/claim.svg', 'results/traces/e1000-64k.log.gz'],
  ...['docs/README.md', 'docs/CLI.md', 'docs/examples/run.mjs'],
];
const MAY_NOT_HOLD = /\.test(-helper)?\.|^dist\/bench\/|\.map$|tsbuildinfo|^src\//;

const PROGRAM = `
import { compare, replay, run, sweep, TcebenchError, type RunDocument, type ScenarioInput } from 'tcebench';
const scenario: ScenarioInput = { nic: { mtu: 9000 }, run: { bytes: '1MB', draws: 20 } };
const before: RunDocument = await run(scenario);
const after = await run({ ...scenario, host: { revision: 'v4.12' } });
const rates: readonly number[] = before.arms.map(({ rateBytesPerSec }) => rateBytesPerSec);
const { gates } = compare(before, after, { gates: ['multi-real.rateBytesPerSec>=-2%'] });
const { rows } = await sweep({ scenario, vary: { 'nic.mtu': [1500, 9000] }, workers: 1 });
const { logs } = await replay('node_modules/tcebench/results/traces/e1000e-ddw-on.log.gz', { draws: 20 });
console.log(rates.length, gates[0]?.verdict, rows.length, logs.length);
// @ts-expect-error: a key that no scenario has
await run({ nic: { mut: 9000 } }).catch((error: unknown) => console.log(error instanceof TcebenchError));
`;
const TSCONFIG = {
  compilerOptions: {
    ...{
      module: 'nodenext',
      target: 'es2023',
      strict: true,
      exactOptionalPropertyTypes: true,
      types: ['node'],
    },
    outDir: 'out',
  },
  files: ['program.ts'],
};

const lines = [];
function tell(line) {
  lines.push(line);
  console.log(line);
}

function check(isSo, message) {
  if (!isSo) throw new Error(message);
}

function inFolder(command, ...args) {
  return execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function packed() {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const [pack] = JSON.parse(
    execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  const names = pack.files.map(({ path }) => path);
  const extra = names.filter((name) => !MAY_HOLD.test(name) || MAY_NOT_HOLD.test(name));
  check(extra.length === 0, `the package holds what nobody needs: ${extra.slice(0, 5).join(', ')}`);
  const missing = MUST_HOLD.filter((name) => !names.includes(name));
  check(missing.length === 0, `the package lacks ${missing.join(', ')}`);
  check(pack.unpackedSize <= MAX_UNPACKED_BYTES, `the package has ${pack.unpackedSize} bytes unpacked`);
  tell(
    `package: ${names.length} files, ${mb(pack.size)} MB packed, ${mb(pack.unpackedSize)} MB unpacked (at most 5)`,
  );
  return pack.filename;
}

const mb = (bytes) => (bytes / 1e6).toFixed(1);

/** The README's commands for an own card, as they stand there. */
function newcomersCommands() {
  const readme = readFileSync(join(folder, 'node_modules/tcebench/README.md'), 'utf8');
  const block = [...readme.matchAll(/```\n([\s\S]*?)```/g)]
    .map(([, text]) => text)
    .find((text) => text.includes('init my-card'));
  check(block !== undefined, 'the README has no commands for an own card');
  return block.trim().split('\n');
}

try {
  const tarball = packed();
  writeFileSync(join(folder, 'package.json'), '{"name":"empty","private":true,"type":"module"}\n');
  inFolder(
    'npm',
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    `./${tarball}`,
  );
  tell('installed into an empty project');

  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  check(inFolder('npx', 'tcebench', '--version').trim() === version, 'npx tcebench --version');
  const quick = ['--set', 'run.bytes=1MB', '--set', 'run.draws=20'];
  check(inFolder('npx', 'tcebench', 'run', ...quick).includes('multi-real'), 'npx tcebench run');
  tell('npx tcebench --version, run');

  for (const command of newcomersCommands()) {
    inFolder('sh', '-c', command);
    tell(`README: ${command}`);
  }
  const chart = readFileSync(join(folder, 'my-card/claim.svg'), 'utf8');
  check(
    chart.startsWith('<svg') && statSync(join(folder, 'my-card.html')).size > 10_000,
    'a chart of the card',
  );

  const log = 'node_modules/tcebench/results/traces/e1000-64k.log.gz';
  check(inFolder('npx', 'tcebench', 'replay', log).includes('all equal'), 'npx tcebench replay');
  tell('npx tcebench replay of a log that ships');

  for (const name of ['run', 'replay', 'sweep', 'compare']) {
    inFolder(process.execPath, `node_modules/tcebench/docs/examples/${name}.mjs`);
  }
  tell('the examples');

  writeFileSync(join(folder, 'program.ts'), PROGRAM);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  for (const name of ['@types/node', 'undici-types']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  inFolder(process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '-p', '.');
  check(inFolder(process.execPath, 'out/program.js').trim() === '7 passed 14 1\ntrue', 'the typed program');
  tell('a typed program: checked without skipLibCheck, compiled, run');
  tell('all well');
  if (process.argv[2] === '--record') {
    mkdirSync(join(root, 'results/package'), { recursive: true });
    writeFileSync(join(root, 'results/package/summary.txt'), `${lines.join('\n')}\n`);
  }
} catch (error) {
  console.error(error.message, error.stdout ?? '', error.stderr ?? '');
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// Changes the code of some pure rooms, one place at a time, and asks whether a test sees it: node scripts/mutation.mjs
// [--record]. Stryker does not know the compiler of the project and is large, so it is installed apart, beside a copy of the
// rooms. With --record the score goes to results/mutation/summary.txt. Some minutes on two cores.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const STRYKER = '9.6.1';
/** What is changed, and the tests that should see it. */
const MUTATED = [
  'src/stats/*.ts',
  'src/json-comments.ts',
  'src/nearest.ts',
  'src/units.ts',
  'src/compare/gate.ts',
  'src/cost/constant.ts',
];
const TESTS = [
  'src/stats/*.test.ts',
  'src/json-comments.test.ts',
  'src/nearest.test.ts',
  'src/units.test.ts',
  'src/compare/gate.test.ts',
  'src/cost/*.test.ts',
];
/** Below this share of changes seen the script fails. */
const LEAST_PERCENT = 95;

const folder = mkdtempSync(join(tmpdir(), 'tcebench-mutation-'));
try {
  const project = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const wanted = [
    'vitest',
    'fast-check',
    'simple-statistics',
    'pure-rand',
    'zod',
    'csv-parse',
    'csv-stringify',
  ];
  const versions = { ...project.dependencies, ...project.devDependencies };
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      name: 'mutated',
      private: true,
      type: 'module',
      dependencies: {
        ...Object.fromEntries(wanted.map((name) => [name, versions[name]])),
        '@stryker-mutator/core': STRYKER,
        '@stryker-mutator/vitest-runner': STRYKER,
      },
    }),
  );
  cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true });
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    `export default { test: { include: ${JSON.stringify(TESTS)}, testTimeout: 60_000 } };\n`,
  );
  writeFileSync(
    join(folder, 'stryker.config.json'),
    JSON.stringify({
      testRunner: 'vitest',
      plugins: ['@stryker-mutator/vitest-runner'],
      mutate: [...MUTATED, '!src/**/*.test.ts', '!src/**/*.test-helper.ts'],
      tsconfigFile: 'none.json',
      // A change of what is worked out once, when a module is loaded, asks for all tests anew.
      ignoreStatic: true,
      reporters: ['json', 'progress-append-only'],
      jsonReporter: { fileName: 'report.json' },
      concurrency: availableParallelism(),
      allowConsoleColors: false,
      symlinkNodeModules: true,
    }),
  );
  execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'inherit',
  });
  const { status, signal } = spawnSync('npx', ['stryker', 'run'], { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error(`stryker ended with ${status ?? signal}`);
  const text = summary(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')));
  console.log(text);
  if (process.argv[2] === '--record') {
    mkdirSync(join(root, 'results/mutation'), { recursive: true });
    writeFileSync(join(root, 'results/mutation/summary.txt'), text);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A line for each file and the sum; the places of the changes that no test saw below them. */
function summary({ files }) {
  const all = { seen: 0, total: 0 };
  const lines = [];
  const unseen = [];
  for (const [name, { mutants }] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const counted = mutants.filter(
      ({ status }) => !['CompileError', 'RuntimeError', 'Ignored'].includes(status),
    );
    const seen = counted.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
    all.seen += seen;
    all.total += counted.length;
    lines.push(line(name, seen, counted.length));
    for (const { status, location, mutatorName } of counted) {
      if (status === 'Survived' || status === 'NoCoverage') {
        unseen.push(`${name}:${location.start.line}:${location.start.column} ${mutatorName}`);
      }
    }
  }
  if (all.total === 0 || (100 * all.seen) / all.total < LEAST_PERCENT) process.exitCode = 1;
  return `${[
    `Changes of single places (Stryker ${STRYKER}), and how many of them a test sees`,
    ...lines,
    line('all', all.seen, all.total),
    `seen by no test, equivalent ones among them:`,
    ...unseen.map((place) => `  ${place}`),
  ].join('\n')}\n`;
}

function line(name, seen, total) {
  const share = total === 0 ? '-' : `${((100 * seen) / total).toFixed(1)} %`;
  return `${name.padEnd(36)} ${String(seen).padStart(4)} of ${String(total).padStart(4)}  ${share}`;
}

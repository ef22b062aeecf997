// Feeds every reader of something from outside with valid inputs that were damaged: none may crash, hang, or refuse one
// without naming the place. node scripts/fuzz.mjs [--runs N] [--seed N] [--reader NAME] [--out FILE]
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { withCompiledTests } from './compiled-tests.mjs';

/** More than any reader needs for inputs of these lengths, and what a leak passes soon. */
const MAX_RSS_MIB = 2048;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    reader: { type: 'string' },
    out: { type: 'string' },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed);
if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) {
  console.error('fuzz: --runs takes a whole number from 1 on, --seed a whole number');
  process.exit(2);
}
process.env.TCEBENCH_ROOT = new URL('../', import.meta.url).href;

await withCompiledTests(async (load) => {
  const { fuzz } = await load('fuzz/fuzz.test-helper');
  const { READERS, removeFiles } = await load('fuzz/readers.test-helper');
  const rows = [['reader', 'inputs', 'refused', 'accepted', 'seconds']];
  const failures = [];
  try {
    for (const reader of READERS.filter(
      ({ name }) => values.reader === undefined || name === values.reader,
    )) {
      const { inputs, refused, accepted, seconds, failure } = await fuzz(reader, runs, seed);
      rows.push([reader.name, inputs, refused, accepted, seconds.toFixed(0)].map(String));
      if (failure !== null) failures.push(`${reader.name}: ${failure}`);
      console.log(rows.at(-1).join('  '));
      write(rows, failures);
    }
  } finally {
    removeFiles();
  }
  const rss = process.resourceUsage().maxRSS / 1024;
  if (rss > MAX_RSS_MIB) failures.push(`memory grew to ${rss.toFixed(0)} MiB, more than ${MAX_RSS_MIB}`);
  console.log(write(rows, failures));
  if (failures.length > 0) process.exitCode = 1;
});

/** Written after every reader, so that a run that is stopped leaves what it saw. */
function write(rows, failures) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const table = rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '),
  );
  const rss = process.resourceUsage().maxRSS / 1024;
  const lines = [
    `fuzz: seed ${seed}, up to ${runs} inputs for each reader, Node ${process.version}`,
    '',
    ...table,
    '',
    ...failures,
    `${failures.length} failures, ${rss.toFixed(0)} MiB of memory at most`,
  ];
  const text = `${lines.join('\n')}\n`;
  if (values.out !== undefined) {
    mkdirSync(dirname(values.out), { recursive: true });
    writeFileSync(values.out, text);
  }
  return text;
}

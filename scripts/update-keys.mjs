// Writes the table of scenario keys in docs/MODEL.md from the schema that the program checks with. With --check it writes
// nothing and fails where the table is not current. Needs the build.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolveScenario } from '../dist/scenario/load-scenario.js';
import { valueAt } from '../dist/scenario/scenario-key.js';
import { scenarioKeys } from '../dist/scenario/scenario-keys.js';

const page = new URL('../docs/MODEL.md', import.meta.url);
const BEGIN = '<!-- Keys: written by scripts/update-keys.mjs. Do not edit. -->\n';
const END = '<!-- End of the keys. -->\n';

const { scenario } = resolveScenario({});

function row([key, fallback, meaning]) {
  return `| ${[`\`${key}\``, fallback, meaning.replaceAll('|', '\\|').replace(/\(docs\/(\w+\.md)\)/g, '([$1]($1))')].join(' | ')} |`;
}

const keys = scenarioKeys().filter(({ key }) => !key.startsWith('cost.'));
const rows = keys.map(({ key, meaning }) => {
  const [text, absent] = meaning.split('; without it: ');
  const value = valueAt(scenario, key);
  return row([key, value === undefined ? (absent ?? '-') : `\`${JSON.stringify(value)}\``, text]);
});
const cost = row([
  'cost.KEY',
  "the profile's",
  'one constant of `tcebench list costs` set by hand: it then has no interval',
]);
const table = `| key | default | meaning |\n| --- | --- | --- |\n${[...rows, cost].join('\n')}\n`;

const text = readFileSync(page, 'utf8');
const [before, rest] = text.split(BEGIN);
const [, after] = rest.split(END);
const updated = before + BEGIN + table + END + after;
if (process.argv[2] !== '--check') writeFileSync(page, updated);
else if (updated !== text) {
  console.error('the keys in docs/MODEL.md are not those of the schema: run node scripts/update-keys.mjs');
  process.exitCode = 1;
}

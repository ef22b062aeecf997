// Writes docs/CLI.md from the commands themselves. With --check it writes nothing and fails where the page is not current.
import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { addCommands } from '../dist/cli/commands.js';
import { EXIT_CODES } from '../dist/cli/process-end.js';

const page = new URL('../docs/CLI.md', import.meta.url);

const cell = (text) => text.replaceAll('|', '\\|').replace(/<(\w)/g, '\\<$1');

/** A default as it would be typed; none where leaving the flag out is all that there is to say. */
function defaultText(value) {
  if (value === undefined || (Array.isArray(value) && value.length === 0) || typeof value === 'boolean')
    return '';
  return `\`${value}\``;
}

function table(heads, rows) {
  return [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function optionsOf(command) {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter(({ long }) => long !== '--help');
}

function optionsTable(command) {
  return table(
    ['option', 'what', 'default'],
    optionsOf(command).map(({ flags, description, mandatory, defaultValue }) => [
      `\`${flags.replaceAll('|', '\\|')}\``,
      cell(description) + (mandatory ? ' (must be given)' : ''),
      defaultText(defaultValue),
    ]),
  );
}

function section(command) {
  const help = command.createHelp();
  const usage = `tcebench ${command.name()} ${command.usage()}`;
  const rows = command.registeredArguments.map((argument) => [
    `\`${help.argumentTerm(argument)}\``,
    cell(argument.description),
    defaultText(argument.defaultValue),
  ]);
  return [
    `## ${command.name()}`,
    `${command.description()}.`,
    `    ${usage}`,
    ...(rows.length === 0 ? [] : [table(['argument', 'what', 'default'], rows)]),
    ...(optionsOf(command).length === 0 ? [] : [optionsTable(command)]),
  ].join('\n\n');
}

const program = new Command('tcebench');
addCommands(program);
const commands = program
  .createHelp()
  .visibleCommands(program)
  .filter((command) => command.name() !== 'help');

const text = `${[
  '# Every command',
  '<!-- Written by scripts/update-cli-reference.mjs from the commands themselves. Do not edit. -->',
  'The result goes to stdout, everything else to stderr. A file named `-` is stdin or stdout. Output files appear whole\nor not at all. Quantities take units (`10us`, `220MB/s`, `64KiB`). Every command has `--help`.',
  'Completion: put `source <(tcebench completion bash)` into the start file of your shell (zsh: the same with `zsh`; fish:\n`tcebench completion fish | source`). It needs `tcebench` on the path: `npm install -g`. bash also needs the package\nbash-completion.',
  commands.map((command) => `[${command.name()}](#${command.name()})`).join(', '),
  ...commands.map(section),
  '## Exit codes',
  table(
    ['code', 'when'],
    EXIT_CODES.map(({ code, when }) => [String(code), cell(when)]),
  ),
].join('\n\n')}\n`;

if (process.argv[2] !== '--check') writeFileSync(page, text);
else if (readFileSync(page, 'utf8') !== text) {
  console.error('docs/CLI.md is not what the commands say: run node scripts/update-cli-reference.mjs');
  process.exitCode = 1;
}

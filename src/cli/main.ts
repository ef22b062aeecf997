#!/usr/bin/env node
import { Command } from 'commander';
import { programVersion } from '../program-version.js';
import { addCommands } from './commands.js';
import { EXIT_CODES } from './exit-codes.js';
import { guarded } from './guarded.js';

const program = new Command('tcebench')
  .description(
    'Puts claims about TCE hypercall acceleration on trial: runs them, replays real logs, measures.',
  )
  .version(programVersion())
  .addHelpText(
    'after',
    `\nExit codes:\n${EXIT_CODES.map(({ code, when }) => `  ${code}`.padEnd(7) + when).join('\n')}\n`,
  )
  .exitOverride()
  .configureOutput({
    outputError: (text, write) =>
      write(
        `tcebench: ${text
          .replace(/^error: /, '')
          .trim()
          .replace(/\n/g, ' ')}\n`,
      ),
  });
addCommands(program);

await guarded(() => program.parseAsync());

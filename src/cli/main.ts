#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { inputError, TcebenchError } from '../errors.js';
import { addCommands } from './commands.js';
import { EXIT_BUG, EXIT_DONE, EXIT_INPUT, exitCodeOf } from './exit-codes.js';
import { programVersion } from './host-facts.js';

// A reader that has seen enough (head, less) is no error: the command goes on, its files are still written.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.exitCode = report(
    inputError(`cannot write to stdout: ${error.message}`, 'make room or write to a file'),
  );
});

const program = new Command('tcebench')
  .description(
    'Puts claims about TCE hypercall acceleration on trial: runs them, replays real logs, measures.',
  )
  .version(programVersion())
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

// A promise that nobody settles ends the process in the middle of a command; that must not look like success.
let isFinished = false;
process.once('exit', () => {
  if (!isFinished) process.exitCode = report(new Error('the command stopped before its end'));
});
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
isFinished = true;

/** One sentence on stderr and the exit code; a stack only for our own bugs. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_DONE : EXIT_INPUT;
  if (error instanceof TcebenchError) {
    process.stderr.write(`tcebench: ${error.message}${error.hint === '' ? '' : `; ${error.hint}`}\n`);
    return exitCodeOf(error.kind);
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `tcebench: this is a bug of tcebench, please report it with the command:\n${detail}\n`,
  );
  return EXIT_BUG;
}

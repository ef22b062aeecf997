#!/usr/bin/env node
import { EXIT_CODES, EXIT_DONE, EXIT_INPUT, guarded } from './process-end.js';

// Answered often, by scripts and by people who look around: without the parser of arguments.
const asksForVersion = process.argv.slice(2).some((arg) => arg === '--version' || arg === '-V');

await guarded(asksForVersion ? printVersion : runProgram);

async function printVersion(): Promise<void> {
  const { programVersion } = await import('../program-version.js');
  process.stdout.write(`${programVersion()}\n`);
}

async function runProgram(): Promise<void> {
  const { addCommands } = await import('./commands.js');
  const { Command, CommanderError } = await import('./argument-parser.js');
  const program = new Command('tcebench')
    .description(
      'Puts claims about TCE hypercall acceleration on trial: runs them, replays real logs, measures.',
    )
    .option('-V, --version', 'output the version number')
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
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? EXIT_DONE : EXIT_INPUT;
  }
}

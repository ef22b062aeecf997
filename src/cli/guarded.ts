import { CommanderError } from 'commander';
import { TcebenchError } from '../errors.js';
import { EXIT_BUG, EXIT_DONE, EXIT_INPUT, exitCodeOf } from './exit-codes.js';

/** Runs the work of this process: whatever goes wrong ends as one sentence on stderr and an exit code. */
export async function guarded(work: () => Promise<unknown>): Promise<void> {
  // A reader that has seen enough (head, less) is no error: the work goes on, its files are still written.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.exitCode = report(
      new TcebenchError('output', `cannot write to stdout: ${error.message}`, 'make room or write to a file'),
    );
  });
  // A promise that nobody settles ends the process in the middle of the work; that must not look like success.
  let isFinished = false;
  process.once('exit', () => {
    if (!isFinished) process.exitCode = report(new Error('the command stopped before its end'));
  });
  try {
    await work();
  } catch (error) {
    process.exitCode = report(error);
  }
  isFinished = true;
}

/** A stack is shown only for our own bugs. */
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

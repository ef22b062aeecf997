// How a process ends: the exit codes of the contract, what turns an error into one, and the last words. One file, because
// each module costs the start of every command.
import { type ErrorKind, TcebenchError } from '../errors.js';

/** What the process tells its caller; the contract of the command line. */
export const EXIT_DONE = 0;
/** A gate, a conformance check or a comparison said no: a replayed path does not do what the log says. */
export const EXIT_SAID_NO = 1;
/** Usage, configuration or input error: no result is kept. */
export const EXIT_INPUT = 2;
/** Too little or incomparable data to decide. */
export const EXIT_UNDECIDED = 3;
/** A scenario failed to run, or its result could not be written: a full disk, a folder one may not write to. */
export const EXIT_SCENARIO = 4;
/** A bug of ours. */
const EXIT_BUG = 70;
/** Interrupted; partial results are kept and marked. */
export const EXIT_INTERRUPTED = 130;

/** All of them, in words. */
export const EXIT_CODES = [
  { code: EXIT_DONE, when: 'done, and every gate passed' },
  { code: EXIT_SAID_NO, when: 'a gate, a conformance check, a replay or a comparison said no' },
  { code: EXIT_INPUT, when: 'usage, configuration or input error; no result is kept' },
  { code: EXIT_UNDECIDED, when: 'undecided: too little data, or results that cannot be compared' },
  { code: EXIT_SCENARIO, when: 'a scenario failed to run, or its result could not be written' },
  { code: EXIT_BUG, when: 'a bug of tcebench' },
  { code: EXIT_INTERRUPTED, when: 'interrupted; what sweep and measure had done is kept and marked' },
] as const;

/** The exit code of a user's mistake. */
function exitCodeOf(kind: ErrorKind): number {
  switch (kind) {
    case 'input':
      return EXIT_INPUT;
    case 'undecided':
      return EXIT_UNDECIDED;
    case 'scenario':
    case 'output':
      return EXIT_SCENARIO;
  }
}

/** Runs the work of this process: whatever goes wrong ends as one sentence on stderr and an exit code. */
export async function guarded(work: () => Promise<unknown>): Promise<void> {
  // A reader that has seen enough (head, less) is no error: the work goes on, its files are still written.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.exitCode = report(
      new TcebenchError('output', `cannot write to stdout: ${error.message}`, 'make room or write to a file'),
    );
  });
  // Nobody reads what goes wrong any more, as in 2>&1 | head: that must not look like a gate that said no.
  process.stderr.on('error', () => {});
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

/** Says on stderr which files were written; nothing where there were none. */
export function nameFiles(paths: readonly string[]): void {
  if (paths.length === 0) return;
  process.stderr.write(`${['Files written:', ...paths.map((path) => `  ${path}`)].join('\n')}\n`);
}

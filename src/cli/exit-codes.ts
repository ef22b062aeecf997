import type { ErrorKind } from '../errors.js';

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
export const EXIT_BUG = 70;
/** Interrupted; partial results are kept and marked. */
export const EXIT_INTERRUPTED = 130;

/** The exit code of a user's mistake. */
export function exitCodeOf(kind: ErrorKind): number {
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

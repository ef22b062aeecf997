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

/** All of them, in words. */
export const EXIT_CODES = [
  { code: EXIT_DONE, when: 'done, and every gate passed' },
  { code: EXIT_SAID_NO, when: 'a gate, a conformance check, a replay or a comparison said no' },
  { code: EXIT_INPUT, when: 'usage, configuration or input error; no result is kept' },
  { code: EXIT_UNDECIDED, when: 'undecided: too little data, or results that cannot be compared' },
  { code: EXIT_SCENARIO, when: 'a scenario failed to run, or its result could not be written' },
  { code: EXIT_BUG, when: 'a bug of tcebench' },
  { code: EXIT_INTERRUPTED, when: 'interrupted; what is done is kept and marked' },
] as const;

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

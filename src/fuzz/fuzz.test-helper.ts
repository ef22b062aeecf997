import fc from 'fast-check';
import { TcebenchError } from '../errors.js';

/** What messages must call the input, so that the user finds the place. */
export const NAME = 'NAMED-HERE';

/** A reader of something from outside, and what to feed it. */
export interface FuzzedReader {
  readonly name: string;
  readonly inputs: fc.Arbitrary<Buffer>;
  /** Reads one input: returns, or throws what the user is told. */
  readonly read: (input: Buffer) => unknown;
}

/** What came of a reader's inputs. */
export interface FuzzOutcome {
  readonly inputs: number;
  readonly accepted: number;
  readonly refused: number;
  readonly seconds: number;
  /** The shrunk input with what was wrong and the seed; null where nothing was. */
  readonly failure: string | null;
}

/** A reader that takes longer for one of these small inputs hangs on a larger one. */
const MAX_SECONDS_PER_INPUT = 20;
const MAX_MESSAGE_LENGTH = 1200;
const MAX_SHOWN_BYTES = 400;

/** Feeds a reader so many inputs from a seed. */
export async function fuzz({ inputs, read }: FuzzedReader, runs: number, seed: number): Promise<FuzzOutcome> {
  let accepted = 0;
  let refused = 0;
  const start = performance.now();
  const property = fc.asyncProperty(inputs, async (input) => {
    const from = performance.now();
    try {
      await read(input);
      accepted++;
    } catch (error) {
      const wrong = wrongRefusal(error);
      if (wrong !== null) throw new Error(wrong, { cause: error });
      refused++;
    }
    const seconds = (performance.now() - from) / 1000;
    if (seconds > MAX_SECONDS_PER_INPUT) throw new Error(`took ${seconds} s`);
  });
  const checked = await fc.check(property, { numRuns: runs, seed });
  const seconds = (performance.now() - start) / 1000;
  const shrunk = checked.counterexample?.[0];
  const failure =
    shrunk === undefined
      ? null
      : `seed ${seed}, path ${checked.counterexamplePath}: ${reasonOf(checked.errorInstance)}: ${shown(shrunk)}`;
  return { inputs: checked.numRuns, accepted, refused, seconds, failure };
}

/** What is wrong with the way in which an input was refused; null where it is as it should be. */
function wrongRefusal(error: unknown): string | null {
  if (!(error instanceof TcebenchError)) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  const { kind, message } = error;
  if (kind !== 'input' && kind !== 'undecided') return `is an error of kind ${kind}: ${message}`;
  if (!message.includes(NAME)) return `does not name the place: ${message}`;
  if (message.length > MAX_MESSAGE_LENGTH) return `says ${message.length} characters`;
  return /\n/.test(message) ? `says several lines: ${message}` : null;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The input as text that can be pasted; hexadecimal where it is short. */
function shown(input: Buffer): string {
  const text = JSON.stringify(input.toString('latin1'));
  return text.length <= MAX_SHOWN_BYTES
    ? text
    : `${text.slice(0, MAX_SHOWN_BYTES)}... (${input.length} bytes)`;
}

import { isDeepStrictEqual } from 'node:util';
import { inputError, TcebenchError } from '../errors.js';
import { knownHint } from '../nearest.js';
import type { Revision } from '../path/revisions/revision.js';
import type { JsonObject } from './scenario-fields.js';
import { readScenario, type ScenarioLine } from './scenario-format.js';
import { type OperationResult, ScenarioRunner } from './scenario-runner.js';
import type { StateAround } from './state-around.js';

/** An operation that gave something else than the real kernel. */
export interface Mismatch {
  readonly line: number;
  readonly op: string;
  readonly expected: JsonObject;
  readonly actual: OperationResult;
  /** What stands beside the entry of the hypercall, behind it. */
  readonly state: StateAround | null;
}

/** What came of one scenario. */
export interface ScenarioReport {
  /** The file as it is named in messages. */
  readonly file: string;
  /** The kernel that its first line names, whose outcomes it holds. */
  readonly kernel: string;
  /** The kernel that ran it. */
  readonly revision: string;
  /** Operations executed, notes and the first line not counted. */
  readonly operations: number;
  readonly mismatches: readonly Mismatch[];
  /** Whether the last record of the file was cut and left out. */
  readonly truncated: boolean;
}

/**
 * Runs a scenario, given as the text of its file, with the one of `revisions` that its first line asks for, and
 * compares every outcome with what the real kernel gave. `file` names it in messages. With `instead`, another revision
 * runs it, and the outcomes that differ are those in which the two kernels differ.
 */
export function checkScenario(
  text: string,
  file: string,
  revisions: readonly Revision[],
  instead?: Revision,
): ScenarioReport {
  const { lines, truncated } = readScenario(text, file);
  const [first, ...rest] = lines;
  if (first?.operation.op !== 'config') {
    throw inputError(`${file}: no config in the first line`, 'is it a conformance scenario?');
  }
  const config = first.operation;
  const revision = atLine(file, first.line, () => instead ?? revisionOf(config.kernel, revisions));
  const runner = atLine(file, first.line, () => new ScenarioRunner(config, revision));
  const mismatches: Mismatch[] = [];
  let operations = 0;
  for (const line of rest) {
    const actual = atLine(file, line.line, () => runner.run(line.operation));
    if (line.operation.op !== 'note') operations++;
    const mismatch = compare(line, actual);
    if (mismatch === null) continue;
    mismatches.push({ ...mismatch, state: runner.stateAround(line.operation) });
  }
  return { file, kernel: config.kernel, revision: revision.id, operations, mismatches, truncated };
}

/** `info` tells about the run of the real kernel and is not compared; without other fields nothing is. */
function compare(
  { line, operation, expect = {} }: ScenarioLine,
  actual: OperationResult,
): Omit<Mismatch, 'state'> | null {
  const { info: _, ...expected } = expect;
  const comparesNothing = Object.keys(expected).length === 0 && !('hostFault' in actual);
  if (comparesNothing || isDeepStrictEqual(expected, actual)) return null;
  return { line, op: operation.op, expected, actual };
}

/** Runs a step; a mistake of the user that it finds is told with the line. */
export function atLine<T>(file: string, line: number, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof TcebenchError)) throw error;
    throw new TcebenchError(error.kind, `${file}:${line}: ${error.message}`, error.hint);
  }
}

function revisionOf(kernel: string, revisions: readonly Revision[]): Revision {
  const found = revisions.find(({ scenarioKernel }) => scenarioKernel === kernel);
  if (found !== undefined) return found;
  const known = revisions.flatMap(({ scenarioKernel }) => scenarioKernel);
  throw inputError(`no revision executes the kernel ${kernel}`, knownHint(kernel, known));
}

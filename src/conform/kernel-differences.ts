import { isDeepStrictEqual } from 'node:util';
import { inputError } from '../errors.js';
import { hcallReturnName } from '../papr/hcall-return.js';
import type { Revision } from '../path/revisions/revision.js';
import { atLine } from './scenario-check.js';
import { readScenario } from './scenario-format.js';
import { ScenarioRunner } from './scenario-runner.js';

/** An operation in which kernels part. */
interface ComparedOperation {
  readonly line: number;
  readonly op: string;
  /** The note that stands last before it. */
  readonly label: string;
  /** What each kernel gave, in the order of the kernels, and the code by name where it is a hypercall's. */
  readonly outcomes: readonly object[];
  readonly codes: readonly (string | null)[];
}

/** One scenario on all kernels. */
interface ComparedScenario {
  readonly file: string;
  readonly operations: number;
  readonly differing: readonly ComparedOperation[];
  /** Whether its last record was cut and left out. */
  readonly truncated: boolean;
}

/**
 * Runs a scenario on several kernels side by side, each on a machine of its own, and keeps the operations in which
 * they do not all give the same. What a kernel does after it has parted from another follows from its own state. The
 * note before an operation is its label.
 */
export function compareKernels(text: string, file: string, revisions: readonly Revision[]): ComparedScenario {
  const { lines, truncated } = readScenario(text, file);
  const [first, ...rest] = lines;
  if (first?.operation.op !== 'config') {
    throw inputError(`${file}: no config in the first line`, 'is it a conformance scenario?');
  }
  const config = first.operation;
  const runners = revisions.map((revision) =>
    atLine(file, first.line, () => new ScenarioRunner(config, revision)),
  );
  const differing: ComparedOperation[] = [];
  let operations = 0;
  let label = '';
  for (const { line, operation } of rest) {
    const outcomes = runners.map((runner) => atLine(file, line, () => runner.run(operation)));
    if (operation.op === 'note') {
      label = operation.text;
      continue;
    }
    operations++;
    const differs = outcomes.some((outcome) => !isDeepStrictEqual(outcome, outcomes[0]));
    if (!differs) continue;
    const codes = outcomes.map((outcome) =>
      operation.op === 'hcall' && 'ret' in outcome ? hcallReturnName(outcome.ret as number) : null,
    );
    differing.push({ line, op: operation.op, label, outcomes, codes });
  }
  return { file, operations, differing, truncated };
}

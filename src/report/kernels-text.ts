import type { ComparedOperation, KernelsDocument } from '../result/kernels-document.js';
import { firstDifference } from './first-difference.js';
import type { Painter } from './painter.js';
import { left, textTable } from './text-table.js';

const MAX_LABEL = 44;

/** Where kernels part in scenarios, a line for each operation; its last line is the answer. */
export function kernelsText({ revisions, scenarios }: KernelsDocument, paint: Painter): string {
  const columns = [left('line'), left('what'), ...revisions.map(({ id }) => left(id))];
  const tables = scenarios.flatMap(({ file, differing }) => {
    if (differing.length === 0) return [];
    const rows = differing.map((operation) => [
      String(operation.line),
      shortened(operation.label === '' ? operation.op : operation.label),
      ...operation.outcomes.map((_, kernel) => outcomeText(operation, kernel)),
    ]);
    return [paint('bold', file), textTable(columns, rows)];
  });
  const differing = scenarios.reduce((sum, scenario) => sum + scenario.differing.length, 0);
  const operations = scenarios.reduce((sum, scenario) => sum + scenario.operations, 0);
  const kernels = revisions.map(({ id }) => id).join(', ');
  return [...tables, paint('bold', `${kernels} part in ${differing} of ${operations} operations`), ''].join(
    '\n',
  );
}

/** An outcome in a few letters: its code, its rung, or how it differs from the first kernel's. */
function outcomeText({ outcomes, codes }: ComparedOperation, kernel: number): string {
  const outcome = outcomes[kernel] ?? {};
  const { ret, handledBy, value, hostFault } = outcome as Readonly<Record<string, unknown>>;
  if (hostFault !== undefined) return 'hostFault';
  if (ret === undefined) return dumpText(outcome, outcomes[0] ?? outcome);
  return [codes[kernel] ?? String(ret), handledBy, value].filter((part) => part !== undefined).join(' ');
}

function dumpText(outcome: object, first: object): string {
  const { path, actual } = firstDifference(first, outcome);
  return path === '' ? '=' : shortened(`${path} ${actual}`);
}

function shortened(text: string): string {
  return text.length <= MAX_LABEL ? text : `${text.slice(0, MAX_LABEL - 3)}...`;
}

import type { ConformDocument, ConformMismatch } from '../result/conform-document.js';
import { firstDifference } from './first-difference.js';
import type { Painter } from './painter.js';
import { left, right, textTable } from './text-table.js';

/** A conformance check for the terminal; its last line is the answer. */
export function conformText(document: ConformDocument, paint: Painter): string {
  const rows = document.perFile.map(({ file, kernel, operations, mismatches, truncated }) => [
    file,
    kernel,
    String(operations),
    mismatches === 0 ? '0' : paint('red', String(mismatches)),
    truncated ? 'cut' : '',
  ]);
  const columns = [left('file'), left('kernel'), right('operations'), right('mismatches'), left('')];
  return [
    textTable(columns, rows),
    ...document.firstMismatches.map((mismatch) => mismatchText(mismatch, paint)),
    ...moreText(document),
    paint('bold', answer(document)),
    '',
  ].join('\n');
}

function mismatchText({ file, line, op, expected, actual }: ConformMismatch, paint: Painter): string {
  // A crash has nothing in common with the outcome, so the first field that is missing would tell nothing.
  const difference =
    'hostFault' in actual
      ? { path: '', expected: JSON.stringify(expected), actual: `a crash of the host: ${actual.hostFault}` }
      : firstDifference(expected, actual);
  const where = difference.path === '' ? op : `${op}, ${difference.path}`;
  return [
    `${paint('red', `${file}:${line}`)} ${where}`,
    `  expected ${difference.expected}`,
    `  actual   ${difference.actual}`,
    '',
  ].join('\n');
}

function moreText({ mismatches, firstMismatches }: ConformDocument): readonly string[] {
  const more = mismatches - firstMismatches.length;
  return more === 0 ? [] : [`and ${more} more`, ''];
}

function answer({ files, operations, mismatches }: ConformDocument): string {
  const ran = `${operations} operations of ${files} ${files === 1 ? 'file' : 'files'}`;
  return mismatches === 0
    ? `${ran}: every outcome is the one of the real kernel`
    : `${ran}: ${mismatches} differ from the real kernel`;
}

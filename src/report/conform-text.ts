import type { ConformDocument, ConformMismatch, ConformState } from '../result/conform-document.js';
import { firstDifference } from './first-difference.js';
import type { Painter } from './painter.js';
import { left, right, textTable } from './text-table.js';

/** A conformance check for the terminal; its last line is the answer. */
export function conformText(document: ConformDocument, paint: Painter): string {
  const rows = document.perFile.map(({ file, kernel, revision, operations, mismatches, truncated }) => [
    file,
    kernel,
    revision,
    String(operations),
    mismatches === 0 ? '0' : paint('red', String(mismatches)),
    truncated ? 'cut' : '',
  ]);
  const columns = [
    left('file'),
    left('outcomes of'),
    left('run on'),
    right('operations'),
    right('mismatches'),
    left(''),
  ];
  return [
    textTable(columns, rows),
    ...document.firstMismatches.map((mismatch) => mismatchText(mismatch, paint)),
    ...moreText(document),
    paint('bold', conformAnswer(document)),
    '',
  ].join('\n');
}

function mismatchText({ file, line, op, expected, actual, state }: ConformMismatch, paint: Painter): string {
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
    ...(state === null ? [] : stateText(state)),
    '',
  ].join('\n');
}

/** The entries beside the one of the call, a line each, the entry itself marked. */
function stateText({ entry, entries, regions }: ConformState): readonly string[] {
  const rows = entries.map((row) => {
    const tables = row.tables.map(({ table, hw, ua }) => `${table} ${hw}${ua === null ? '' : ` for ${ua}`}`);
    const mark = row.entry === entry ? '>' : ' ';
    return `  ${mark} entry ${row.entry}: guest view ${row.guestView}; ${tables.join('; ') || 'no table'}`;
  });
  const mapped = regions.map(({ ua, mapped: count }) => `${ua} mapped ${count}`);
  return [
    entry === null ? '  the address is outside the window' : '  afterwards',
    ...rows,
    `    regions: ${mapped.join(', ') || 'none'}`,
  ];
}

function moreText({ mismatches, firstMismatches }: ConformDocument): readonly string[] {
  const more = mismatches - firstMismatches.length;
  return more === 0 ? [] : [`and ${more} more`, ''];
}

/** What a check came to, in one sentence. */
export function conformAnswer({ files, operations, mismatches }: ConformDocument): string {
  const ran = `${operations} operations of ${files} ${files === 1 ? 'file' : 'files'}`;
  return mismatches === 0
    ? `${ran}: every outcome is the one in its file`
    : `${ran}: ${mismatches} ${mismatches === 1 ? 'outcome is' : 'outcomes are'} not the one in the file`;
}

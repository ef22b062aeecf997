import type { ConformDocument } from '../../result/conform-document.js';
import { conformAnswer } from '../conform-text.js';
import type { Part } from './part.js';
import { pageTable } from './tables.js';

/** A check against the outcomes of real handlers. */
export function conformPart(document: ConformDocument): Part {
  return {
    title: 'Conformance with real handlers',
    clock: 'none',
    answers: [conformAnswer(document)],
    body: [
      pageTable(
        'Files',
        ['file', 'outcomes of', 'run on', 'operations', 'mismatches', 'cut'],
        document.perFile.map((row) => [
          ...[
            row.file,
            row.kernel,
            row.revision,
            row.operations,
            row.mismatches,
            row.truncated ? 'yes' : 'no',
          ],
        ]),
      ),
      pageTable(
        'First mismatches',
        ['place', 'operation', 'expected', 'actual'],
        document.firstMismatches.map(({ file, line, op, expected, actual }) => [
          ...[`${file}:${line}`, op, JSON.stringify(expected), JSON.stringify(actual)],
        ]),
      ),
    ],
    warnings: document.truncated ? ['the last record of a file was cut and left out'] : [],
  };
}

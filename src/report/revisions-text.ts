import type { ExplainDocument } from '../result/explain-document.js';
import { formatNs, significant } from '../units.js';
import type { Painter } from './painter.js';
import { left, right, textTable } from './text-table.js';

/** The operations that revisions differ in, and what a column calls them. */
const COLUMNS = [
  ['listReads', 'list reads'],
  ['gpaToUa', 'gpa->ua'],
  ['regionLookups', 'look-ups'],
  ['uaToHpa', 'ua->hpa'],
  ['mappedUpdates', 'counts'],
  ['tceExchanges', 'exchanges'],
  ['tceInvalidates', 'invalidations'],
] as const;

/** The mean hypercall of one arm under several revisions, side by side; its last line is the answer. */
export function revisionsText(documents: readonly ExplainDocument[], paint: Painter): string {
  const [first] = documents;
  if (first === undefined) return '';
  const rows = documents.map((document) => [
    document.revision,
    document.evidence,
    ...COLUMNS.map(([operation]) => significant(timesOf(document, operation))),
    document.meanHcallNs === null ? '-' : formatNs(document.meanHcallNs),
    ratio(document, first),
  ]);
  const columns = [
    left('revision'),
    left('evidence'),
    ...COLUMNS.map(([, title]) => right(title)),
    right('a call'),
    right(`to ${first.revision}`),
  ];
  return [
    `${paint('bold', 'Modelled clock')}: how often the mean hypercall of ${first.arm} does what, and what it costs with ${first.cost}`,
    '',
    textTable(columns, rows),
    paint('bold', answer(documents)),
    '',
  ].join('\n');
}

function timesOf({ stages }: ExplainDocument, operation: string): number {
  return stages.find((stage) => stage.operation === operation)?.perHcall ?? 0;
}

function ratio({ meanHcallNs }: ExplainDocument, first: ExplainDocument): string {
  if (meanHcallNs === null || first.meanHcallNs === null) return '-';
  return `${significant(meanHcallNs / first.meanHcallNs)}x`;
}

function answer(documents: readonly ExplainDocument[]): string {
  const timed = documents.flatMap(({ revision, meanHcallNs }) =>
    meanHcallNs === null ? [] : [{ revision, meanHcallNs }],
  );
  const sorted = timed.sort((a, b) => a.meanHcallNs - b.meanHcallNs);
  const [fastest] = sorted;
  const slowest = sorted.at(-1);
  if (fastest === undefined || slowest === undefined) return 'no revision makes a hypercall here';
  return `Modelled: a call takes ${formatNs(fastest.meanHcallNs)} in ${fastest.revision} and ${formatNs(slowest.meanHcallNs)} in ${slowest.revision}`;
}

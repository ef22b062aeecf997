import { type ClaimRow, FAST_ARMS } from '../result/claim-document.js';
import { band, percent, rate } from './claim-words.js';
import type { Painter } from './painter.js';
import { type Column, left, right } from './text-table.js';

/** A column of the table of a trial's rows. */
export interface RowColumn extends Column {
  readonly cell: (row: ClaimRow) => string;
}

/** Every choice of machine and traffic with what it predicts: one table for the terminal and for a page. */
export function rowColumns(slow: number, paint: Painter): readonly RowColumn[] {
  return [
    { ...left('machine and traffic'), cell: ({ scenario }) => scenario },
    { ...left('costs'), cell: ({ cost }) => cost },
    { ...right('draws'), cell: ({ draws }) => String(draws) },
    { ...right(`can give ${rate(slow)}`), cell: ({ shareConsistent }) => percent(shareConsistent) },
    { ...right('ceiling'), cell: ({ ceilingLow, ceilingHigh }) => band([ceilingLow, ceilingHigh]) },
    ...FAST_ARMS.flatMap((id): readonly RowColumn[] => [
      { ...right(id), cell: (row) => rateCell(row, id) },
      { ...left('band'), cell: (row) => verdictCell(row, id, paint) },
    ]),
  ];
}

function rateCell({ arms }: ClaimRow, id: string): string {
  const { rateLow = null, rateHigh = null } = arms.find((arm) => arm.id === id) ?? {};
  return rateLow === null || rateHigh === null ? '-' : band([rateLow, rateHigh]);
}

/** How the predictions of an arm stand to the band; a row without the arm says nothing of it. */
function verdictCell({ arms }: ClaimRow, id: string, paint: Painter): string {
  const arm = arms.find((each) => each.id === id);
  if (arm === undefined) return '-';
  if (arm.rateLow === null || arm.rateHigh === null) return paint('yellow', 'cannot be');
  return arm.verdict === 'inside' ? paint('green', arm.verdict) : arm.verdict;
}

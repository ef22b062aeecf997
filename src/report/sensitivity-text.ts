import type { SensitivityDocument } from '../result/sensitivity-document.js';
import { formatMegabytesPerSec, MB, significant } from '../units.js';
import type { Painter } from './painter.js';
import { left, right, textTable } from './text-table.js';

const BAR_CELLS = 24;

/** Which constants carry a rate, for the terminal; its last line is the answer. */
export function sensitivityText(document: SensitivityDocument, paint: Painter): string {
  const { rows, arm, cost, points, rateBytesPerSec } = document;
  const ends = rows.flatMap(({ rateAtLow, rateAtHigh }) => [rateAtLow, rateAtHigh]);
  const from = Math.min(rateBytesPerSec, ...ends);
  const to = Math.max(rateBytesPerSec, ...ends);
  const cells = rows.map(({ key, unit, low, high, origin, rateAtLow, rateAtHigh, firstOrder, total }) => [
    key,
    `${significant(low)} .. ${significant(high)} ${unit}`,
    origin,
    `${significant(rateAtHigh / MB)} .. ${significant(rateAtLow / MB)}`,
    paint('green', tornado(rateAtHigh, rateAtLow, from, to)),
    share(firstOrder),
    share(total),
  ]);
  const columns = [
    left('constant'),
    right('range'),
    left('origin'),
    right('MB/s'),
    left(`${significant(from / MB)} .. ${significant(to / MB)}`),
    right('alone'),
    right('with others'),
  ];
  return [
    `${paint('bold', 'Modelled clock')}: what carries ${arm}, ${formatMegabytesPerSec(rateBytesPerSec)}, costs ${cost}; shares of the variance from ${points} points`,
    '',
    textTable(columns, cells),
    paint('bold', sensitivityAnswer(document)),
    '',
  ].join('\n');
}

function tornado(low: number, high: number, from: number, to: number): string {
  const cell = (rate: number) => (to === from ? 0 : Math.round(((rate - from) / (to - from)) * BAR_CELLS));
  const start = cell(Math.min(low, high));
  const end = Math.max(start, cell(Math.max(low, high)));
  return ' '.repeat(start) + '█'.repeat(end - start) + ' '.repeat(BAR_CELLS - end);
}

function share(value: number): string {
  return `${(100 * Math.max(0, value)).toFixed(0)} %`;
}

/** Which constants carry the rate, in one sentence. */
export function sensitivityAnswer({ rows, arm }: SensitivityDocument): string {
  const [first, second] = rows;
  if (first === undefined) return `Modelled: no constant of ${arm} has a range`;
  const next = second === undefined ? '' : `, then ${second.key} (${share(second.total)})`;
  return `Modelled: ${first.key} carries ${share(first.total)} of what is not known of ${arm}${next}`;
}

import {
  type AssumptionShift,
  type ClaimDocument,
  FAST_ARMS,
  sizeOfShift,
} from '../result/claim-document.js';
import { formatNs, significant } from '../units.js';
import { rowColumns } from './claim-rows.js';
import { band, percent, rate, ratios, SHOWN_FROM, shortestInside, verdictText } from './claim-words.js';
import type { Painter } from './painter.js';
import { textTable } from './text-table.js';
import { wrap } from './wrap.js';

/** The trial of a claim for the terminal; its last line is the verdict. */
export function claimText(claim: ClaimDocument, paint: Painter): string {
  return [
    paint('bold', `The claim on trial: ${rate(claim.slow)} -> ${band(claim.fast)} MB/s, ${ratios(claim)}`),
    wrap(
      `Only ${claim.calibrated.key} is calibrated, draw by draw, so that single-userspace gives ${rate(claim.slow)} MB/s; ` +
        'the fast figures are an input to nothing. Slow and fast figures come from designs years apart, on a machine that ' +
        'nobody named: each row is one choice of it.',
    ),
    '',
    rowTable(claim, paint),
    ...judgedText(claim),
    wrap(paint('bold', verdictText(claim))),
    '',
  ].join('\n');
}

/** How many draws a row has is told on a page: a terminal has no room for it. */
function rowTable({ rows, slow }: ClaimDocument, paint: Painter): string {
  const columns = rowColumns(slow, paint).filter(({ title }) => title !== 'draws');
  return textTable(
    columns,
    rows.map((row) => columns.map(({ cell }) => cell(row))),
  );
}

/** What is known of the row that was judged: the leg, the steps, and how hard the test was. */
function judgedText(claim: ClaimDocument): readonly string[] {
  const { calibrated, judgedRow, steps, placebos, severity, assumptions } = claim;
  const { value, low, high, rangeLow, rangeHigh } = calibrated;
  if (value === null || low === null || high === null) return [];
  const stepTexts = steps.map(
    ({ from, what, ratio, ratioLow, ratioHigh }) =>
      `${from.startsWith('single') ? 'single' : 'multi'}, ${what} ${significant(ratio)}x (${significant(ratioLow)}..${significant(ratioHigh)})`,
  );
  const rejected = placebos.filter((placebo) => placebo.rejected).length;
  const refused = placebos.filter(({ verdict }) => verdict === 'no test').length;
  return [
    wrap(
      `Row "${judgedRow}": the leg must cost ${formatNs(low)}..${formatNs(high)} (assumed range ${formatNs(rangeLow)}..${formatNs(rangeHigh)}).`,
    ),
    wrap(`What gives what, median and 90 %: ${stepTexts.join('; ')}.`),
    wrap(
      `Severity: of ${placebos.length} placebo claims ${rejected} are rejected, ${refused} refused as no test; ` +
        severity
          .map(
            ({ arm, rejectsBelow, rejectsAbove, narrowestInside }) =>
              `${arm} rejects bands below ${rate(rejectsBelow)} or above ${rate(rejectsAbove)}, ${shortestInside(narrowestInside)}`,
          )
          .join('; ') +
        '.',
    ),
    ...assumptionTexts(assumptions),
    '',
  ];
}

/** By arm: the share in the band where one assumption is at its low and at its high end. */
function assumptionTexts(assumptions: readonly AssumptionShift[]): readonly string[] {
  const texts = FAST_ARMS.flatMap((id) => {
    const ofArm = assumptions.filter(({ arm }) => arm === id);
    if (ofArm.length === 0) return [];
    const moving = ofArm
      .filter((each) => sizeOfShift(each) >= SHOWN_FROM)
      .sort((a, b) => sizeOfShift(b) - sizeOfShift(a));
    const shown = moving.map(
      ({ assumption, insideIfLow, insideIfHigh }) =>
        `${assumption} ${percent(insideIfLow)} or ${percent(insideIfHigh)}`,
    );
    const rest = ofArm.length - moving.length;
    return [`${id} ${[...shown, `${rest} others move it by less than 5 points`].join(', ')}`];
  });
  if (texts.length === 0) return [];
  return [
    wrap(
      `If an assumption is wrong (share in the band in its lowest or highest third): ${texts.join('; ')}.`,
    ),
  ];
}

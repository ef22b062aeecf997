import type {
  AssumptionShift,
  ClaimArm,
  ClaimDocument,
  ClaimRow,
  Verdict,
} from '../result/claim-document.js';
import { formatNs, MB, significant } from '../units.js';
import type { Painter } from './painter.js';
import { left, right, textTable } from './text-table.js';
import { wrap } from './wrap.js';

/** The arms that a claim of a fast path may be of. */
const FAST_ARMS = ['single-real', 'multi-real'] as const;

/** An assumption is shown where the share in the band moves by this much between its ends. */
const SHOWN_FROM = 0.05;

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

function rowTable({ rows, slow }: ClaimDocument, paint: Painter): string {
  const cells = rows.map((row) => [
    row.scenario,
    row.cost,
    percent(row.shareConsistent),
    `${rate(row.ceilingLow)}..${rate(row.ceilingHigh)}`,
    ...FAST_ARMS.flatMap((id) => armCells(row, id, paint)),
  ]);
  return textTable(
    [
      left('machine and traffic'),
      left('costs'),
      right(`can give ${rate(slow)}`),
      right('ceiling'),
      right('single-real'),
      left('band'),
      right('multi-real'),
      left('band'),
    ],
    cells,
  );
}

function armCells({ arms }: ClaimRow, id: string, paint: Painter): [string, string] {
  const arm = arms.find((candidate) => candidate.id === id);
  if (arm === undefined) return ['-', '-'];
  const { rateLow, rateHigh, verdict } = arm;
  if (rateLow === null || rateHigh === null) return ['-', paint('yellow', 'cannot be')];
  return [`${rate(rateLow)}..${rate(rateHigh)}`, verdict === 'inside' ? paint('green', verdict) : verdict];
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
      `Row "${judgedRow}": the leg must cost ${formatNs(low)}..${formatNs(high)} (physical range ${formatNs(rangeLow)}..${formatNs(rangeHigh)}).`,
    ),
    wrap(`What gives what, median and 90 %: ${stepTexts.join('; ')}.`),
    wrap(
      `Severity: of ${placebos.length} placebo claims ${rejected} are rejected, ${refused} refused as no test; ` +
        severity
          .map(
            ({ arm, rejectsBelow, rejectsAbove, narrowestInside: [from, to] }) =>
              `${arm} rejects bands below ${rate(rejectsBelow)} or above ${rate(rejectsAbove)}, none shorter than ${rate(from)}..${rate(to)} is called inside`,
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
    const moving = ofArm.filter((each) => shift(each) >= SHOWN_FROM).sort((a, b) => shift(b) - shift(a));
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

function verdictText(claim: ClaimDocument): string {
  const own = claim.rows[0];
  const cannot = own !== undefined && own.shareConsistent === 0;
  const possible = claim.rows.filter(({ shareConsistent }) => shareConsistent > 0).length;
  const arms = FAST_ARMS.flatMap((id) => claim.arms.find((arm) => arm.id === id) ?? []);
  const judged = arms.map((arm) => `${arm.id} ${verdictWords(arm)}`).join(', ');
  if (claim.calibrated.value === null) {
    return `Verdict: no machine and traffic tried here can have given ${rate(claim.slow)} MB/s`;
  }
  const begin = cannot
    ? `this machine and traffic cannot have given ${rate(claim.slow)} MB/s; ${possible} of ${claim.rows.length} rows can; in "${claim.judgedRow}" `
    : '';
  return `Verdict: ${begin}${judged}`;
}

function verdictWords({ verdict, below, inside, above }: ClaimArm): string {
  const words: Record<Verdict, string> = {
    inside: 'reproduces',
    above: 'is above the band',
    below: 'is below the band',
    undecided: 'is undecided',
    cannot: 'cannot be judged',
  };
  return `${words[verdict]} (${percent(below)} below, ${percent(inside)} inside, ${percent(above)} above)`;
}

function ratios({ slow, fast }: ClaimDocument): string {
  return `${significant(fast[0] / slow)}x..${significant(fast[1] / slow)}x`;
}

function shift({ insideIfLow, insideIfHigh }: { insideIfLow: number; insideIfHigh: number }): number {
  return Math.abs(insideIfHigh - insideIfLow);
}

function band([low, high]: readonly [number, number]): string {
  return `${rate(low)}..${rate(high)}`;
}

function rate(bytesPerSec: number): string {
  return significant(bytesPerSec / MB);
}

/** Whole percents, but never 0 for a little nor 100 for nearly all. */
function percent(share: number): string {
  if (share > 0 && share < 0.01) return '< 1 %';
  if (share < 1 && share > 0.99) return '> 99 %';
  return `${(share * 100).toFixed(0)} %`;
}

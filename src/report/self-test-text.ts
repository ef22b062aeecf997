import type { GateVerdict } from '../result/compare-document.js';
import type { SelfTestDocument, SelfTestTrial } from '../result/self-test-document.js';
import type { Painter } from './painter.js';
import { left, textTable } from './text-table.js';

/** The exit code that `compare` ends with. */
const EXITS: Readonly<Record<GateVerdict, number>> = { passed: 0, failed: 1, undecided: 3 };

/** What gates did on documents that were moved on purpose; the last line is the answer. */
export function selfTestText({ gates }: SelfTestDocument, paint: Painter): string {
  const unsound = gates.filter(({ sound }) => !sound).length;
  return [
    `${paint('bold', 'Self-test')}: exit code of each gate on documents that were moved to either side of its bound`,
    '',
    textTable(
      [
        ...['gate', 'inside', 'outside', 'missing', 'empty', 'other clock'].map(left),
        ...['passes at', 'fails at', 'verdict'].map(left),
      ],
      gates.map(({ expression, trials, sound, note }) => [
        expression,
        ...trials.map((trial) => exitOf(trial, paint)),
        ...trials.slice(0, 2).map((trial) => observed(trial, expression.trim().endsWith('%'))),
        sound ? paint('green', 'sound') : paint('red', note),
      ]),
    ),
    paint(
      'bold',
      unsound === 0
        ? `All ${gates.length} gates can pass and can fail, and none passes without data`
        : `${unsound} of ${gates.length} gates are unsound`,
    ),
    '',
  ].join('\n');
}

function exitOf({ expected, verdict }: SelfTestTrial, paint: Painter): string {
  const text = verdict === null ? 'impossible' : String(EXITS[verdict]);
  return verdict === expected ? text : paint('red', text);
}

function observed({ observed: value }: SelfTestTrial, isPercent: boolean): string {
  return value === null ? '-' : `${Number(value.toPrecision(7))}${isPercent ? ' %' : ''}`;
}

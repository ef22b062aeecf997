import type { CompareDocument, CompareRow, GateResult, MetricUnit } from '../result/compare-document.js';
import { formatMegabytesPerSec, formatNs, significant } from '../units.js';
import type { Painter } from './painter.js';
import { left, right, textTable } from './text-table.js';
import { wrap } from './wrap.js';

const VERDICT_STYLES = {
  better: 'green',
  worse: 'red',
  same: 'dim',
  'within noise': 'dim',
  missing: 'yellow',
} as const;
const CLOCKS = { modelled: 'Modelled', measured: 'Measured' } as const;
const GATE_STYLES = { passed: 'green', failed: 'red', undecided: 'yellow' } as const;

/** A comparison for the terminal: gates first, then what differs, then the rows; equal ones only where `all` is set. */
export function compareText(document: CompareDocument, all: boolean, paint: Painter): string {
  const { clock, before, after, rows, reasons, differences, warnings, gates } = document;
  const shown = rows.filter(({ verdict }) => all || verdict !== 'same');
  return [
    `${paint('bold', clock === null ? 'Two clocks' : `${CLOCKS[clock]} clock`)}: ${before === null ? after : `${before} -> ${after}`}`,
    ...reasons.map((reason) => wrap(`${paint('red', 'not comparable')} ${reason}`)),
    ...differences.map((difference) =>
      wrap(
        difference.startsWith('equal in ')
          ? paint('dim', difference)
          : `${paint('dim', 'differs')} ${difference}`,
      ),
    ),
    '',
    ...(shown.length > 0 ? [rowTable(shown, paint)] : []),
    ...(gates.length > 0 ? [gateTable(gates, paint)] : []),
    ...warnings.map((warning) => wrap(`${paint('yellow', 'note')} ${warning}`)),
    paint('bold', compareAnswer(document)),
    '',
  ].join('\n');
}

function rowTable(rows: readonly CompareRow[], paint: Painter): string {
  return textTable(
    [left('metric'), right('before'), right('after'), right('change'), right('interval'), left('verdict')],
    rows.map(({ metric, unit, before, after, ratio, low, high, verdict }) => [
      metric,
      formatMetric(before, unit),
      formatMetric(after, unit),
      ratio === null ? '-' : percent(ratio),
      low === null || high === null ? '-' : `${percent(low)} .. ${percent(high)}`,
      paint(VERDICT_STYLES[verdict], verdict),
    ]),
  );
}

function gateTable(gates: readonly GateResult[], paint: Painter): string {
  return textTable(
    [left('gate'), left('verdict'), right('observed'), left('why')],
    gates.map(({ expression, verdict, observed, reason }) => [
      expression,
      paint(GATE_STYLES[verdict], verdict),
      observed === null
        ? '-'
        : `${Number(observed.toPrecision(4))}${expression.trim().endsWith('%') ? ' %' : ''}`,
      reason,
    ]),
  );
}

/** A value of a metric for people; `-` where there is none. */
export function formatMetric(value: number | null, unit: MetricUnit): string {
  if (value === null) return '-';
  switch (unit) {
    case 'B/s':
      return formatMegabytesPerSec(value);
    case 'ns':
      return formatNs(value);
    case 's':
      return formatNs(value * 1e9);
    case 'ratio':
      return `${significant(value)}x`;
    case 'count':
      return String(value);
    default:
      return significant(value);
  }
}

/** A ratio as a change; one that is too small for two digits is shown as it is, not as none. */
function percent(ratio: number): string {
  const change = (ratio - 1) * 100;
  if (change === 0) return '0 %';
  const text = Math.abs(change) < 0.01 ? change.toExponential(1) : change.toFixed(2);
  return `${change > 0 ? '+' : ''}${text} %`;
}

/** What a comparison comes to, in one sentence. */
export function compareAnswer({ clock, before, comparable, rows, gates }: CompareDocument): string {
  const name = clock === null ? 'Two clocks' : CLOCKS[clock];
  if (!comparable) return `${name}: these documents cannot be compared (see above)`;
  const count = (of: string) => rows.filter(({ verdict }) => verdict === of).length;
  const counts = (['better', 'worse', 'within noise', 'same', 'missing'] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => `${count(verdict)} ${verdict}`);
  const parts = before === null ? [] : [`${rows.length} metrics: ${counts.join(', ') || 'none'}`];
  if (gates.length > 0) {
    const passed = gates.filter(({ verdict }) => verdict === 'passed').length;
    parts.push(`${passed} of ${gates.length} gates passed`);
  }
  return `${name}: ${parts.join('; ')}`;
}

import type { CompareDocument, CompareRow, CompareVerdict } from '../../result/compare-document.js';
import { significant } from '../../units.js';
import { type Chart, column } from './chart.js';
import { color, inLook, names } from './look.js';

/** Metrics beyond this many are left to the table; those that changed most come first. */
const MOST_ROWS = 30;

const VERDICTS: readonly CompareVerdict[] = ['better', 'worse', 'same', 'within noise'];
const VERDICT_COLORS = ['green', 'userspace', 'direct', 'sky'] as const;
const VERDICT_SHAPES = ['triangle-up', 'triangle-down', 'circle', 'square'];

type RatedRow = CompareRow & { readonly ratio: number };

/** How far each metric moved, after over before; null where there is nothing to divide. */
export function compareChart(document: CompareDocument): Chart | null {
  const rated = document.rows.filter((row): row is RatedRow => row.ratio !== null && row.ratio > 0);
  const { clock } = document;
  if (rated.length === 0 || clock === null) return null;
  const shown = rated
    .toSorted((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio)))
    .slice(0, MOST_ROWS);
  const rows = shown.map(({ metric, ratio, low, high, verdict }) => ({
    metric,
    ratio,
    low: low ?? ratio,
    high: high ?? ratio,
    verdict,
    label: `${significant(ratio)}x ${verdict}`,
  }));
  const x = {
    type: 'quantitative',
    title: `${clock} value after / before (ratio, logarithmic)`,
    scale: { type: 'log', nice: false, padding: 20 },
    axis: { format: ',~f', labelOverlap: true, tickCount: 6 },
  };
  const y = names('metric');
  const verdict = { field: 'verdict', type: 'nominal' };
  const count = (wanted: CompareVerdict) => rated.filter((row) => row.verdict === wanted).length;
  return {
    id: 'compare',
    clock,
    title: 'What changed',
    subtitle: [
      `${document.before ?? 'nothing'} (before) and ${document.after} (after); points: ratio, bars: interval where one is known`,
      rated.length > MOST_ROWS
        ? `the ${MOST_ROWS} metrics that moved most, of ${rated.length}`
        : 'all metrics, the one that moved most first',
    ],
    summary: `Of ${rated.length} ${clock} metrics ${count('better')} are better, ${count('worse')} worse, ${count('same')} the same, ${count('within noise')} within noise. ${rows[0] === undefined ? '' : `${rows[0].metric} moved most: ${rows[0].label}.`}`,
    spec: inLook({
      width: 420,
      height: { step: 22 },
      data: { values: rows },
      layer: [
        {
          data: { values: [{ at: 1 }] },
          mark: { type: 'rule', strokeDash: [4, 3] },
          encoding: { x: { ...x, field: 'at' } },
        },
        {
          mark: { type: 'rule', strokeWidth: 4, opacity: 0.6, color: color('direct') },
          encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y },
        },
        {
          mark: { type: 'point', filled: true, size: 80, opacity: 1 },
          encoding: {
            x: { ...x, field: 'ratio' },
            y,
            color: {
              ...verdict,
              scale: { domain: VERDICTS, range: VERDICT_COLORS.map(color) },
              legend: { title: null },
            },
            shape: { ...verdict, scale: { domain: VERDICTS, range: VERDICT_SHAPES } },
          },
        },
        {
          mark: { type: 'text', align: 'left', dx: 6 },
          encoding: { x: { value: 'width' }, y, text: { field: 'label' } },
        },
      ],
    }),
    table: {
      columns: [
        column('metric', 'metric'),
        column('unit', 'unit'),
        column('before', `before (${clock})`),
        column('after', `after (${clock})`),
        column('ratio', 'ratio'),
        column('low', 'from'),
        column('high', 'to'),
        column('verdict', 'verdict'),
      ],
      rows: document.rows.map((row) => [
        ...[row.metric, row.unit, row.before, row.after, row.ratio, row.low, row.high, row.verdict],
      ]),
    },
  };
}

import {
  type Crossover,
  type SettingValue,
  type SweepAxis,
  type SweepDocument,
  type SweepRow,
  settingText,
} from '../../result/sweep-document.js';
import { MB, significant } from '../../units.js';
import { crossoverText } from '../sweep-text.js';
import { type Chart, column, type DataTable } from './chart.js';
import { armLines, color, inLook, RATE_TITLE } from './look.js';

/** Charts beyond this many are left to the table: nobody compares that many pictures. */
const MOST_CHARTS = 12;
/** Crossovers in the words of a chart. */
const MOST_CROSSOVERS = 2;
/** Pixels between the whiskers of two arms. */
const WHISKER_STEP = 3;

/** One chart for each choice of the other axes: the rate of every arm along the last axis that has numbers. */
export function sweepCharts(document: SweepDocument): readonly Chart[] {
  const { axes } = document.plan;
  const found = axes.findLastIndex(({ values }) => values.every((value) => typeof value === 'number'));
  const along = found < 0 ? axes.length - 1 : found;
  const axis = axes[along];
  if (axis === undefined) return [];
  const groups = new Map<string, SweepRow[]>();
  const isZip = document.plan.mode === 'zip';
  const settingOf = (values: readonly SettingValue[]) => (isZip ? '' : settingsText(axes, values, along));
  for (const row of document.rows) {
    const key = settingOf(row.values);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups].slice(0, MOST_CHARTS).map(([setting, rows], i) =>
    sweepChart({
      id: groups.size === 1 ? 'sweep' : `sweep-${i + 1}`,
      axis,
      along,
      setting,
      rows,
      crossovers: document.crossovers.filter(
        ({ key, at }) => key === axis.key && settingOf(valuesAt(axes, at)) === setting,
      ),
    }),
  );
}

interface Slice {
  readonly id: string;
  readonly axis: SweepAxis;
  readonly along: number;
  readonly setting: string;
  readonly rows: readonly SweepRow[];
  readonly crossovers: readonly Crossover[];
}

function sweepChart({ id, axis, along, setting, rows, crossovers }: Slice): Chart {
  const isNumeric = axis.values.every((value) => typeof value === 'number');
  const isLog = isNumeric && isLogSpaced(axis.values as readonly number[]);
  const points = rows.map(({ values, arm }) => ({
    arm: arm.id,
    at: isNumeric ? (values[along] as number) : settingText(values[along] ?? null),
    rate: arm.rateBytesPerSec / MB,
    low: arm.rateLow / MB,
    high: arm.rateHigh / MB,
  }));
  const arms = [...new Set(points.map(({ arm }) => arm))];
  const marks = [...new Set(crossovers.flatMap(({ value }) => value ?? []))];
  const crossing = crossingText(crossovers);
  const x = {
    type: isNumeric ? 'quantitative' : 'ordinal',
    title: `${axis.key}${isLog ? ' (logarithmic)' : ''}`,
    ...(isNumeric
      ? { scale: { nice: false, padding: 16, ...(isLog ? { type: 'log' } : { zero: false }) } }
      : { sort: null }),
    axis: isNumeric
      ? { values: axis.values, format: ',~f', labelOverlap: true }
      : { labelAngle: axis.values.length > 5 ? -40 : 0 },
  };
  const y = { type: 'quantitative', title: RATE_TITLE, axis: { grid: true } };
  const encoding = armLines(arms);
  return {
    id,
    clock: 'modelled',
    title: `Throughput along ${axis.key}${setting === '' ? '' : ` with ${setting}`}`,
    subtitle: [
      'lines: every cost at its value; whiskers, side by side: 5 % to 95 % of the draws; dashed: one TCE a call, solid: many',
      crossing,
    ],
    summary: `${arms.map((arm) => endsText(arm, points)).join('; ')}. ${crossing}.`,
    spec: inLook({
      height: 320,
      data: { values: points },
      layer: [
        ...arms.map((arm, i) => ({
          transform: [{ filter: { field: 'arm', equal: arm } }],
          // Beside one another, for intervals of several arms overlap.
          mark: { type: 'rule', strokeWidth: 1.5, xOffset: WHISKER_STEP * (i - (arms.length - 1) / 2) },
          encoding: {
            x: { ...x, field: 'at' },
            y: { ...y, field: 'low' },
            y2: { field: 'high' },
            color: encoding.color,
          },
        })),
        {
          mark: { type: 'line', strokeWidth: 2, point: { size: 44, filled: true, opacity: 1 } },
          encoding: { x: { ...x, field: 'at' }, y: { ...y, field: 'rate' }, ...encoding },
        },
        ...(marks.length === 0
          ? []
          : [
              {
                data: { values: marks.map((value) => ({ value })) },
                mark: { type: 'rule', strokeDash: [2, 2], strokeWidth: 1.5, color: color('ink') },
                encoding: { x: { ...x, field: 'value' } },
              },
              {
                data: {
                  values: marks.map((value) => ({
                    value,
                    text: axis.values.includes(value) ? `${value}` : significant(value),
                  })),
                },
                mark: { type: 'text', y: -6, baseline: 'bottom', fontSize: 11 },
                encoding: { x: { ...x, field: 'value' }, text: { field: 'text' } },
              },
            ]),
      ],
    }),
    table: sweepTable(axis, points),
  };
}

function sweepTable(axis: SweepAxis, points: readonly Point[]): DataTable {
  return {
    columns: [
      column(axis.key, axis.key),
      column('arm', 'arm'),
      column('rate_mb_per_sec', 'modelled rate (MB/s)'),
      column('rate_low_mb_per_sec', '5 % (MB/s)'),
      column('rate_high_mb_per_sec', '95 % (MB/s)'),
    ],
    rows: points.map(({ at, arm, rate, low, high }) => [at, arm, rate, low, high]),
  };
}

interface Point {
  readonly arm: string;
  readonly at: number | string;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** Where arms cross, or that they do not; the whole list is a table. */
function crossingText(crossovers: readonly Crossover[]): string {
  const found = crossovers.filter(({ value }) => value !== null);
  if (found.length === 0) return 'crossovers: none';
  const texts = found.slice(0, MOST_CROSSOVERS).map((crossover) => crossoverText({ ...crossover, at: {} }));
  const more = found.length - texts.length;
  return `crossovers: ${texts.join('; ')}${more === 0 ? '' : `; and ${more} more`}`;
}

function endsText(arm: string, points: readonly Point[]): string {
  const own = points.filter((point) => point.arm === arm);
  const [first] = own;
  const last = own.at(-1);
  if (first === undefined || last === undefined) return arm;
  return `${arm} ${significant(first.rate)} MB/s at ${first.at} and ${significant(last.rate)} MB/s at ${last.at}`;
}

/** Whether values grow by nearly the same factor, and far enough for a logarithm to matter. */
function isLogSpaced(values: readonly number[]): boolean {
  const sorted = values.toSorted((a, b) => a - b);
  const [first = 0] = sorted;
  const last = sorted.at(-1) ?? 0;
  if (sorted.length < 3 || first <= 0 || last / first < 4) return false;
  const steps = sorted.slice(1).map((value, i) => Math.log(value / (sorted[i] as number)));
  return Math.max(...steps) < 2.5 * Math.min(...steps);
}

/** The settings beside the axis that is drawn. */
function settingsText(axes: readonly SweepAxis[], values: readonly SettingValue[], along: number): string {
  return axes
    .flatMap(({ key }, i) => (i === along ? [] : [`${key} ${settingText(values[i] ?? null)}`]))
    .join(', ');
}

function valuesAt(axes: readonly SweepAxis[], at: Readonly<Record<string, SettingValue>>): SettingValue[] {
  return axes.map(({ key }) => at[key] ?? null);
}

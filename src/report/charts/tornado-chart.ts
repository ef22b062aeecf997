import type { SensitivityDocument } from '../../result/sensitivity-document.js';
import { formatMegabytesPerSec, MB, significant } from '../../units.js';
import { type Chart, column } from './chart.js';
import { color, inLook, names, RATE_TITLE } from './look.js';

/** The tornado of one arm: its rate as each constant alone goes through its range. */
export function tornadoChart(document: SensitivityDocument): Chart {
  const { arm, cost, rateBytesPerSec } = document;
  const rows = document.rows.map(({ key, rateAtLow, rateAtHigh, total }) => ({
    key,
    atLow: rateAtLow / MB,
    atHigh: rateAtHigh / MB,
    right: Math.max(rateAtLow, rateAtHigh) / MB,
    share: `${(100 * Math.max(0, total)).toFixed(0)} %`,
  }));
  const y = names('key');
  const x = { type: 'quantitative', title: RATE_TITLE, scale: { zero: false } };
  const ends = [
    { end: 'atLow', name: 'constant at its low end', shape: 'circle', fill: color('sky') },
    { end: 'atHigh', name: 'constant at its high end', shape: 'square', fill: color('userspace') },
  ];
  const points = rows.flatMap((row) =>
    ends.map(({ end, name }) => ({ key: row.key, at: row[end as 'atLow' | 'atHigh'], name })),
  );
  const [first] = document.rows;
  return {
    id: 'tornado',
    clock: 'modelled',
    title: `Which assumption carries ${arm}`,
    subtitle: [
      `${formatMegabytesPerSec(rateBytesPerSec)} with every cost of ${cost} at its value (dashed); bars: one cost from end to end`,
      'percentages: share of the variance with all costs free',
    ],
    summary:
      first === undefined
        ? `No constant of ${cost} has a range.`
        : `${first.key} moves ${arm} most: ${significant(first.rateAtLow / MB)} MB/s at ${significant(first.low)} ${first.unit}, ` +
          `${significant(first.rateAtHigh / MB)} MB/s at ${significant(first.high)} ${first.unit}; it carries ${rows[0]?.share} of the variance.`,
    spec: inLook({
      height: { step: 26 },
      data: { values: rows },
      layer: [
        {
          data: { values: [{ at: rateBytesPerSec / MB }] },
          mark: { type: 'rule', strokeDash: [4, 3] },
          encoding: { x: { ...x, field: 'at' } },
        },
        {
          mark: { type: 'bar', color: color('direct'), height: 8, opacity: 0.55 },
          encoding: { y, x: { ...x, field: 'atLow' }, x2: { field: 'atHigh' } },
        },
        {
          data: { values: points },
          mark: { type: 'point', filled: true, size: 80, opacity: 1 },
          encoding: {
            y,
            x: { ...x, field: 'at' },
            color: {
              field: 'name',
              type: 'nominal',
              scale: { domain: ends.map(({ name }) => name), range: ends.map(({ fill }) => fill) },
              legend: { title: null },
            },
            shape: {
              field: 'name',
              type: 'nominal',
              scale: { domain: ends.map(({ name }) => name), range: ends.map(({ shape }) => shape) },
            },
          },
        },
        {
          mark: { type: 'text', align: 'left', dx: 6 },
          encoding: { y, x: { value: 'width' }, text: { field: 'share' } },
        },
      ],
    }),
    table: {
      columns: [
        column('constant', 'constant'),
        column('low', 'low'),
        column('high', 'high'),
        column('unit', 'unit'),
        column('origin', 'origin'),
        column('rate_at_low_mb_per_sec', 'modelled rate at low (MB/s)'),
        column('rate_at_high_mb_per_sec', 'modelled rate at high (MB/s)'),
        column('first_order', 'share of variance alone'),
        column('total', 'share with others'),
      ],
      rows: document.rows.map((row) => [
        ...[row.key, row.low, row.high, row.unit, row.origin, row.rateAtLow / MB, row.rateAtHigh / MB],
        ...[row.firstOrder, row.total],
      ]),
    },
  };
}

import type { ClaimArm, ClaimDocument } from '../../result/claim-document.js';
import { MB, significant } from '../../units.js';
import { type Chart, column } from './chart.js';
import { color, inLook, names, RATE_TITLE } from './look.js';

interface Row {
  readonly name: string;
  readonly kind: 'prediction' | 'claim' | 'placebo';
  readonly low: number;
  readonly middle: number | null;
  readonly high: number;
  readonly verdict: string;
}

const KINDS = ['prediction', 'claim', 'placebo'] as const;

/** Each arm's prediction against the claim's band, and below them the placebo bands; null where nothing is consistent. */
export function claimChart(claim: ClaimDocument): Chart | null {
  const predictions = claim.arms.flatMap(prediction);
  if (predictions.length === 0) return null;
  const [low, high] = [claim.fast[0] / MB, claim.fast[1] / MB];
  const rows: Row[] = [
    ...predictions,
    { name: 'the claim', kind: 'claim', low, middle: null, high, verdict: '' },
    ...placebos(claim),
  ];
  const end = Math.max(...rows.map((row) => row.high)) * 1.03;
  const x = { type: 'quantitative', title: RATE_TITLE, scale: { domain: [0, end], nice: false } };
  const y = names('name');
  return {
    id: 'claim',
    clock: 'modelled',
    title: "Predictions against the claim's band",
    subtitle: [
      `row "${claim.judgedRow}"; ${claim.calibrated.key} gives single-userspace ${significant(claim.slow / MB)} MB/s in every draw`,
      'predictions: median and 5 % to 95 %; placebos: bands of our own making that a fair test must refuse',
    ],
    summary: `${predictions
      .map((row) => `${row.name} ${significant(row.low)} to ${significant(row.high)} MB/s, ${row.verdict}`)
      .join(
        '; ',
      )}. The claim's band is ${significant(low)} to ${significant(high)} MB/s. Of ${claim.placebos.length} placebo claims ${claim.placebos.filter(({ rejected }) => rejected).length} are rejected.`,
    spec: inLook({
      width: 440,
      height: { step: 28 },
      data: { values: rows },
      layer: [
        {
          data: { values: [{ from: low, to: high }] },
          mark: { type: 'rect', color: color('claim'), opacity: 0.16 },
          encoding: { x: { ...x, field: 'from' }, x2: { field: 'to' } },
        },
        {
          mark: { type: 'bar', height: 10 },
          encoding: {
            x: { ...x, field: 'low' },
            x2: { field: 'high' },
            y,
            color: {
              field: 'kind',
              type: 'nominal',
              scale: { domain: [...KINDS], range: [color('real'), color('claim'), color('direct')] },
              legend: { title: null },
            },
          },
        },
        {
          transform: [{ filter: 'datum.middle !== null' }],
          mark: { type: 'tick', thickness: 3, size: 20, color: color('ink') },
          encoding: { x: { ...x, field: 'middle' }, y },
        },
        {
          mark: { type: 'text', align: 'left', dx: 6, fontSize: 11 },
          encoding: { x: { value: 'width' }, y, text: { field: 'verdict' } },
        },
      ],
    }),
    table: {
      columns: [
        column('name', 'prediction or band'),
        column('kind', 'kind'),
        column('low_mb_per_sec', 'from (modelled MB/s)'),
        column('median_mb_per_sec', 'median (MB/s)'),
        column('high_mb_per_sec', 'to (MB/s)'),
        column('verdict', 'verdict'),
      ],
      rows: rows.map((row) => [row.name, row.kind, row.low, row.middle, row.high, row.verdict]),
    },
  };
}

function prediction(arm: ClaimArm): Row[] {
  const { id, rateBytesPerSec, rateLow, rateHigh, verdict, inside } = arm;
  if (rateBytesPerSec === null || rateLow === null || rateHigh === null) return [];
  const text = `${verdict} (${(inside * 100).toFixed(0)} % of the draws inside)`;
  return [
    {
      name: id,
      kind: 'prediction',
      low: rateLow / MB,
      middle: rateBytesPerSec / MB,
      high: rateHigh / MB,
      verdict: text,
    },
  ];
}

/** A placebo of one name and band has a verdict for each arm. */
function placebos({ placebos: all }: ClaimDocument): Row[] {
  const bands = new Map<string, Row>();
  for (const { name, band, arm, verdict } of all) {
    const before = bands.get(name);
    const said = `${arm} ${verdict}`;
    bands.set(name, {
      name,
      kind: 'placebo',
      low: band[0] / MB,
      middle: null,
      high: band[1] / MB,
      verdict: before === undefined ? said : `${before.verdict}, ${said}`,
    });
  }
  return [...bands.values()];
}

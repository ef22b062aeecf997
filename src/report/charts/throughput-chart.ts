import type { RunDocument } from '../../result/run-document.js';
import { MB, significant } from '../../units.js';
import { cardName } from '../scenario-field.js';
import { type Chart, column } from './chart.js';
import { color, inLook, names, PATH_COLOR, RATE_TITLE } from './look.js';

/** Throughput of every arm with its interval, the claim's two numbers as a line and a band, and the wire. */
export function throughputChart(document: RunDocument): Chart {
  const wire = document.wireBytesPerSec / MB;
  const { slow, fast } = document.claimNumbers;
  const [claimSlow, claimLow, claimHigh] = [slow / MB, fast[0] / MB, fast[1] / MB];
  const rows = document.arms.map((arm) => ({
    arm: arm.id,
    path: arm.path,
    rate: arm.rateBytesPerSec / MB,
    low: arm.rateLow / MB,
    high: arm.rateHigh / MB,
    label: significant(arm.rateBytesPerSec / MB),
  }));
  const end = Math.max(wire, claimHigh, ...rows.map(({ high }) => high)) * 1.06;
  const x = { type: 'quantitative', scale: { domain: [0, end], nice: false }, title: RATE_TITLE };
  const y = names('arm');
  const notes = [
    { at: claimSlow, text: `claim ${significant(claimSlow)}`, color: color('claim'), y: -8 },
    {
      at: (claimLow + claimHigh) / 2,
      text: `claim ${significant(claimLow)}..${significant(claimHigh)}`,
      color: color('claim'),
      y: -8,
    },
    { at: wire, text: `wire ${significant(wire)}`, color: color('ink'), y: -24 },
  ];
  return {
    id: 'throughput',
    clock: 'modelled',
    title: 'What a card carries, by the path that serves its TCE hypercalls',
    subtitle: [
      `${setting(document)}; ${document.cost.title}`,
      'bars and figures: every assumed cost in the middle of its range; whiskers: 5 % to 95 % of the draws',
    ],
    summary: `${rows
      .map(
        ({ arm, label, low, high }) =>
          `${arm} ${label} MB/s (${significant(low)} to ${significant(high)} over the draws)`,
      )
      .join(
        ', ',
      )}; the wire carries ${significant(wire)} MB/s. The claim says ${significant(claimSlow)} before and ${significant(claimLow)} to ${significant(claimHigh)} MB/s after.`,
    spec: inLook({
      height: { step: 30 },
      data: { values: rows },
      layer: [
        {
          data: { values: [{ from: claimLow, to: claimHigh }] },
          mark: { type: 'rect', color: color('claim'), opacity: 0.16 },
          encoding: { x: { ...x, field: 'from' }, x2: { field: 'to' } },
        },
        {
          data: { values: [{ at: claimSlow }] },
          mark: { type: 'rule', color: color('claim'), strokeWidth: 2, strokeDash: [5, 4] },
          encoding: { x: { ...x, field: 'at' } },
        },
        {
          mark: { type: 'bar', height: 18 },
          encoding: { x: { ...x, field: 'rate' }, y, color: PATH_COLOR },
        },
        {
          mark: { type: 'rule', strokeWidth: 1.5 },
          encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y },
        },
        ...['low', 'high'].map((field) => ({
          mark: { type: 'tick', color: color('ink'), thickness: 1.5, size: 10 },
          encoding: { x: { ...x, field }, y },
        })),
        {
          mark: { type: 'text', align: 'left', dx: 6, fontWeight: 'bold' },
          encoding: { x: { value: 'width' }, y, text: { field: 'label' } },
        },
        {
          data: { values: [{ at: wire }] },
          mark: { type: 'rule', strokeWidth: 1.5 },
          encoding: { x: { ...x, field: 'at' } },
        },
        ...notes.map(({ at, text, color, y }) => ({
          data: { values: [{ at, text }] },
          mark: { type: 'text', y, baseline: 'bottom', color, fontSize: 11 },
          encoding: { x: { ...x, field: 'at' }, text: { field: 'text' } },
        })),
      ],
    }),
    table: {
      columns: [
        column('arm', 'arm'),
        column('path', 'served in'),
        column('basis', 'basis'),
        column('rate_mb_per_sec', 'modelled rate (MB/s)'),
        column('rate_low_mb_per_sec', '5 % (MB/s)'),
        column('rate_high_mb_per_sec', '95 % (MB/s)'),
        column('hcalls_per_mb', 'hypercalls per MB'),
        column('userspace_exits_per_mb', 'exits to user space per MB'),
        column('bound_by', 'bound by'),
      ],
      rows: document.arms.map((arm) => [
        ...[arm.id, arm.path, arm.basis, arm.rateBytesPerSec / MB, arm.rateLow / MB, arm.rateHigh / MB],
        ...[arm.hcallsPerMB, arm.exitsPerMB, arm.boundBy],
      ]),
    },
  };
}

/** What was run, in a few words. */
function setting(document: RunDocument): string {
  const [arm] = document.arms;
  if (arm === undefined) return 'no arm';
  const traffic = { tx: 'TCP transmit stream', rx: 'TCP receive stream', both: 'both directions' };
  return `${cardName(document)}, ${traffic[arm.direction]}, MTU ${arm.mtu}, kernel revision ${arm.revision}`;
}

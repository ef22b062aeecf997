import type { ArmId, RunDocument } from '../../result/run-document.js';
import { MB, significant } from '../../units.js';
import { type Chart, column } from './chart.js';
import { color, inLook, RATE_TITLE } from './look.js';

interface Step {
  readonly to: ArmId;
  readonly what: string;
}

/** The two ways from one TCE a call in user space to many a call in real mode. */
const ROUTES: readonly { readonly name: string; readonly steps: readonly Step[] }[] = [
  {
    name: 'batching first',
    steps: [
      { to: 'multi-userspace', what: '+ batching' },
      { to: 'multi-virtual', what: '+ no exit to user space' },
      { to: 'multi-real', what: '+ real mode' },
    ],
  },
  {
    name: 'kernel first',
    steps: [
      { to: 'single-virtual', what: '+ no exit to user space' },
      { to: 'single-real', what: '+ real mode' },
      { to: 'multi-real', what: '+ batching' },
    ],
  },
];
const BEGIN: ArmId = 'single-userspace';
const KINDS = ['begin', '+ batching', '+ no exit to user space', '+ real mode'];
const KIND_COLORS = ['userspace', 'pink', 'virtual', 'real'] as const;

/** What batching and each step into the kernel add, in both orders; null without all six arms. */
export function waterfallChart(document: RunDocument): Chart | null {
  const rates = new Map(document.arms.map(({ id, rateBytesPerSec }) => [id, rateBytesPerSec / MB]));
  const begin = rates.get(BEGIN);
  if (begin === undefined || ROUTES.some(({ steps }) => steps.some(({ to }) => !rates.has(to)))) return null;
  const rows = ROUTES.flatMap(({ name, steps }) => {
    let from = begin;
    return [
      { route: name, step: BEGIN as string, what: 'begin', arm: BEGIN, from: 0, to: begin },
      ...steps.map(({ to: arm, what }) => {
        const row = { route: name, step: what, what, arm, from, to: rates.get(arm) ?? 0 };
        from = row.to;
        return row;
      }),
    ].map((row) => ({ ...row, label: labelOf(row) }));
  });
  const x = { type: 'quantitative', title: RATE_TITLE, scale: { zero: true } };
  const y = { field: 'step', type: 'nominal', sort: null, title: null };
  const words = (route: string) =>
    rows
      .filter((row) => row.route === route && row.from > 0)
      .map(({ what, from, to }) => `${what.slice(2)} ${significant(to / from)} times`)
      .join(', ');
  return {
    id: 'waterfall',
    clock: 'modelled',
    title: 'What batching gives, and what staying in the kernel gives',
    subtitle: [
      'the same way in two orders, every cost at its value; the last step of each ends at multi-real',
      'steps that reach the wire look smaller than they are',
    ],
    summary: `From ${significant(begin)} to ${significant(rates.get('multi-real') ?? 0)} MB/s. Batching first: ${words('batching first')}. Kernel first: ${words('kernel first')}.`,
    spec: inLook({
      spacing: 16,
      vconcat: ROUTES.map(({ name }) => ({
        title: { text: name, anchor: 'start', frame: 'group', fontSize: 13, color: color('ink') },
        data: { values: rows.filter(({ route }) => route === name) },
        width: 500,
        height: { step: 28 },
        layer: [
          {
            mark: { type: 'bar', height: 16 },
            encoding: {
              x: { ...x, field: 'from' },
              x2: { field: 'to' },
              y,
              color: {
                field: 'what',
                type: 'nominal',
                scale: { domain: KINDS, range: KIND_COLORS.map(color) },
                legend: null,
              },
            },
          },
          {
            mark: { type: 'tick', thickness: 2, size: 24, color: color('ink') },
            encoding: { x: { ...x, field: 'to' }, y },
          },
          {
            mark: { type: 'text', align: 'left', dx: 6 },
            encoding: { x: { value: 'width' }, y, text: { field: 'label' } },
          },
        ],
      })),
    }),
    table: {
      columns: [
        column('order', 'order'),
        column('step', 'step'),
        column('arm', 'arm'),
        column('from_mb_per_sec', 'modelled rate before (MB/s)'),
        column('to_mb_per_sec', 'after (MB/s)'),
        column('ratio', 'ratio'),
      ],
      rows: rows.map(({ route, what, arm, from, to }) => [
        ...[route, what, arm, from === 0 ? null : from, to, from === 0 ? null : to / from],
      ]),
    },
  };
}

function labelOf({ from, to }: { readonly from: number; readonly to: number }): string {
  if (from === 0) return significant(to);
  return `${to >= from ? '+' : '-'}${significant(Math.abs(to - from))}, ${significant(to / from)}x`;
}

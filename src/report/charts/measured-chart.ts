import type { MeasureDocument, MeasuredArm, Percentiles } from '../../result/measure-document.js';
import { formatNs } from '../../units.js';
import { HAND_OVER_NAMES } from '../hand-over-names.js';
import { type Chart, column } from './chart.js';
import { color, inLook, logTicks, names } from './look.js';

const HAND_OVERS = Object.values(HAND_OVER_NAMES);
const HAND_OVER_COLORS = ['real', 'green', 'virtual', 'userspace'] as const;
const SHAPES = ['circle', 'square', 'triangle-up', 'diamond'];

/** Wall time of our handlers on one machine. Its axis is measured time: no modelled figure is on it. */
export function measuredChart({ arms }: MeasureDocument): Chart | null {
  if (arms.length === 0) return null;
  const rows = arms.map((arm) => ({
    arm: arm.id,
    exit: HAND_OVER_NAMES[arm.exit],
    median: arm.nsPerCall.median,
    low: arm.nsPerCall.low,
    high: arm.nsPerCall.high,
    p99: arm.nsPerCall.p99,
    label: formatNs(arm.nsPerCall.median),
  }));
  const x = measuredAxis(
    'measured wall time of one call (ns, logarithmic)',
    rows.flatMap(({ low, p99 }) => [low, p99]),
  );
  const y = names('arm');
  const exit = { field: 'exit', type: 'nominal' };
  return {
    id: 'measured',
    clock: 'measured',
    title: 'Time of a call on this machine',
    subtitle: [
      'points: median over slices; bars: its 95 % interval; ticks: 99th percentile',
      'our own handlers and hand-overs between threads of this machine, not exits of a POWER host',
    ],
    summary: `Median wall time of a call: ${rows.map(({ arm, label }) => `${arm} ${label}`).join('; ')}.`,
    spec: inLook({
      width: 480,
      height: { step: 24 },
      data: { values: rows },
      layer: [
        {
          mark: { type: 'rule', strokeWidth: 4, color: color('direct'), opacity: 0.7 },
          encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y },
        },
        {
          mark: { type: 'tick', color: color('muted'), thickness: 2, size: 12 },
          encoding: { x: { ...x, field: 'p99' }, y },
        },
        {
          mark: { type: 'point', filled: true, size: 90, opacity: 1 },
          encoding: {
            x: { ...x, field: 'median' },
            y,
            color: {
              ...exit,
              scale: { domain: HAND_OVERS, range: HAND_OVER_COLORS.map(color) },
              legend: { title: 'hand-over' },
            },
            shape: { ...exit, scale: { domain: HAND_OVERS, range: SHAPES } },
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
        column('arm', 'arm'),
        column('exit', 'hand-over'),
        column('vcpus', 'vCPUs'),
        column('tces_per_call', 'TCEs a call'),
        column('median_ns', 'measured median (ns)'),
        column('low_ns', 'from (ns)'),
        column('high_ns', 'to (ns)'),
        column('p99_ns', 'p99 (ns)'),
        column('calls_per_sec', 'calls per second'),
      ],
      rows: arms.map(({ id, exit: kind, vcpus, tcesPerCall, nsPerCall, callsPerSec }) => [
        ...[id, kind, vcpus, tcesPerCall, nsPerCall.median, nsPerCall.low, nsPerCall.high, nsPerCall.p99],
        callsPerSec,
      ]),
    },
  };
}

const POINTS: readonly { readonly key: keyof Percentiles; readonly name: string; readonly shape: string }[] =
  [
    { key: 'p50', name: 'median', shape: 'circle' },
    { key: 'p90', name: '90 %', shape: 'square' },
    { key: 'p99', name: '99 %', shape: 'triangle-up' },
    { key: 'p999', name: '99.9 %', shape: 'diamond' },
  ];
const POINT_COLORS = ['real', 'sky', 'virtual', 'userspace'] as const;

/** Response of paced work, coordinated omission corrected; null where no arm was paced. */
export function pacedChart({ arms }: MeasureDocument): Chart | null {
  const paced = arms.filter((arm): arm is MeasuredArm & { paced: object } => Boolean(arm.paced));
  if (paced.length === 0) return null;
  const rows = paced.flatMap(({ id, paced: { responseNs } }) =>
    POINTS.map(({ key, name }) => ({ arm: id, name, us: responseNs[key] / 1000 })),
  );
  const domain = POINTS.map(({ name }) => name);
  const field = { field: 'name', type: 'nominal' };
  return {
    id: 'paced',
    clock: 'measured',
    title: 'Response at a fixed rate on this machine',
    subtitle: ['a map with its unmap, from when it was due: coordinated omission is corrected'],
    summary: `From when a map was due to its end: ${paced
      .map(
        ({ id, paced: { responseNs } }) =>
          `${id} median ${formatNs(responseNs.p50)}, 99th percentile ${formatNs(responseNs.p99)}`,
      )
      .join('; ')}.`,
    spec: inLook({
      height: { step: 24 },
      data: { values: rows },
      mark: { type: 'point', filled: true, size: 80, opacity: 1 },
      encoding: {
        x: {
          ...measuredAxis(
            'measured response (us, logarithmic)',
            rows.map(({ us }) => us),
          ),
          field: 'us',
        },
        y: names('arm'),
        color: {
          ...field,
          scale: { domain, range: POINT_COLORS.map(color) },
          legend: { title: 'of the calls, no slower than' },
        },
        shape: { ...field, scale: { domain, range: POINTS.map(({ shape }) => shape) } },
      },
    }),
    table: {
      columns: [
        column('arm', 'arm'),
        column('calls_per_sec', 'calls per second'),
        column('late_share', 'share begun late'),
        ...POINTS.map(({ key, name }) => column(`service_${key}_ns`, `measured service, ${name} (ns)`)),
        ...POINTS.map(({ key, name }) => column(`response_${key}_ns`, `measured response, ${name} (ns)`)),
      ],
      rows: paced.map(({ id, paced: { callsPerSec, lateShare, serviceNs, responseNs } }) => [
        ...[id, callsPerSec, lateShare],
        ...POINTS.map(({ key }) => serviceNs[key]),
        ...POINTS.map(({ key }) => responseNs[key]),
      ]),
    },
  };
}

function measuredAxis(title: string, values: readonly number[]) {
  return {
    type: 'quantitative',
    title,
    scale: { type: 'log', nice: false, padding: 14 },
    axis: { format: ',~f', labelOverlap: true, values: logTicks(values) },
  };
}

import type {
  Additivity,
  LockBound,
  MeasureDocument,
  MeasuredArm,
  MeasuredComparison,
} from '../result/measure-document.js';
import { formatNs, significant } from '../units.js';
import { HAND_OVER_NAMES } from './hand-over-names.js';
import type { Painter } from './painter.js';
import { left, right, textTable } from './text-table.js';
import { wrap } from './wrap.js';

const PART_NAMES = { whole: '', handOver: ', alone', handler: ', no ladder' } as const;

/** A measurement for the terminal; its last line is the answer. */
export function measureText(document: MeasureDocument, paint: Painter): string {
  const { arms, comparisons, additivity, lockBounds } = document;
  return [
    `${paint('bold', 'Measured clock')}: wall time of our own handlers and of thread hand-overs on this machine; these are`,
    'not exits of a POWER host. One worker for each vCPU of an arm, slices interleaved in random order',
    ...streamText(document),
    '',
    armTable(arms),
    ...(arms.some(({ paced }) => paced !== null) ? [pacedTable(arms)] : []),
    ...(comparisons.length > 0 ? [comparisonTable(document), assumptionText(comparisons, document)] : []),
    ...additivity.map(additivityText),
    ...lockBounds.map(lockText),
    noiseText(document),
    ...document.warnings.map((warning) => wrap(`${paint('yellow', 'note')} ${warning}`)),
    paint('bold', measureAnswer(document)),
    '',
  ].join('\n');
}

function streamText({ stream }: MeasureDocument): string[] {
  if (stream === null) return [];
  const { source, calls, tcesPerCall } = stream;
  return [
    wrap(
      `Calls: ${source}; ${calls} calls round and round, ${significant(tcesPerCall)} TCEs each in the mean`,
    ),
  ];
}

function armTable(arms: readonly MeasuredArm[]): string {
  return textTable(
    [
      left('arm'),
      left('hand-over'),
      right('vCPUs'),
      right('TCEs/call'),
      right('median call'),
      right('95 % interval'),
      right('p99'),
      right('calls/s'),
      right('slices'),
    ],
    arms.map((arm) => [
      arm.id,
      `${HAND_OVER_NAMES[arm.exit]}${PART_NAMES[arm.part]}`,
      String(arm.vcpus),
      Number.isInteger(arm.tcesPerCall) ? String(arm.tcesPerCall) : significant(arm.tcesPerCall),
      formatNs(arm.nsPerCall.median),
      `${formatNs(arm.nsPerCall.low)} .. ${formatNs(arm.nsPerCall.high)}`,
      formatNs(arm.nsPerCall.p99),
      formatPerSec(arm.callsPerSec),
      String(arm.slices),
    ]),
  );
}

function pacedTable(arms: readonly MeasuredArm[]): string {
  const rows = arms.flatMap(({ id, paced }) => {
    if (paced === null) return [];
    const { callsPerSec, lateShare, serviceNs, responseNs } = paced;
    return [
      [
        id,
        formatPerSec(callsPerSec),
        percent(lateShare),
        formatNs(serviceNs.p50),
        formatNs(serviceNs.p99),
        formatNs(responseNs.p50),
        formatNs(responseNs.p99),
      ],
    ];
  });
  return [
    'A map with its unmap at a fixed rate: service from its real begin, response from when it was due',
    '(coordinated omission corrected)',
    '',
    textTable(
      [
        left('arm'),
        right('calls/s'),
        right('late'),
        right('service p50'),
        right('service p99'),
        right('response p50'),
        right('response p99'),
      ],
      rows,
    ),
  ].join('\n');
}

function comparisonTable({ comparisons }: MeasureDocument): string {
  return textTable(
    [
      left('compared'),
      left('with'),
      left('in'),
      right('ratio'),
      right('99 % interval'),
      right('p'),
      left('verdict'),
    ],
    comparisons.map(({ arm, base, metric, ratio, low, high, p, verdict }) => [
      arm,
      base,
      metric === 'nsPerCall' ? 'ns/call' : 'calls/s',
      `${significant(ratio)}x`,
      `${significant(low)} .. ${significant(high)}`,
      p < 0.0001 ? '< 0.0001' : p.toFixed(4),
      verdict,
    ]),
  );
}

function assumptionText(comparisons: readonly MeasuredComparison[], { unit }: MeasureDocument): string {
  const { test = '', assumption = '' } = comparisons[0] ?? {};
  const pairs = unit === 'fork' ? 'medians of fresh workers' : 'medians of slices of the same workers';
  return wrap(`Test: ${test}, of ${pairs}; assumes ${assumption}`);
}

function additivityText({ arm, nsPerCall, handlerNs, handOverNs, ratio }: Additivity): string {
  const sum = `${formatNs(handlerNs)} + hand-over alone ${formatNs(handOverNs)}`;
  return `${arm}: ${formatNs(nsPerCall)} = ${significant(ratio)}x (handler ${sum})`;
}

function lockText({ arm, lockedNs, lockedShare, boundCallsPerSec, callsPerSec }: LockBound): string {
  return (
    `${arm}: ${formatPerSec(callsPerSec)} calls/s; ${formatNs(lockedNs)} of a call, ` +
    `${percent(lockedShare)}, is under the lock: no number of vCPUs gets beyond ${formatPerSec(boundCallsPerSec)}`
  );
}

function noiseText({ noiseFloor, smallestDetectableChange }: MeasureDocument): string {
  if (noiseFloor === null || smallestDetectableChange === null) return 'Noise floor: not measured';
  return (
    `Noise floor: identical arms differ by less than ${percent(noiseFloor)} here; ` +
    `the smallest change that is seen: ${percent(smallestDetectableChange)}`
  );
}

function formatPerSec(rate: number): string {
  return rate >= 1e6 ? `${significant(rate / 1e6)} M` : `${significant(rate / 1e3)} k`;
}

function percent(share: number): string {
  return `${significant(share * 100)} %`;
}

/** What was measured here, in one sentence. */
export function measureAnswer({ arms, stream }: MeasureDocument): string {
  const find = (ids: readonly string[]) => arms.find(({ id }) => ids.includes(id));
  const direct = find(stream === null ? ['single-real'] : ['single-real', 'multi-real']);
  const blocking = find(['single-userspace/block', ...(stream === null ? [] : ['multi-userspace/block'])]);
  if (direct === undefined || blocking === undefined) return `Measured here: ${arms.length} arms`;
  const ratio = blocking.nsPerCall.median / direct.nsPerCall.median;
  return (
    `Measured here: one ${stream === null ? 'H_PUT_TCE' : 'call'} takes ${formatNs(direct.nsPerCall.median)} served by its own ` +
    `thread, ${formatNs(blocking.nsPerCall.median)} by another one that must be woken, ${significant(ratio)}x`
  );
}

import type { MeasureDocument, MeasuredArm } from '../result/measure-document.js';
import { formatNs, significant } from '../units.js';
import type { Painter } from './painter.js';
import { left, right, textTable } from './text-table.js';

const EXIT_NAMES = { none: 'direct call', block: 'sleep and wake-up' } as const;

/** A measurement for the terminal; its last line is the answer. */
export function measureText(document: MeasureDocument, paint: Painter): string {
  const rows = document.arms.map((arm) => [
    arm.id,
    EXIT_NAMES[arm.exit],
    String(arm.tcesPerCall),
    formatNs(arm.nsPerCall.median),
    `${formatNs(arm.nsPerCall.low)} .. ${formatNs(arm.nsPerCall.high)}`,
    formatNs(arm.nsPerCall.p99),
    String(arm.callsPerSample),
    String(arm.slices),
    String(arm.calls),
  ]);
  const table = textTable(
    [
      left('arm'),
      left('hand-over'),
      right('TCEs/call'),
      right('median call'),
      right('95 % interval'),
      right('p99'),
      right('calls/sample'),
      right('slices'),
      right('calls'),
    ],
    rows,
  );
  return [
    `${paint('bold', 'Measured clock')}: wall time of our own handlers on this machine, not of a POWER host;`,
    'one worker per arm, slices interleaved in random order; intervals hold within this process, not for the next one',
    '',
    table,
    ...document.warnings.map((warning) => `${paint('yellow', 'note')} ${warning}`),
    paint('bold', answer(document)),
    '',
  ].join('\n');
}

function answer({ arms }: MeasureDocument): string {
  const arm = (id: string): MeasuredArm | undefined => arms.find((candidate) => candidate.id === id);
  const direct = arm('single-real');
  const blocking = arm('single-userspace/block');
  if (direct === undefined || blocking === undefined) return 'too few slices to say anything';
  const ratio = blocking.nsPerCall.median / direct.nsPerCall.median;
  return (
    `Measured here: one H_PUT_TCE takes ${formatNs(direct.nsPerCall.median)} served by its own thread, ` +
    `${formatNs(blocking.nsPerCall.median)} by another one that must be woken, ${significant(ratio)}x`
  );
}

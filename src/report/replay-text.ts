import type { ScopeFigures } from '../result/log-figures.js';
import type { ReplayDocument, ReplayedArm, ReplayedLog, ReplayedWindow } from '../result/replay-document.js';
import { formatNs, significant } from '../units.js';
import type { Painter } from './painter.js';
import { ratioText } from './ratio-text.js';
import { left, right, textTable } from './text-table.js';
import { wrap } from './wrap.js';

const BOOT_END = {
  phases: 'by the phases file beside the log',
  'boot-lines': 'by --boot-lines',
  clearing: 'after the last contiguous clearing from IOBA 0',
  none: 'unknown, so nothing counts as boot',
} as const;

const WINDOW_BY = {
  override: 'by --window',
  clearing: 'by the boot clearing',
  ddw: 'by ddw_create',
  default: 'assumed',
} as const;

/** Replayed logs for the terminal; each ends with its answer. */
export function replayText(document: ReplayDocument, paint: Painter): string {
  return document.logs.map((log) => logText(log, document, paint)).join('\n');
}

function logText(log: ReplayedLog, document: ReplayDocument, paint: Painter): string {
  return [
    paint('bold', log.file),
    ...log.window.map(windowLine),
    `  boot ends at line ${log.bootEnd.line}, ${BOOT_END[log.bootEnd.by]}; guest RAM ${size(log.ramBytes)}; ` +
      `${log.foreignLines} foreign lines, ${log.linesWithoutPrefix} without prefix, ${log.malformedLines} unreadable`,
    '',
    figuresTable(log),
    ...(log.phases.length > 0 ? [phaseTable(log)] : []),
    armTable(log),
    ...log.arms.flatMap((arm) => complaints(arm, paint)),
    ...log.warnings.map((warning) => `${paint('yellow', 'note')} ${wrap(warning, '     ')}`),
    paint('bold', replayAnswer(log, document)),
    '',
  ].join('\n');
}

function windowLine({ liobn, start, bytes, pageShift, by }: ReplayedWindow): string {
  return `  window ${liobn}: ${size(bytes)} from ${start}, pages of ${size(2 ** pageShift)}, ${WINDOW_BY[by]}`;
}

function figuresTable({ whole, afterBoot }: ReplayedLog): string {
  const row = (name: string, scope: ScopeFigures) => {
    const { p10, median, p90 } = scope.lifetimeCalls;
    return [
      name,
      String(scope.calls),
      `${scope.putMap}/${scope.putClear}`,
      String(scope.byKind.indirect),
      String(scope.byKind.stuff),
      String(scope.byKind.get),
      String(scope.calls - (scope.byReturnCode['0'] ?? 0)),
      `${scope.tcesMapped}/${scope.tcesUnmapped}`,
      `${scope.liveAtEnd}/${scope.peakLive}`,
      median === null ? '-' : `${p10}/${median}/${p90}`,
    ];
  };
  return textTable(
    [
      left('the log'),
      right('calls'),
      right('put map/clear'),
      right('indirect'),
      right('stuff'),
      right('get'),
      right('ret not 0'),
      right('TCEs mapped/unmapped'),
      right('live/peak'),
      right('alive p10/50/90'),
    ],
    [row('whole', whole), row('after boot', afterBoot)],
  );
}

function phaseTable({ phases, arms }: ReplayedLog): string {
  return textTable(
    [left('phase'), right('calls'), right('calls/MB'), ...arms.map(({ id }) => right(`${id}, modelled`))],
    phases.map(({ name, calls, callsPerMB }) => [
      name,
      String(calls),
      callsPerMB === null ? '-' : significant(callsPerMB),
      ...arms.map((arm) => {
        const part = arm.phases.find((candidate) => candidate.name === name);
        return part === undefined ? '' : formatNs(part.modelledNs);
      }),
    ]),
  );
}

function armTable({ arms }: ReplayedLog): string {
  return textTable(
    [
      left('path'),
      right('in real'),
      right('virtual'),
      right('user'),
      right('modelled time'),
      right('5 % .. 95 %'),
      right('after boot'),
      left('codes'),
      left('tables'),
      right('faults'),
    ],
    arms.map((arm) => [
      arm.id,
      String(arm.endedIn.real),
      String(arm.endedIn.virtual),
      String(arm.endedIn.userspace),
      formatNs(arm.modelledNs),
      `${formatNs(arm.modelledLowNs)} .. ${formatNs(arm.modelledHighNs)}`,
      formatNs(arm.afterBoot.modelledNs),
      arm.returnCodesEqual ? 'all equal' : `${arm.returnCodeDifferences} differ`,
      arm.tablesAgree ? 'agree' : 'disagree',
      String(arm.hostFaults),
    ]),
  );
}

function complaints(arm: ReplayedArm, paint: Painter): string[] {
  const say = (text: string) => `${paint('yellow', arm.id)} ${text}`;
  return [
    ...arm.firstDifferences.map(({ line, expected, actual }) =>
      say(`line ${line}: the log has ${expected}, modelled ${actual}`),
    ),
    ...(arm.firstDisagreement === null ? [] : [say(arm.firstDisagreement)]),
    ...(arm.firstHostFault === null ? [] : [say(`the host would crash: ${arm.firstHostFault}`)]),
    ...(arm.vfioErrors === 0
      ? []
      : [say(`${arm.vfioErrors} map or unmap ioctls failed, unheard by the guest`)]),
  ];
}

/** What a log costs, in one sentence. */
export function replayAnswer({ arms, afterBoot, comparison }: ReplayedLog, { cost }: ReplayDocument): string {
  const part = (id: string) => formatNs(arms.find((arm) => arm.id === id)?.afterBoot.modelledNs ?? 0);
  const disagreeing = arms.filter(({ agreesWithLog }) => !agreesWithLog);
  if (disagreeing.length > 0) {
    return `No comparison: ${disagreeing.map(({ id }) => id).join(', ')} did not do what the log says (see above)`;
  }
  if (afterBoot.calls === 0) return 'After boot this log has no TCE hypercall, so no path costs it anything';
  if (comparison === null)
    return `No comparison: with the costs of ${cost.profile} the fastest path costs nothing`;
  const { slow, fast } = comparison;
  return (
    `Modelled (${cost.profile}): after boot ${part(slow)} through ${slow}, ${part(fast)} in ${fast} mode, ` +
    ratioText(comparison)
  );
}

function size(bytes: number): string {
  const [unit, name] =
    bytes >= 2 ** 30 ? [2 ** 30, 'GiB'] : bytes >= 2 ** 20 ? [2 ** 20, 'MiB'] : [2 ** 10, 'KiB'];
  const value = bytes / unit;
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${name}`;
}

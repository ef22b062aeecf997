import type { MeasureDocument } from '../result/measure-document.js';
import type { ReplayDocument } from '../result/replay-document.js';
import type { RunDocument } from '../result/run-document.js';
import type { SweepDocument } from '../result/sweep-document.js';
import type { ComparedDocument } from './compared-input.js';
import { type FigureRow, figures, type Metric } from './metric.js';

/** Of everything that is counted, fewer is better, but for what spares work. */
const ENDED_IN: readonly FigureRow[] = ['real', 'virtual', 'userspace'].map(
  (rung): FigureRow => [`endedIn.${rung}`, 'count', 'less'],
);

const ARM: readonly FigureRow[] = [
  ['rateBytesPerSec', 'B/s', 'more', 'drawn', 'rate'],
  ['rateLow', 'B/s', 'more', 'drawn'],
  ['rateHigh', 'B/s', 'more', 'drawn'],
  ['packetsPerSec', '1/s', 'more', 'drawn'],
  ['transactionsPerSec', '1/s', 'more', 'drawn'],
  ['hcallsPerMB', '1/MB', 'less'],
  ['tceOpsPerMB', '1/MB', 'less'],
  ['exitsPerMB', '1/MB', 'less'],
  ['cpuNsPerKB', 'ns', 'less', 'drawn'],
  ['durationSec', 's', 'less', 'drawn'],
  ...ENDED_IN,
  ['hcallP50Ns', 'ns', 'less', 'drawn'],
  ['hcallP99Ns', 'ns', 'less', 'drawn'],
  ['latencyP50Ns', 'ns', 'less', 'drawn'],
  ['latencyP99Ns', 'ns', 'less', 'drawn'],
  ['droppedFrames', 'count', 'less'],
  ['failedHcalls', 'count', 'less'],
  ['hostFaults', 'count', 'less'],
  ['boot.hcalls', 'count', 'less'],
  ['boot.tceOps', 'count', 'less'],
  ['boot.modelledNs', 'ns', 'less', 'drawn'],
  ['dmaApi.maps', 'count', 'less'],
  ['dmaApi.unmaps', 'count', 'less'],
  ['dmaApi.failedMaps', 'count', 'less'],
  ['dmaApi.foundMaps', 'count', 'more'],
  ['dmaApi.iovaLockTakes', 'count', 'less'],
  ['dmaApi.hcallsUnderIovaLock', 'count', 'less'],
];

const CLAIM_ARM: readonly FigureRow[] = [
  ['ratio', 'ratio', 'more', 'drawn'],
  ['ratioLow', 'ratio', 'more', 'drawn'],
  ['ratioHigh', 'ratio', 'more', 'drawn'],
  ['rateBytesPerSec', 'B/s', 'more', 'drawn'],
  ['inside', 'share', 'more', 'drawn'],
];

const REPLAY_ARM: readonly FigureRow[] = [
  ['modelledNs', 'ns', 'less', 'drawn'],
  ['modelledLowNs', 'ns', 'less', 'drawn'],
  ['modelledHighNs', 'ns', 'less', 'drawn'],
  ['afterBoot.modelledNs', 'ns', 'less', 'drawn'],
  ...ENDED_IN,
  ['returnCodeDifferences', 'count', 'less'],
  ['hostFaults', 'count', 'less'],
  ['vfioErrors', 'count', 'less'],
];

const MEASURED_ARM: readonly FigureRow[] = [
  ['nsPerCall.median', 'ns', 'less', 'measured', 'medianNs'],
  ['nsPerCall.p99', 'ns', 'less', 'measured', 'p99Ns'],
  ['callsPerSec', '1/s', 'more', 'measured', 'callsPerSec'],
];

/** Every metric of a document, in the order in which it stands there. */
export function metricsOf(document: ComparedDocument): readonly Metric[] {
  switch (document.schema) {
    case 'tcebench.run/1':
      return runMetrics(document);
    case 'tcebench.measure/1':
      return measureMetrics(document);
    case 'tcebench.replay/1':
      return replayMetrics(document);
    case 'tcebench.sweep/1':
      return sweepMetrics(document);
  }
}

function runMetrics({ arms, claim }: RunDocument): Metric[] {
  return [...arms.flatMap((arm, i) => figures(arm, arm.id, ['arms', i], ARM)), ...claimMetrics(claim)];
}

/** `claim.speedup` is the judged one: how much faster the arm of the claim's patch is than the slow figure. */
function claimMetrics(claim: RunDocument['claim']): Metric[] {
  if (claim === null) return [];
  const patched = claim.arms.findIndex(({ id }) => id === 'multi-real');
  const speedup = figures(
    claim.arms[patched] ?? {},
    'claim',
    ['claim', 'arms', patched],
    CLAIM_ARM.slice(0, 3),
  );
  return [
    ...speedup.map((metric) => ({ ...metric, name: metric.name.replace('ratio', 'speedup') })),
    ...figures(
      claim.calibrated,
      'claim',
      ['claim', 'calibrated'],
      [['shareConsistent', 'share', 'more', 'drawn']],
    ),
    ...claim.arms.flatMap((arm, i) => figures(arm, `claim.${arm.id}`, ['claim', 'arms', i], CLAIM_ARM)),
  ];
}

function measureMetrics({ arms }: MeasureDocument): Metric[] {
  return arms.flatMap((arm, i) => figures(arm, arm.id, ['arms', i], MEASURED_ARM));
}

function replayMetrics({ logs }: ReplayDocument): Metric[] {
  return logs.flatMap((log, l) =>
    log.arms.flatMap((arm, a) => {
      const id = `${logName(log.file)}/${arm.id}`;
      const path = ['logs', l, 'arms', a];
      return [
        ...figures(arm, id, path, REPLAY_ARM),
        ...arm.phases.flatMap((phase, p) =>
          figures(
            phase,
            `${id}.phases.${phase.name}`,
            [...path, 'phases', p],
            [['modelledNs', 'ns', 'less', 'drawn']],
          ),
        ),
        ...figures(
          arm,
          id,
          path,
          Object.keys(arm.operations).map((key): FigureRow => [`operations.${key}`, 'count', 'less']),
        ),
      ];
    }),
  );
}

function sweepMetrics({ rows }: SweepDocument): Metric[] {
  return rows.flatMap(({ job, arm }, i) =>
    figures(arm, `job${job}/${arm.id}`, ['rows', i, 'arm'], SWEEP_ARM),
  );
}

/** No draws of single jobs are kept. */
const SWEEP_ARM = ARM.map(([key, unit, better, basis = 'exact']): FigureRow => [key, unit, better, basis]);

/** A log by the last part of its path: the same log may lie in another folder. */
export function logName(file: string): string {
  return file.replace(/^.*[\\/]/, '');
}

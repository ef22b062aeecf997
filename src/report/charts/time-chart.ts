import type { ArmResult, QuantileNs, RunDocument } from '../../result/run-document.js';
import { formatNs } from '../../units.js';
import { type Chart, column } from './chart.js';
import { armLines, inLook, logTicks } from './look.js';

interface TimedArm {
  readonly id: string;
  readonly quantiles: readonly QuantileNs[];
}

/** How long hypercalls took; null where no arm makes one. */
export function hcallTimeChart({ arms }: RunDocument): Chart | null {
  return timeChart(
    {
      id: 'hcall-times',
      title: 'How long a hypercall takes',
      what: 'modelled time of one hypercall',
      note: 'waiting for locks included',
    },
    arms.flatMap((arm) => timed(arm, arm.hcallQuantiles)),
  );
}

/** How long units waited for their end; null for a stream as fast as it goes: nobody waits for a unit of it. */
export function latencyChart({ arms }: RunDocument): Chart | null {
  return timeChart(
    {
      id: 'latency',
      title: 'Latency, from when work is there to its end',
      what: 'modelled latency',
      note: 'of requests, or of packets that come from outside',
    },
    arms.flatMap((arm) => timed(arm, arm.latencyQuantiles)),
  );
}

function timed({ id }: ArmResult, quantiles: readonly QuantileNs[] | null): TimedArm[] {
  return quantiles === null ? [] : [{ id, quantiles }];
}

function timeChart(
  { id, title, what, note }: { id: string; title: string; what: string; note: string },
  arms: readonly TimedArm[],
): Chart | null {
  if (arms.length === 0) return null;
  const rows = arms.flatMap(({ id: arm, quantiles }) =>
    quantiles.map(({ share, ns }) => ({ arm, percent: share * 100, us: ns / 1000 })),
  );
  const at = ({ quantiles }: TimedArm, wanted: number) =>
    quantiles.find(({ share }) => share === wanted)?.ns ?? 0;
  const isLog = rows.every(({ us }) => us > 0);
  return {
    id,
    clock: 'modelled',
    title,
    subtitle: [
      `share of all that took no longer, ${note}; every cost at its value`,
      'dashed: one TCE a call; solid: many TCEs a call',
    ],
    summary: `Median and 99th percentile: ${arms
      .map((arm) => `${arm.id} ${formatNs(at(arm, 0.5))} and ${formatNs(at(arm, 0.99))}`)
      .join('; ')}.`,
    spec: inLook({
      height: 300,
      data: { values: rows },
      mark: {
        type: 'line',
        interpolate: 'step-after',
        strokeWidth: 2,
        point: { size: 36, filled: true, opacity: 1 },
      },
      encoding: {
        x: {
          field: 'us',
          type: 'quantitative',
          title: `${what} (us${isLog ? ', logarithmic' : ''})`,
          scale: { type: isLog ? 'log' : 'linear', nice: false, padding: 12 },
          axis: {
            labelOverlap: true,
            format: ',~f',
            ...(isLog ? { values: logTicks(rows.map(({ us }) => us)) } : {}),
          },
        },
        y: {
          field: 'percent',
          type: 'quantitative',
          title: 'share that took no longer (%)',
          scale: { domain: [0, 100] },
          axis: { grid: true },
        },
        order: { field: 'percent' },
        ...armLines(arms.map((arm) => arm.id)),
      },
    }),
    table: {
      columns: [column('arm', 'arm'), column('share', 'share'), column('ns', `${what} at most (ns)`)],
      rows: arms.flatMap(({ id: arm, quantiles }) => quantiles.map(({ share, ns }) => [arm, share, ns])),
    },
  };
}

import type { ReplayedLog } from '../../result/replay-document.js';
import { formatNs } from '../../units.js';
import { type Chart, column } from './chart.js';
import { inLook, names, PATH_COLOR } from './look.js';

/** What the hypercalls of one log cost on every path; null where no path costs anything. */
export function replayChart({ arms, afterBoot }: ReplayedLog): Chart | null {
  if (arms.every(({ modelledNs }) => modelledNs === 0)) return null;
  const rows = arms.map((arm) => ({
    arm: arm.id,
    path: arm.id,
    us: arm.modelledNs / 1000,
    low: arm.modelledLowNs / 1000,
    high: arm.modelledHighNs / 1000,
    label: formatNs(arm.modelledNs),
  }));
  const x = {
    type: 'quantitative',
    title: 'modelled time of all hypercalls of the log (us)',
    axis: { format: ',~f' },
  };
  const y = names('arm');
  return {
    id: 'replay',
    clock: 'modelled',
    title: 'What the calls of the log cost on each path',
    subtitle: ['bars: every cost at its value; whiskers: 5 % to 95 % of the draws'],
    summary: `All hypercalls together take ${rows
      .map(
        ({ arm, label, low, high }) =>
          `${label} by ${arm} (${formatNs(low * 1000)} to ${formatNs(high * 1000)})`,
      )
      .join(', ')}; ${afterBoot.calls} of them come after boot.`,
    spec: inLook({
      height: { step: 30 },
      data: { values: rows },
      layer: [
        {
          mark: { type: 'bar', height: 18 },
          encoding: { x: { ...x, field: 'us' }, y, color: { ...PATH_COLOR, legend: null } },
        },
        {
          mark: { type: 'rule', strokeWidth: 1.5 },
          encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y },
        },
        {
          mark: { type: 'text', align: 'left', dx: 6, fontWeight: 'bold' },
          encoding: { x: { value: 'width' }, y, text: { field: 'label' } },
        },
      ],
    }),
    table: {
      columns: [
        column('path', 'path'),
        column('modelled_ns', 'modelled time (ns)'),
        column('low_ns', '5 % (ns)'),
        column('high_ns', '95 % (ns)'),
        column('after_boot_ns', 'after boot (ns)'),
        column('agrees', 'agrees with the log'),
      ],
      rows: arms.map((arm) => [
        ...[arm.id, arm.modelledNs, arm.modelledLowNs, arm.modelledHighNs, arm.afterBoot.modelledNs],
        arm.agreesWithLog ? 'yes' : 'no',
      ]),
    },
  };
}

import type { EndedInCounts } from '../../result/document-parts.js';
import { type Chart, column } from './chart.js';
import { color, inLook, names } from './look.js';

/** How many calls of an arm each rung of the ladder answered. */
export interface ArmEndings {
  readonly id: string;
  readonly endedIn: EndedInCounts;
}

const RUNGS = ['real', 'virtual', 'userspace'] as const;
const RUNG_NAMES = ['real mode', 'virtual mode', 'user space'];

/** Where hypercalls ended; null where there was none. `scope` says which calls these are. */
export function rungsChart(all: readonly ArmEndings[], scope: string): Chart | null {
  const arms = all.filter((arm) => callsOf(arm) > 0);
  if (arms.length === 0) return null;
  const rows = arms.flatMap((arm) =>
    RUNGS.map((rung, order) => ({
      arm: arm.id,
      rung: RUNG_NAMES[order],
      order,
      percent: (100 * arm.endedIn[rung]) / callsOf(arm),
    })),
  );
  const counts = arms.map((arm) => ({
    arm: arm.id,
    label: RUNGS.map((rung) => arm.endedIn[rung].toLocaleString('en-GB')).join(' / '),
  }));
  const y = names('arm');
  return {
    id: 'rungs',
    clock: 'modelled',
    title: 'Where hypercalls ended',
    subtitle: [`${scope}; figures: calls in real mode / virtual mode / user space`],
    summary: `Calls answered in real mode, virtual mode and user space: ${counts
      .map(({ arm, label }) => `${arm} ${label}`)
      .join('; ')}.`,
    spec: inLook({
      width: 480,
      height: { step: 30 },
      data: { values: rows },
      layer: [
        {
          mark: { type: 'bar', height: 18, stroke: color('ground'), strokeWidth: 0.75 },
          encoding: {
            x: {
              field: 'percent',
              type: 'quantitative',
              stack: 'zero',
              title: 'share of the modelled calls (%)',
              scale: { domain: [0, 100] },
            },
            y,
            order: { field: 'order' },
            color: {
              field: 'rung',
              type: 'nominal',
              scale: { domain: RUNG_NAMES, range: RUNGS.map((rung) => color(rung)) },
              legend: { title: 'answered in' },
            },
          },
        },
        {
          data: { values: counts },
          mark: { type: 'text', align: 'left', dx: 6 },
          encoding: { x: { value: 'width' }, y, text: { field: 'label' } },
        },
      ],
    }),
    table: {
      columns: [
        column('arm', 'arm'),
        column('real', 'calls in real mode'),
        column('virtual', 'in virtual mode'),
        column('userspace', 'in user space'),
      ],
      rows: arms.map(({ id, endedIn }) => [id, endedIn.real, endedIn.virtual, endedIn.userspace]),
    },
  };
}

function callsOf({ endedIn }: ArmEndings): number {
  return endedIn.real + endedIn.virtual + endedIn.userspace;
}

import type { ArmResult, FrameCost, RunDocument } from '../../result/run-document.js';
import { formatNs, significant } from '../../units.js';
import { type Chart, column } from './chart.js';
import { type ColorName, color, inLook, names } from './look.js';

type Operation = FrameCost['stages'][number]['operation'];

/** The parts of a frame's cost: operations that one would mend together. */
const PARTS: readonly {
  readonly name: string;
  readonly color: ColorName;
  readonly of: readonly Operation[];
}[] = [
  { name: 'exit to user space', color: 'userspace', of: ['userspaceExits'] },
  { name: 'exit to virtual mode', color: 'virtual', of: ['virtualExits'] },
  { name: 'real-mode call', color: 'real', of: ['realModeHcalls'] },
  { name: 'VFIO ioctl, pinning', color: 'pink', of: ['vfioIoctls', 'pagePins'] },
  {
    name: 'checks, translation',
    color: 'sky',
    of: ['listReads', 'gpaToUa', 'regionLookups', 'uaToHpa', 'mappedUpdates'],
  },
  { name: 'TCE update', color: 'green', of: ['tceExchanges', 'tceInvalidates', 'guestViewStores'] },
  { name: 'other work', color: 'direct', of: [] },
];

type CostedArm = ArmResult & { readonly frameCost: FrameCost };

/** What a frame costs the processors, part by part, against what the wire leaves; null without any frame. */
export function frameCostChart(document: RunDocument): Chart | null {
  const arms = document.arms.filter((arm): arm is CostedArm => arm.frameCost !== null);
  const [first] = arms;
  if (first === undefined) return null;
  const { budgetNs } = first.frameCost;
  const rows = arms.flatMap(({ id, frameCost }) =>
    PARTS.map((part, order) => ({ arm: id, part: part.name, order, ns: partNs(frameCost, part) })).filter(
      ({ ns }) => ns > 0,
    ),
  );
  const sums = arms.map(({ id, frameCost: { vcpuNs } }) => ({
    arm: id,
    label: `${formatNs(vcpuNs)}, ${significant(vcpuNs / budgetNs)}x`,
  }));
  const x = {
    type: 'quantitative',
    title: 'modelled processor time of a frame (ns)',
    scale: { domainMax: 1.02 * Math.max(budgetNs, ...arms.map(({ frameCost }) => frameCost.vcpuNs)) },
  };
  const y = names('arm');
  return {
    id: 'frame-cost',
    clock: 'modelled',
    title: 'What a frame costs, and what line rate leaves for it',
    subtitle: [
      `line: ${formatNs(budgetNs)} of processor time while the wire carries a frame; beyond it the wire waits`,
      'every cost at its value; figures: sum of all parts, and how many times the budget that is',
    ],
    summary: `Line rate leaves ${formatNs(budgetNs)} for a frame. ${sums
      .map(({ arm, label }) => `${arm} needs ${label.replace(', ', ', or ').replace(/x$/, ' times that')}`)
      .join('; ')}.`,
    spec: inLook({
      width: 520,
      height: { step: 30 },
      data: { values: rows },
      layer: [
        {
          mark: { type: 'bar', height: 18, stroke: color('ground'), strokeWidth: 0.75 },
          encoding: {
            x: { ...x, field: 'ns', stack: 'zero' },
            y,
            order: { field: 'order' },
            color: {
              field: 'part',
              type: 'nominal',
              scale: { domain: PARTS.map(({ name }) => name), range: PARTS.map((part) => color(part.color)) },
              legend: { title: null },
            },
          },
        },
        {
          data: { values: [{ at: budgetNs }] },
          mark: { type: 'rule', strokeWidth: 2, strokeDash: [6, 3] },
          encoding: { x: { ...x, field: 'at' } },
        },
        {
          data: { values: [{ at: budgetNs, text: `budget ${formatNs(budgetNs)}` }] },
          mark: { type: 'text', y: -6, baseline: 'bottom', fontSize: 11 },
          encoding: { x: { ...x, field: 'at' }, text: { field: 'text' } },
        },
        {
          data: { values: sums },
          mark: { type: 'text', align: 'left', dx: 6 },
          encoding: { x: { value: 'width' }, y, text: { field: 'label' } },
        },
      ],
    }),
    table: {
      columns: [
        column('arm', 'arm'),
        column('stage', 'stage'),
        column('ns_per_frame', 'modelled ns per frame'),
        column('budget_ns', 'budget of a frame (ns)'),
      ],
      rows: arms.flatMap(({ id, frameCost: { stages, otherWorkNs, vcpuNs } }) => [
        ...stages.map(({ operation, ns }) => [id, operation, ns, budgetNs]),
        [id, 'other work', otherWorkNs, budgetNs],
        [id, 'all', vcpuNs, budgetNs],
      ]),
    },
  };
}

function partNs({ stages, otherWorkNs }: FrameCost, { of }: (typeof PARTS)[number]): number {
  if (of.length === 0) return otherWorkNs;
  return stages.reduce((sum, { operation, ns }) => (of.includes(operation) ? sum + ns : sum), 0);
}

import type { ExplainDocument } from '../../result/explain-document.js';
import { formatNs, significant } from '../../units.js';
import { type Chart, column } from './chart.js';
import { color, inLook, names } from './look.js';

/** What the mean hypercall of an arm is made of; null where the arm makes none. */
export function explainChart(document: ExplainDocument): Chart | null {
  const { stages, meanHcallNs, arm, revision } = document;
  if (meanHcallNs === null || stages.length === 0) return null;
  const rows = stages.map((stage) => ({
    stage: stage.operation,
    ns: stage.nsPerHcall,
    low: stage.perHcall * stage.low,
    high: stage.perHcall * stage.high,
    label: `${formatNs(stage.nsPerHcall)}, ${significant((100 * stage.nsPerHcall) / meanHcallNs)} %`,
  }));
  const x = {
    type: 'quantitative',
    title: 'modelled time in the mean hypercall (ns)',
    scale: { zero: true },
  };
  const y = names('stage');
  const heaviest = rows.toSorted((a, b) => b.ns - a.ns)[0];
  return {
    id: `explain-${arm}-${revision}`,
    clock: 'modelled',
    title: `What a hypercall of ${arm} is made of`,
    subtitle: [
      `${formatNs(meanHcallNs)} on average, kernel revision ${revision}, costs ${document.cost}`,
      'bars: cost at its value; whiskers: from the low to the high end of its range',
    ],
    summary: `The mean hypercall of ${arm} takes ${formatNs(meanHcallNs)}; most of it is ${heaviest?.stage}: ${heaviest?.label}.`,
    spec: inLook({
      width: 500,
      height: { step: 24 },
      data: { values: rows },
      layer: [
        {
          mark: { type: 'bar', height: 14, color: color('sky') },
          encoding: { x: { ...x, field: 'ns' }, y },
        },
        {
          mark: { type: 'rule', strokeWidth: 1.5 },
          encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y },
        },
        {
          mark: { type: 'text', align: 'left', dx: 6 },
          encoding: { x: { value: 'width' }, y, text: { field: 'label' } },
        },
      ],
    }),
    table: {
      columns: [
        column('stage', 'stage'),
        column('per_hcall', 'times in a hypercall'),
        column('ns_each', 'modelled ns each'),
        column('low_ns', 'low (ns)'),
        column('high_ns', 'high (ns)'),
        column('origin', 'origin'),
        column('ns_per_hcall', 'ns in a hypercall'),
        column('ns_per_frame', 'ns in a frame'),
      ],
      rows: stages.map((stage) => [
        ...[stage.operation, stage.perHcall, stage.nsEach, stage.low, stage.high, stage.origin],
        ...[stage.nsPerHcall, stage.nsPerFrame],
      ]),
    },
  };
}

import type { ExplainDocument } from '../../result/explain-document.js';
import type { Chart } from '../charts/chart.js';
import { explainChart } from '../charts/explain-chart.js';
import { explainAnswer } from '../explain-text.js';
import { figures } from './figure.js';
import type { Part } from './part.js';
import { pageTable } from './tables.js';

/** Where the time of arms goes: one, or the same one under several revisions. */
export async function explainPart(arms: readonly ExplainDocument[], stem: string): Promise<Part> {
  return {
    title: `Where the time goes: ${[...new Set(arms.map(({ arm }) => arm))].join(', ')}`,
    clock: 'modelled',
    answers: arms
      .filter(({ meanHcallNs }) => meanHcallNs !== null)
      .map((arm) => `${explainAnswer(arm)} (revision ${arm.revision})`),
    body: [
      ...(await figures(explainCharts(arms), stem)),
      pageTable(
        'A frame, and what the wire leaves for it',
        [
          ...['arm', 'revision', 'hypercalls per frame', 'hypercalls (modelled ns)', 'other work (ns)'],
          ...['together (ns)', 'budget (ns)', 'bound by'],
        ],
        arms.map((arm) => [
          ...[arm.arm, arm.revision, arm.hcallsPerFrame, arm.hcallsNsPerFrame, arm.otherWorkNsPerFrame],
          ...[arm.vcpuNsPerFrame, arm.budgetNsPerFrame, arm.boundBy],
        ]),
      ),
      ...arms.map(({ arm, revision, stages }) =>
        pageTable(
          `Sources of the costs of ${arm}, revision ${revision}`,
          ['stage', 'constant', 'origin', 'source'],
          stages.map((stage) => [stage.operation, stage.constant, stage.origin, stage.source]),
        ),
      ),
    ],
    warnings: [],
  };
}

/** The charts of explained arms, those that make hypercalls. */
export function explainCharts(arms: readonly ExplainDocument[]): readonly Chart[] {
  return arms.map(explainChart).filter((chart) => chart !== null);
}

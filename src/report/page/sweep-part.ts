import type { ExplainDocument } from '../../result/explain-document.js';
import type { SensitivityDocument } from '../../result/sensitivity-document.js';
import type { SolveDocument } from '../../result/solve-document.js';
import type { SweepDocument } from '../../result/sweep-document.js';
import type { Chart } from '../charts/chart.js';
import { explainChart } from '../charts/explain-chart.js';
import { sweepCharts } from '../charts/sweep-chart.js';
import { tornadoChart } from '../charts/tornado-chart.js';
import { explainAnswer } from '../explain-text.js';
import { html } from '../html.js';
import { sensitivityAnswer } from '../sensitivity-text.js';
import { solveText } from '../solve-text.js';
import { crossoverText } from '../sweep-text.js';
import { figures } from './figure.js';
import type { Part } from './part.js';
import { pageTable } from './tables.js';

/** A sweep: every arm along an axis, and where arms cross. */
export async function sweepPart(document: SweepDocument, stem: string): Promise<Part> {
  const { plan, crossovers, missing, failed, warnings } = document;
  const settings = (at: Readonly<Record<string, unknown>>) =>
    Object.entries(at)
      .map(([key, value]) => `${key} ${JSON.stringify(value)}`)
      .join(', ');
  return {
    title: `Sweep of ${plan.axes.map(({ key }) => key).join(' and ')}`,
    clock: 'modelled',
    answers: [sweepAnswer(document)],
    body: [
      ...(await figures(sweepCharts(document), stem)),
      pageTable(
        'Crossovers',
        ['along', 'with', 'arm', 'reaches', 'how', 'at', 'equal at about (interpolated)'],
        crossovers.map(({ key, at, slow, fast, reached, value, interpolated }) => [
          ...[key, settings(at), slow, fast, reached, value === null ? 'none' : String(value), interpolated],
        ]),
      ),
      pageTable(
        'Jobs that failed',
        ['job', 'reason'],
        failed.map(({ job, reason }) => [String(job), reason]),
      ),
    ],
    warnings: [
      ...(missing.length === 0 ? [] : [`${missing.length} of ${plan.jobs} jobs have no result`]),
      ...warnings,
    ],
  };
}

function sweepAnswer({ plan, crossovers }: SweepDocument): string {
  const found = crossovers.filter(({ value }) => value !== null);
  const axes = plan.axes.map(({ key, values }) => `${values.length} values of ${key}`).join(' and ');
  const [first] = found;
  if (first === undefined) return `Modelled sweep of ${axes}: crossovers: none`;
  return `Modelled sweep of ${axes}: ${found.length} crossovers; ${crossoverText(first)}`;
}

/** Which constants carry a rate. */
export async function sensitivityPart(document: SensitivityDocument, stem: string): Promise<Part> {
  return {
    title: `Sensitivity of ${document.arm}`,
    clock: 'modelled',
    answers: [sensitivityAnswer(document)],
    body: await figures(document.rows.length === 0 ? [] : [tornadoChart(document)], stem),
    warnings: [],
  };
}

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

/** The value of a constant that gives a rate. */
export function solvePart(document: SolveDocument): Part {
  return {
    title: `Solved: ${document.key}`,
    clock: 'modelled',
    answers: [solveText(document).trim()],
    body: [html`<p>${solveText(document).trim()}.</p>`],
    warnings: [],
  };
}

import type { SweepDocument } from '../../result/sweep-document.js';
import { sweepCharts } from '../charts/sweep-chart.js';
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

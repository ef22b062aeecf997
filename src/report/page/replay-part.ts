import type { ReplayDocument, ReplayedLog } from '../../result/replay-document.js';
import type { Chart } from '../charts/chart.js';
import { replayChart } from '../charts/replay-chart.js';
import { rungsChart } from '../charts/rungs-chart.js';
import { type Html, html } from '../html.js';
import { replayAnswer } from '../replay-text.js';
import { figures } from './figure.js';
import type { Part } from './part.js';
import { constantsTable, pageTable } from './tables.js';

/** Logs through every path. */
export async function replayPart(document: ReplayDocument, stem: string): Promise<Part> {
  const body: Html[] = [];
  for (const [i, log] of document.logs.entries()) {
    body.push(html`<h3>${log.file}</h3>
<p>${replayAnswer(log, document)}.</p>`);
    body.push(...(await figures(logCharts(log, i, document.logs.length), stem)));
    body.push(logTable(log));
  }
  return {
    title: `Replay of ${document.logs.length === 1 ? 'a log' : `${document.logs.length} logs`}`,
    clock: 'modelled',
    answers: document.logs.map((log) => `${log.file}: ${replayAnswer(log, document)}`),
    body: [...body, constantsTable(document.cost)],
    warnings: document.logs.flatMap(({ file, warnings }) => warnings.map((warning) => `${file}: ${warning}`)),
  };
}

/** The charts of replayed logs. */
export function replayCharts({ logs }: ReplayDocument): readonly Chart[] {
  return logs.flatMap((log, i) => logCharts(log, i, logs.length));
}

function logCharts(log: ReplayedLog, i: number, of: number): readonly Chart[] {
  return [replayChart(log), rungsChart(log.arms, `all calls of ${log.file}`)].flatMap((chart) =>
    chart === null ? [] : [of === 1 ? chart : { ...chart, id: `${chart.id}-${i + 1}` }],
  );
}

function logTable({ arms, file }: ReplayedLog): Html {
  return pageTable(
    `Does each path do what ${file} says?`,
    ['path', 'revision', 'return codes that differ', 'tables', 'crashes of the host'],
    arms.map((arm) => [
      ...[arm.id, arm.revision, arm.returnCodeDifferences, arm.tablesAgree ? 'agree' : 'disagree'],
      arm.hostFaults,
    ]),
  );
}

import type { CompareDocument } from '../../result/compare-document.js';
import type { ConformDocument } from '../../result/conform-document.js';
import type { ReplayDocument, ReplayedLog } from '../../result/replay-document.js';
import type { Chart } from '../charts/chart.js';
import { compareChart } from '../charts/compare-chart.js';
import { replayChart } from '../charts/replay-chart.js';
import { rungsChart } from '../charts/rungs-chart.js';
import { compareAnswer } from '../compare-text.js';
import { conformAnswer } from '../conform-text.js';
import { type Html, html } from '../html.js';
import { replayAnswer } from '../replay-text.js';
import { figures } from './figure.js';
import { type Part, sentences } from './part.js';
import { constantsTable } from './run-part.js';
import { pageTable } from './tables.js';

/** What changed between two documents, and what the gates say. */
export async function comparePart(document: CompareDocument, stem: string): Promise<Part> {
  const { before, after, comparable, reasons, gates, differences, warnings, clock, rows } = document;
  const chart = compareChart(document);
  return {
    title: before === null ? `Gates on ${after}` : `Comparison of ${before} and ${after}`,
    clock: clock ?? 'none',
    answers: [compareAnswer(document).replace(' (see above)', `: ${reasons.join('; ')}`)],
    body: [
      ...(comparable ? [] : [sentences('Why they cannot be compared', reasons)]),
      pageTable(
        'Gates',
        ['gate', 'observed', 'verdict', 'reason'],
        gates.map(({ expression, observed, verdict, reason }) => [expression, observed, verdict, reason]),
      ),
      ...(await figures([chart], stem)),
      ...(chart === null
        ? [
            pageTable(
              'Metrics',
              ['metric', 'unit', 'before', 'after', 'verdict'],
              rows.map((row) => [row.metric, row.unit, row.before, row.after, row.verdict]),
            ),
          ]
        : []),
      sentences('In what the documents differ besides', differences),
    ],
    warnings,
  };
}

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
    body: [...body, constantsTable(document.cost.title, document.cost.constants)],
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

/** A check against the outcomes of real handlers. */
export function conformPart(document: ConformDocument): Part {
  return {
    title: 'Conformance with real handlers',
    clock: 'none',
    answers: [conformAnswer(document)],
    body: [
      pageTable(
        'Files',
        ['file', 'outcomes of', 'run on', 'operations', 'mismatches', 'cut'],
        document.perFile.map((row) => [
          ...[
            row.file,
            row.kernel,
            row.revision,
            row.operations,
            row.mismatches,
            row.truncated ? 'yes' : 'no',
          ],
        ]),
      ),
      pageTable(
        'First mismatches',
        ['place', 'operation', 'expected', 'actual'],
        document.firstMismatches.map(({ file, line, op, expected, actual }) => [
          ...[`${file}:${line}`, op, JSON.stringify(expected), JSON.stringify(actual)],
        ]),
      ),
    ],
    warnings: document.truncated ? ['the last record of a file was cut and left out'] : [],
  };
}

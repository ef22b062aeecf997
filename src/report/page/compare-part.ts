import type { CompareDocument } from '../../result/compare-document.js';
import { compareChart } from '../charts/compare-chart.js';
import { compareAnswer } from '../compare-text.js';
import { figures } from './figure.js';
import { type Part, sentences } from './part.js';
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

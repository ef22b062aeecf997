import type { ExplainDocument } from '../result/explain-document.js';
import { formatNs, significant } from '../units.js';
import type { Painter } from './painter.js';
import { left, right, textTable } from './text-table.js';
import { wrap } from './wrap.js';

/** One request's journey for the terminal; its last line is the answer. */
export function explainText(document: ExplainDocument, paint: Painter): string {
  const { arm, cost, revision, evidence, stages, meanHcallNs } = document;
  const head = `${paint('bold', 'Modelled clock')}: the mean hypercall of ${arm}, costs ${cost}, kernel revision ${revision} (${evidence})`;
  if (meanHcallNs === null) return `${head}\n\n${arm} makes no hypercall: nothing to explain\n`;
  const rows = stages.map(({ operation, perHcall, nsEach, low, high, origin, nsPerHcall, nsPerFrame }) => [
    operation,
    significant(perHcall),
    formatNs(nsEach),
    low === high ? '' : `${formatNs(low)} .. ${formatNs(high)}`,
    origin,
    formatNs(nsPerHcall),
    `${((100 * nsPerHcall) / meanHcallNs).toFixed(1)} %`,
    formatNs(nsPerFrame),
  ]);
  const columns = [
    left('stage'),
    right('times'),
    right('each'),
    right('low .. high'),
    left('origin'),
    right('a call'),
    right('share'),
    right('a frame'),
  ];
  return [
    head,
    '',
    textTable(columns, rows),
    frameLine(document),
    '',
    paint('bold', explainAnswer(document)),
    '',
  ].join('\n');
}

function frameLine(document: ExplainDocument): string {
  const { hcallsPerFrame, hcallsNsPerFrame, otherWorkNsPerFrame, vcpuNsPerFrame, budgetNsPerFrame } =
    document;
  return wrap(
    `A frame makes ${significant(hcallsPerFrame)} calls: ${formatNs(hcallsNsPerFrame)} of hypercalls and ` +
      `${formatNs(otherWorkNsPerFrame)} of other work, ${formatNs(vcpuNsPerFrame)} together; the wire takes ${formatNs(budgetNsPerFrame)}.`,
  );
}

/** Where the time goes, in one sentence. */
export function explainAnswer({
  arm,
  meanHcallNs,
  vcpuNsPerFrame,
  budgetNsPerFrame,
}: ExplainDocument): string {
  const share = vcpuNsPerFrame / budgetNsPerFrame;
  return `Modelled: a hypercall of ${arm} takes ${formatNs(meanHcallNs ?? 0)}; the processor needs ${significant(share)}x what line rate leaves for a frame`;
}

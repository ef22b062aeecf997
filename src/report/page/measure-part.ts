import type { MeasureDocument } from '../../result/measure-document.js';
import { significant } from '../../units.js';
import type { Chart } from '../charts/chart.js';
import { measuredChart, pacedChart } from '../charts/measured-chart.js';
import { html } from '../html.js';
import { measureAnswer } from '../measure-text.js';
import { figures } from './figure.js';
import type { Part } from './part.js';
import { pageTable } from './tables.js';

/** The charts of a measurement; none has a modelled figure in it. */
export function measureCharts(document: MeasureDocument): readonly Chart[] {
  return [measuredChart(document), pacedChart(document)].filter((chart) => chart !== null);
}

/** A measurement of this machine. */
export async function measurePart(document: MeasureDocument, stem: string): Promise<Part> {
  const { comparisons, additivity, lockBounds, confidence, warnings } = document;
  const sure = `${significant(confidence * 100)} %`;
  return {
    title: 'Measured on one machine',
    clock: 'measured',
    answers: [measureAnswer(document)],
    body: [
      html`<p>Wall time of our own handlers and of hand-overs between threads of one machine. These are not exits of a
POWER host, and no figure here belongs beside a modelled one.</p>
<p>${noise(document)}</p>`,
      ...(await figures(measureCharts(document), stem)),
      pageTable(
        `Arms compared, by ${document.unit === 'fork' ? 'medians of fresh workers' : 'medians of slices'}`,
        ['arm', 'with', 'in', 'ratio', `from (${sure})`, `to (${sure})`, 'p', 'verdict'],
        comparisons.map((row) => [
          ...[row.arm, row.base, row.metric === 'nsPerCall' ? 'ns per call' : 'calls per second'],
          ...[row.ratio, row.low, row.high, row.p, row.verdict],
        ]),
      ),
      pageTable(
        'Does an exit cost what its parts cost?',
        ['arm', 'measured ns per call', 'handler (ns)', 'hand-over (ns)', 'exit over its parts'],
        additivity.map((row) => [row.arm, row.nsPerCall, row.handlerNs, row.handOverNs, row.ratio]),
      ),
      pageTable(
        'What the one lock allows',
        ['arm', 'under the lock (ns)', 'share of a call (%)', 'calls per second', 'bound'],
        lockBounds.map((row) => [
          ...[row.arm, row.lockedNs, row.lockedShare * 100, row.callsPerSec, row.boundCallsPerSec],
        ]),
      ),
    ],
    warnings: [
      ...(document.partial ? ['the measurement ended early: its results are partial'] : []),
      ...warnings,
    ],
  };
}

function noise({ noiseFloor, smallestDetectableChange }: MeasureDocument): string {
  if (noiseFloor === null || smallestDetectableChange === null) return 'The noise floor was not measured.';
  return (
    `Identical arms differ by less than ${significant(noiseFloor * 100)} % here; ` +
    `the smallest change that would be seen is ${significant(smallestDetectableChange * 100)} %.`
  );
}

import type { SensitivityDocument } from '../../result/sensitivity-document.js';
import type { Chart } from '../charts/chart.js';
import { tornadoChart } from '../charts/tornado-chart.js';
import { sensitivityAnswer } from '../sensitivity-text.js';
import { figures } from './figure.js';
import type { Part } from './part.js';

/** Which constants carry a rate. */
export async function sensitivityPart(document: SensitivityDocument, stem: string): Promise<Part> {
  return {
    title: `Sensitivity of ${document.arm}`,
    clock: 'modelled',
    answers: [sensitivityAnswer(document)],
    body: await figures(sensitivityCharts(document), stem),
    warnings: [],
  };
}

/** The chart of a sensitivity, where any constant has a range. */
export function sensitivityCharts(document: SensitivityDocument): readonly Chart[] {
  return document.rows.length === 0 ? [] : [tornadoChart(document)];
}

import { type ClaimArm, type ClaimDocument, FAST_ARMS } from '../../result/claim-document.js';
import type { RunDocument } from '../../result/run-document.js';
import { MB, significant } from '../../units.js';
import { type Cell, type Chart, column, type DataTable } from '../charts/chart.js';
import { claimChart } from '../charts/claim-chart.js';
import { frameCostChart } from '../charts/frame-cost-chart.js';
import { rungsChart } from '../charts/rungs-chart.js';
import { throughputChart } from '../charts/throughput-chart.js';
import { hcallTimeChart, latencyChart } from '../charts/time-chart.js';
import { waterfallChart } from '../charts/waterfall-chart.js';
import { verdictText } from '../claim-words.js';
import { type Html, html } from '../html.js';
import { runAnswer } from '../run-text.js';
import { figures } from './figure.js';
import type { Part } from './part.js';
import { constantsTable, numbersOf, pageTable } from './tables.js';

/** The charts of a modelled run, those that it has data for. */
export function runCharts(document: RunDocument): readonly Chart[] {
  return [...verdictCharts(document), ...pathCharts(document)];
}

function verdictCharts({ claim }: RunDocument): readonly Chart[] {
  return [claim === null ? null : claimChart(claim)].filter((chart) => chart !== null);
}

function pathCharts(document: RunDocument): readonly Chart[] {
  return [
    document.arms.length === 0 ? null : throughputChart(document),
    waterfallChart(document),
    frameCostChart(document),
    hcallTimeChart(document),
    latencyChart(document),
    rungsChart(document.arms, 'the whole run: boot, set-up and warm-up included, so the first map shows'),
  ].filter((chart) => chart !== null);
}

/** A modelled run: the verdict first, then the paths. */
export async function runPart(document: RunDocument, stem: string): Promise<Part> {
  const { claim, cost, scenario, warnings } = document;
  return {
    title: 'Modelled run',
    clock: 'modelled',
    answers: [runAnswer(document), ...(claim === null ? [] : [verdictText(claim)])],
    body: [
      ...(await figures(verdictCharts(document), stem)),
      ...(claim === null ? [] : claimTables(claim, stem)),
      ...(await figures(pathCharts(document), stem)),
      constantsTable(cost),
      html`<details><summary>Scenario, with every default filled in</summary>
<pre tabindex="0"><code>${JSON.stringify(scenario, null, 2)}</code></pre></details>`,
    ],
    warnings,
  };
}

function claimTables(claim: ClaimDocument, stem: string): readonly Html[] {
  const rows = consistencyTable(claim);
  const caption = `Which machine and traffic can have given ${significant(claim.slow / MB)} MB/s`;
  return [
    html`<h3>${caption}</h3>
<p>Each row is one choice of machine and traffic. A row is consistent where some draw of the costs gives the slow
figure; only there a prediction for the fast paths means anything.</p>`,
    pageTable(
      caption,
      rows.columns.map(({ title }) => title),
      rows.rows,
    ),
    numbersOf(rows, 'the same rows in full', `${stem}-rows.csv`),
    pageTable(
      'Placebo claims, judged like the real one',
      ['placebo', 'band, from (MB/s)', 'to (MB/s)', 'arm', 'verdict', 'rejected'],
      claim.placebos.map(({ name, band, arm, verdict, rejected }) => [
        ...[name, band[0] / MB, band[1] / MB, arm, verdict, rejected ? 'yes' : 'no'],
      ]),
    ),
    pageTable(
      'What carries the verdict: share of the draws inside the band',
      ['assumption', 'arm', 'if low (%)', 'if high (%)'],
      claim.assumptions.map((row) => [
        ...[row.assumption, row.arm, row.insideIfLow * 100, row.insideIfHigh * 100],
      ]),
    ),
  ];
}

function consistencyTable({ rows, slow }: ClaimDocument): DataTable {
  const band = (arm: ClaimArm | undefined): Cell[] =>
    arm === undefined || arm.rateLow === null || arm.rateHigh === null
      ? [null, null, 'cannot be']
      : [arm.rateLow / MB, arm.rateHigh / MB, arm.verdict];
  return {
    columns: [
      column('scenario', 'machine and traffic'),
      column('cost', 'costs'),
      column('consistent_percent', `draws that can give ${significant(slow / MB)} MB/s (%)`),
      column('ceiling_low_mb_per_sec', 'ceiling with a free leg, 5 % (MB/s)'),
      column('ceiling_high_mb_per_sec', '95 % (MB/s)'),
      ...FAST_ARMS.flatMap((id) => [
        column(`${id}_low_mb_per_sec`, `${id}, 5 % (MB/s)`),
        column(`${id}_high_mb_per_sec`, '95 % (MB/s)'),
        column(`${id}_verdict`, 'verdict'),
      ]),
    ],
    rows: rows.map((row) => [
      ...[row.scenario, row.cost, row.shareConsistent * 100, row.ceilingLow / MB, row.ceilingHigh / MB],
      ...FAST_ARMS.flatMap((id) => band(row.arms.find((arm) => arm.id === id))),
    ]),
  };
}

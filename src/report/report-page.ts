import type { ResultDocument } from '../result/read-document.js';
import type { Chart } from './charts/chart.js';
import { compareChart } from './charts/compare-chart.js';
import { sweepCharts } from './charts/sweep-chart.js';
import { type Html, html, NOTHING, trusted } from './html.js';
import { comparePart } from './page/compare-part.js';
import { conformPart } from './page/conform-part.js';
import { explainCharts, explainPart } from './page/explain-part.js';
import { measureCharts, measurePart } from './page/measure-part.js';
import { type Part, type ReportInput, sentences, stemOf } from './page/part.js';
import { provenanceOf } from './page/provenance.js';
import { replayCharts, replayPart } from './page/replay-part.js';
import { runCharts, runPart } from './page/run-part.js';
import { sensitivityCharts, sensitivityPart } from './page/sensitivity-part.js';
import { solvePart } from './page/solve-part.js';
import { pageStyle } from './page/style.js';
import { sweepPart } from './page/sweep-part.js';

interface PlacedPart extends Part {
  readonly id: string;
  readonly input: ReportInput;
}

const CLOCK_NAMES = { modelled: 'modelled clock', measured: 'measured clock', none: 'no clock' } as const;

/**
 * One page that tells what documents say: text, drawings and tables in one file, without a script and without any
 * address but its own. What was measured comes last, on a part of its own. Equal documents give equal bytes.
 */
export async function reportPage(inputs: readonly ReportInput[]): Promise<string> {
  const parts: PlacedPart[] = [];
  const ids = new Set<string>();
  for (const input of inputs) {
    const id = idOf(stemOf(input.file), ids);
    ids.add(id);
    parts.push({ ...(await partOf(input.result, id)), id, input });
  }
  const ordered = [...parts.filter(isNotMeasured), ...parts.filter((part) => !isNotMeasured(part))];
  const title = `tcebench report: ${inputs.map(({ file }) => stemOf(file)).join(', ')}`;
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>
${trusted(pageStyle())}
</style>
</head>
<body>
<a class="skip" href="#.report">Skip to the report</a>
<header>
<h1>${title}</h1>
${ordered.map(headline)}
</header>
<nav aria-label="Contents">
<ol>
${ordered.map(({ id, title: name, clock, input }) => html`<li><a href="#${id}">${name}</a> (${CLOCK_NAMES[clock]}, ${stemOf(input.file)})</li>`)}
</ol>
</nav>
<main id=".report" tabindex="-1">
${ordered.map(section)}
</main>
<footer><p>MB is 10^6 bytes of payload. Modelled time is exact for a seed; measured time is one machine's. They never
share a column or an axis.</p></footer>
</body>
</html>`.markup
  }\n`;
}

/** The charts of a document, for files of their own. */
export function chartsOf(result: ResultDocument): readonly Chart[] {
  switch (result.kind) {
    case 'run':
      return runCharts(result.document);
    case 'sweep':
      return sweepCharts(result.document);
    case 'sensitivity':
      return sensitivityCharts(result.document);
    case 'explain':
      return explainCharts([result.document]);
    case 'explain-revisions':
      return explainCharts(result.document.arms);
    case 'compare':
      return [compareChart(result.document)].filter((chart) => chart !== null);
    case 'replay':
      return replayCharts(result.document);
    case 'measure':
      return measureCharts(result.document);
    case 'solve':
    case 'conform':
      return [];
  }
}

async function partOf(result: ResultDocument, id: string): Promise<Part> {
  switch (result.kind) {
    case 'run':
      return runPart(result.document, id);
    case 'sweep':
      return sweepPart(result.document, id);
    case 'sensitivity':
      return sensitivityPart(result.document, id);
    case 'explain':
      return explainPart([result.document], id);
    case 'explain-revisions':
      return explainPart(result.document.arms, id);
    case 'solve':
      return solvePart(result.document);
    case 'compare':
      return comparePart(result.document, id);
    case 'replay':
      return replayPart(result.document, id);
    case 'conform':
      return conformPart(result.document);
    case 'measure':
      return measurePart(result.document, id);
  }
}

/** What a document comes to; measured answers stand apart here too. */
function headline({ id, answers, clock, input }: PlacedPart): Html {
  if (answers.length === 0) return NOTHING;
  return html`<div class="headline ${clock}">
${answers.map((text, i) => html`<p>${i === 0 ? html`<a href="#${id}">${stemOf(input.file)}</a>: ` : ''}${text}.</p>`)}
</div>`;
}

function section({ id, title, clock, body, warnings, answers, input }: PlacedPart): Html {
  const { file, provenance } = input;
  return html`<section id="${id}" class="${clock === 'none' ? 'other' : clock}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${title}: ${stemOf(file)}</h2>
<p><span class="clock">${CLOCK_NAMES[clock]}</span></p>
${answers.length === 0 ? NOTHING : html`<p>${answers.join('. ')}.</p>`}
${sentences('Warnings', warnings, 'warnings')}
${body}
${provenanceOf(provenance, `${stemOf(file)}.provenance.json`)}
</section>`;
}

function isNotMeasured({ clock }: Part): boolean {
  return clock !== 'measured';
}

/** A name that may be an id and part of a file's name, unlike all before it. */
function idOf(text: string, taken: ReadonlySet<string>): string {
  const id = text.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z]+/, '') || 'document';
  let number = 1;
  while (taken.has(number === 1 ? id : `${id}-${number}`)) number++;
  return number === 1 ? id : `${id}-${number}`;
}

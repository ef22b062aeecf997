import type { Chart } from '../charts/chart.js';
import { bareSvg } from '../charts/chart-svg.js';
import { type Html, html, trusted } from '../html.js';
import { numbersOf } from './tables.js';

/** A chart with its title, how to read it, what it shows in words, the picture and its numbers. */
async function figure(chart: Chart, place: string): Promise<Html> {
  const { id, title, subtitle, summary, table, clock } = chart;
  const name = `${place}-${id}`;
  return html`<figure id="${name}" class="${clock}">
<figcaption>
<h3 id="${name}-title">${title}</h3>
<p class="reading"><strong>${clock} clock</strong>; ${subtitle.join('; ')}</p>
<p id="${name}-summary">${summary}</p>
</figcaption>
<div class="frame" role="group" tabindex="0" aria-label="Chart: ${title}">
${await picture(chart, name)}
</div>
${numbersOf(table, title, `${name}.csv`)}
</figure>`;
}

/** The charts that there are, one after another. */
export async function figures(charts: readonly (Chart | null)[], place: string): Promise<readonly Html[]> {
  const drawn: Html[] = [];
  for (const chart of charts) if (chart !== null) drawn.push(await figure(chart, place));
  return drawn;
}

/** Vega writes a width and a height; in a page it may become smaller than that, to a limit that the style sets. */
async function picture(chart: Chart, name: string): Promise<Html> {
  const svg = await bareSvg(chart);
  const width = /^<svg [^>]*?width="([0-9.]+)"/.exec(svg)?.[1] ?? '700';
  const labels = html`<svg role="img" aria-labelledby="${name}-title" aria-describedby="${name}-summary" style="max-width:${width}px" `;
  return trusted(svg.trimEnd().replace(/^<svg /, () => labels.markup));
}
